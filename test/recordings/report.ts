import { afterAll, expect } from 'vitest'
import { type Justified, justified } from './justified.ts'

interface Line {
  readonly example: string
  readonly unlisted: readonly string[]
  readonly listed: readonly { readonly difference: string; readonly by: Justified }[]
}

/** What one file compared: printed when its tests are over. */
export interface Report {
  /** Notes how an example differs and fails on any difference that is not justified. */
  take(example: string, found: readonly string[]): void
}

/** @param what the title of the report, and the part of the list that it uses */
export function report(what: Justified['in']): Report {
  const lines: Line[] = []
  const mine = justified.filter((one) => one.in === what)
  afterAll(() => {
    process.stdout.write(`${[`${what}:`, ...lines.map(shown), summary(lines), ...stale(mine, lines)].join('\n')}\n`)
  })
  return {
    take: (example, found) => {
      const judged = found.map((difference) => ({ difference, by: mine.find((one) => covers(one, example, difference)) }))
      const listed = judged.flatMap(({ difference, by }) => (by === undefined ? [] : [{ difference, by }]))
      const unlisted = judged.flatMap(({ difference, by }) => (by === undefined ? [difference] : []))
      lines.push({ example, unlisted, listed })
      expect(unlisted, `${example} differs in what justified.ts does not list`).toEqual([])
    },
  }
}

const covers = (one: Justified, example: string, difference: string): boolean =>
  one.example.test(example) && one.difference.test(difference)

function shown({ example, unlisted, listed }: Line): string {
  const all = [...unlisted.map((one) => `${one} (NOT LISTED)`), ...listed.map(({ difference }) => difference)]
  return `  ${example}: ${all.length === 0 ? 'same' : all.join('; ')}`
}

function summary(lines: readonly Line[]): string {
  const same = lines.filter(({ unlisted, listed }) => unlisted.length + listed.length === 0).length
  const wrong = lines.filter(({ unlisted }) => unlisted.length > 0).length
  return `  ${lines.length} examples: ${same} same, ${lines.length - same - wrong} differ as justified.ts says, ${wrong} differ otherwise`
}

/** An unused entry must be removed: it could hide the next difference. */
function stale(mine: readonly Justified[], lines: readonly Line[]): readonly string[] {
  const used = new Set(lines.flatMap(({ listed }) => listed.map(({ by }) => by)))
  return mine.filter((one) => !used.has(one)).map((one) => `  unused in justified.ts: ${one.example} ${one.difference}`)
}
