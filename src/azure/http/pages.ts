import { HmaError } from '../../core/errors.ts'

/** No list that hma reads is nearly this long. */
const most = 1000

/** Progress through the pages of a list. */
export interface Walk {
  /** Counts a page; throws if the list never ends. */
  turn(): void
}

export function walkThrough(what: string): Walk {
  let pages = 0
  return {
    turn() {
      pages += 1
      if (pages > most)
        throw new HmaError('HMA507', `Could not ${what}: the list has no end after ${most} pages`, {
          hint: 'The service keeps returning pages. Run again later; if it stays so, report it with what -v prints.',
        })
    },
  }
}

/** Every item of a list from Microsoft's SDKs. */
export async function everyItem<Item>(list: { byPage(): AsyncIterable<readonly Item[]> }, what: string): Promise<Item[]> {
  const walk = walkThrough(what)
  const found: Item[] = []
  for await (const page of list.byPage()) {
    walk.turn()
    found.push(...page)
  }
  return found
}
