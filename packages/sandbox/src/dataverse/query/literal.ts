import { badQuery } from '../wire/refusal.ts'

export type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'string' | 'guid'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'date'; readonly text: string }
  | { readonly kind: 'sign'; readonly text: '(' | ')' | ',' }

const patterns: readonly [RegExp, (text: string) => Token | undefined][] = [
  [/^\s+/, () => undefined],
  [/^'(?:[^']|'')*'/, (text) => ({ kind: 'string', text: text.slice(1, -1).replaceAll("''", "'") })],
  [/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])/i, (text) => ({ kind: 'guid', text: text.toLowerCase() })],
  [/^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?(?![\w-])/, (text) => ({ kind: 'date', text })],
  [/^-?\d+(?:\.\d+)?(?![\w-])/, (text) => ({ kind: 'number', value: Number(text) })],
  [/^[A-Za-z_][\w./]*/, (text) => ({ kind: 'word', text })],
  [/^[(),]/, (text) => ({ kind: 'sign', text: text === '(' ? '(' : text === ')' ? ')' : ',' })],
]

/** The words of a `$filter`. */
export function tokens(filter: string): readonly Token[] {
  const found: Token[] = []
  let at = 0
  while (at < filter.length) {
    const rest = filter.slice(at)
    const hit = patterns
      .map(([pattern, make]) => ({ match: pattern.exec(rest)?.[0], make }))
      .find(({ match }) => match !== undefined)
    if (hit?.match === undefined) throw badQuery(`Syntax error at position ${at} in '${filter}'.`)
    const token = hit.make(hit.match)
    if (token !== undefined) found.push(token)
    at += hit.match.length
  }
  return found
}
