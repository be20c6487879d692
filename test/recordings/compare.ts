import { isJson } from './specs.ts'

const patterns: readonly (readonly [string, RegExp])[] = [
  ['guid', /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i],
  ['instant', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|$)/],
  ['address', /^\s*https?:\/\//],
  ['path', /^\//],
]

/** The type of a value: texts are distinguished by their content. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (typeof value !== 'string') return typeof value
  return patterns.find(([, pattern]) => pattern.test(value))?.[0] ?? 'text'
}

/**
 * How an answer differs from a recorded one in its properties and in the sorts of its values; their contents may differ.  Of a
 * list the first recorded item is compared, with the one here that is most like it: which others are there is chance.
 */
export function differences(recorded: unknown, answered: unknown, path = ''): readonly string[] {
  const [before, after] = [kindOf(recorded), kindOf(answered)]
  if (before !== after) return [`${path || '.'}: ${before}, here ${after}`]
  if (Array.isArray(recorded) && Array.isArray(answered)) return lists(recorded, answered, path)
  return isJson(recorded) && isJson(answered) ? properties(recorded, answered, path) : []
}

function lists(recorded: readonly unknown[], answered: readonly unknown[], path: string): readonly string[] {
  if (recorded.length === 0) return []
  const found = answered.map((item) => differences(recorded[0], item, `${path}[]`)).sort((a, b) => a.length - b.length)
  return found[0] ?? [`${path}: empty here`]
}

type Json = Readonly<Record<string, unknown>>

function properties(recorded: Json, answered: Json, path: string): readonly string[] {
  const names = [...new Set([...Object.keys(recorded), ...Object.keys(answered)])]
  return names.flatMap((name) => {
    if (!Object.hasOwn(answered, name)) return [`${path}.${name}: missing here`]
    if (!Object.hasOwn(recorded, name)) return [`${path}.${name}: only here`]
    return differences(recorded[name], answered[name], `${path}.${name}`)
  })
}

/** Headers that depend on the connection, the length of the body or the server's place in the world. */
const incidental = new Set(['transfer-encoding', 'content-length', 'connection', 'date', 'vary'])

/** Names of recorded headers that the answer does not have. */
export const missingHeaders = (recorded: Json, answered: Json): readonly string[] =>
  Object.keys(recorded)
    .map((name) => name.toLowerCase())
    .filter((name) => !incidental.has(name) && answered[name] === undefined)
    .map((name) => `header ${name}: missing here`)
