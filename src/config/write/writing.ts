import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import { commentOf, wrapped } from './comment.ts'
import type { Entry, Plain } from './entry.ts'

/** The content of a configuration file: opening paragraphs and keys. */
export interface Writing {
  readonly header: readonly string[]
  readonly entries: readonly Entry[]
}

const modelines = ['yaml-language-server: $schema=./schemas/hma.schema.json', '$schema: ./schemas/hma.schema.json']

/** The configuration as YAML with comments. Values from elsewhere stay text, whatever they contain. */
export function yamlOf({ header, entries }: Writing): string {
  const document = new Document(mapOf(entries, 0))
  document.commentBefore = [commentOf(modelines), ...header.map((one) => commentOf(wrapped(one, 0)))].join('\n\n')
  const text = document.toString({ lineWidth: 0, nullStr: '' }).split('\n').map(inColumn).join('\n')
  // Remaining such characters are put in double quotes, where they can be escaped.
  return text.replace(unseen, (one) => (one === '\n' ? one : spelled(one)))
}

/** Marks a comment at the end of a line and nothing else: it is removed from all other text. */
const trailing = '\u0001'

/** Comments after values are aligned if there is room. */
function inColumn(line: string): string {
  const at = line.indexOf(` #${trailing}`)
  if (at < 0) return line
  return `${line.slice(0, at).padEnd(38)} #${line.slice(at + 2 + trailing.length)}`
}

/** The configuration as plain data, without what could not be read or is commented out. */
export const dataOf = (entries: readonly Entry[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    entries.flatMap((entry): (readonly [string, unknown])[] => {
      if ('entries' in entry) return [[entry.key, dataOf(entry.entries)]]
      return 'value' in entry ? [[entry.key, entry.value]] : []
    }),
  )

function mapOf(entries: readonly Entry[], depth: number): YAMLMap {
  const map = new YAMLMap()
  let before: string[] = []
  for (const [index, entry] of entries.entries()) {
    before.push(...(entry.remarks ?? []).flatMap((one) => wrapped(one, depth)))
    before.push(...reason(entry, entries[index - 1]).flatMap((one) => wrapped(one, depth)))
    if ('off' in entry) {
      before.push(...commentedOut(entry.key, entry.off, entry.comment))
      continue
    }
    const key = new Scalar(entry.key)
    if (before.length > 0) key.commentBefore = commentOf(before)
    key.spaceBefore = depth === 0 && index > 0 && ('entries' in entry || before.length > 0)
    map.items.push(new Pair(key, nodeOf(entry, depth)))
    before = []
  }
  if (before.length > 0) map.comment = commentOf(before)
  return map
}

function nodeOf(entry: Exclude<Entry, { off: unknown }>, depth: number): Scalar | YAMLMap {
  if ('entries' in entry) return mapOf(entry.entries, depth + 1)
  const scalar = 'value' in entry ? scalarOf(entry.value, entry.verbatim) : new Scalar(null)
  const said =
    'unread' in entry ? `could not be read: ${isShort(entry.unread) ? entry.unread : 'see above'}; fill in` : entry.comment
  if (said !== undefined) scalar.comment = `${trailing}${commentOf([said])}`
  return scalar
}

const isShort = (text: string): boolean => text.length <= 60

/** The full refusal and the remedy, above the first key that could not be read because of it. */
function reason(entry: Entry, before: Entry | undefined): string[] {
  if (!('unread' in entry)) return []
  if (before && 'unread' in before && before.unread === entry.unread) return []
  const why = isShort(entry.unread) ? [] : [`Could not be read: ${entry.unread}.`]
  return [[...why, ...(entry.next === undefined ? [] : [entry.next])].join(' ')].filter(Boolean)
}

/** Characters that a YAML parser, a terminal or a person would misread. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

const spelled = (character: string): string =>
  [...Array(character.length).keys()].map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')

/** In a configuration `${NAME}` is an environment variable; `$${` is the literal. */
function scalarOf(value: Plain, verbatim = false): Scalar {
  if (typeof value !== 'string') return new Scalar(value)
  const scalar = new Scalar(verbatim ? value : value.replaceAll('${', () => '$${'))
  if (value.search(unseen) >= 0) scalar.type = Scalar.QUOTE_DOUBLE
  return scalar
}

/** A key and its value as commented-out YAML: it takes effect once the comment sign is removed. */
function commentedOut(key: string, value: Plain | readonly string[], comment: string | undefined): string[] {
  const map = new YAMLMap()
  map.items.push(new Pair(new Scalar(key), typeof value === 'object' ? listOf(value) : scalarOf(value)))
  const [first = '', ...more] = new Document(map).toString({ lineWidth: 0 }).trimEnd().split('\n')
  return [comment === undefined ? first : `${first}   # ${comment}`, ...more]
}

function listOf(values: readonly string[]): YAMLSeq {
  const list = new YAMLSeq()
  list.items.push(...values.map((one) => scalarOf(one)))
  return list
}
