/** What a copy says and no world can be. `place` is a JSON pointer into the copy. */
export class CopyFault extends Error {
  override readonly name = 'CopyFault'
  readonly place: string

  constructor(place: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.place = place
  }
}

/** Puts what a list of the copy holds, one after the other: what fails is told with its place. */
export async function putEach<Item>(items: readonly Item[], list: string, put: (item: Item) => unknown): Promise<void> {
  for (const [index, item] of items.entries())
    try {
      await put(item)
    } catch (cause) {
      throw new CopyFault(`/${list}/${index}`, cause)
    }
}
