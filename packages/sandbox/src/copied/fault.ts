/** Something in a copy that no world can contain. `place` is a JSON pointer into the copy. */
export class CopyFault extends Error {
  override readonly name = 'CopyFault'
  readonly place: string

  constructor(place: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.place = place
  }
}

/** Adds the entries of a list in the copy one by one; a failure is reported with its place. */
export async function putEach<Item>(items: readonly Item[], list: string, put: (item: Item) => unknown): Promise<void> {
  for (const [index, item] of items.entries())
    try {
      await put(item)
    } catch (cause) {
      throw new CopyFault(`/${list}/${index}`, cause)
    }
}
