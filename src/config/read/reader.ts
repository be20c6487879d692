import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml'
import { type Environment, substitute, type Unresolved } from './environment.ts'
import type { Located, Range } from './source.ts'

/** The position of a value. */
export interface Place {
  /** The position of its key; undefined in a list and for the document. */
  readonly key: Range | undefined
  readonly value: Range
  /** Part of it came from the environment. */
  readonly foreign: boolean
}

/** A value from the environment, and where it is in the document. */
export interface Foreign {
  readonly name: string
  readonly value: string
  readonly pointer: string
}

export interface Reading {
  /** Plain data, references to the environment replaced. */
  readonly value: unknown
  /** By JSON pointer. What the document lacks has no position. */
  readonly places: ReadonlyMap<string, Place>
  readonly mistakes: readonly Located[]
  readonly foreign: readonly Foreign[]
  /** Pointers of values that could not be read, so that they are not judged again; the empty pointer is the whole document. */
  readonly unread: ReadonlySet<string>
}

/** The most nodes, including those behind aliases. It limits nested aliases. */
const mostValues = 10_000

interface Reader {
  readonly text: string
  readonly environment: Environment
  readonly allows: (name: string) => boolean
  readonly foreign: Foreign[]
  readonly places: Map<string, Place>
  readonly mistakes: Located[]
  readonly unread: Set<string>
  readonly anchors: Map<string, Node>
  /** The nodes being read: an alias of one of them would never end. */
  readonly open: Set<Node>
  values: number
  /** The position of the outermost alias being followed. */
  through: Range | undefined
}

/** A step of a JSON pointer (https://www.rfc-editor.org/rfc/rfc6901). */
export const step = (name: string | number): string => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`

export function readDocument(
  document: Document.Parsed,
  text: string,
  environment: Environment,
  allows: (name: string) => boolean = () => true,
): Reading {
  const fresh = { places: new Map(), mistakes: [], unread: new Set<string>(), anchors: new Map(), open: new Set<Node>() }
  const foreign: Foreign[] = []
  const reader: Reader = { text, environment, allows, foreign, ...fresh, values: 0, through: undefined }
  const value = read(reader, document.contents, '', undefined)
  return { value, places: reader.places, mistakes: reader.mistakes, unread: reader.unread, foreign }
}

function read(reader: Reader, node: Node | null, pointer: string, key: Range | undefined): unknown {
  const place = { key, value: rangeOf(node, key), foreign: false }
  reader.places.set(pointer, place)
  reader.values += 1
  if (reader.values > mostValues) return refuse(reader, '', reader.through ?? place.value, tooMuch)
  if (node === null) return null
  if (isAlias(node)) return readAlias(reader, node.source, pointer, place)
  if ('anchor' in node && node.anchor) reader.anchors.set(node.anchor, node)
  if (isScalar(node)) return readScalar(reader, node, pointer, place)
  reader.open.add(node)
  const value = isMap(node)
    ? readMap(reader, node.items, pointer)
    : isSeq(node)
      ? node.items.map((item, index) => read(reader, nodeOf(item), pointer + step(index), undefined))
      : undefined
  reader.open.delete(node)
  return value
}

const tooMuch = {
  message: 'This document expands to more than 10,000 values.',
  hint: 'Is it a configuration? Look for an alias of aliases.',
}

function refuse(reader: Reader, pointer: string, range: Range, finding: { message: string; hint?: string }): undefined {
  reader.unread.add(pointer)
  if (finding !== tooMuch || reader.values === mostValues + 1) reader.mistakes.push({ range, code: 'HMA102', ...finding })
}

function readAlias(reader: Reader, name: string, pointer: string, place: Place): unknown {
  const node = reader.anchors.get(name)
  if (node === undefined || reader.open.has(node)) {
    // A secret may begin with *, which is not an alias then.
    const [alias, anchor] = /(secret|password)$/i.test(pointer) ? ['alias', 'such anchor'] : [`alias *${name}`, `anchor &${name}`]
    const message = node ? `The ${alias} is inside the block it repeats.` : `There is no ${anchor} before this alias.`
    return refuse(reader, pointer, place.value, {
      message,
      hint: 'Write out the value, or put text that begins with * in quotes.',
    })
  }
  const outer = reader.through
  reader.through ??= place.value
  const value = read(reader, node, pointer, place.key)
  reader.through = outer
  const foreign = reader.places.get(pointer)?.foreign ?? false
  reader.places.set(pointer, { ...place, foreign })
  return value
}

function readMap(reader: Reader, items: readonly Pair[], pointer: string): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  for (const item of items) {
    if (reader.values > mostValues) break
    const keyNode = nodeOf(item.key)
    const range = rangeOf(keyNode, undefined)
    const name = keyNode !== null && isScalar(keyNode) ? nameOf(keyNode) : undefined
    const wrong =
      name === undefined ? unnamed : name === '__proto__' ? reserved : Object.hasOwn(value, name) ? duplicateKey(name) : undefined
    if (name === undefined || wrong) reader.mistakes.push({ range, code: 'HMA102', ...(wrong ?? unnamed) })
    else value[name] = read(reader, nodeOf(item.value), pointer + step(name), range)
  }
  return value
}

const unnamed = { message: 'A key must be a word.', hint: 'Write it as `key: value`; put text in braces in quotes.' }
const reserved = { message: 'A key cannot be named __proto__.', hint: 'Take it out.' }
const duplicateKey = (name: string) => ({
  message: `The key "${name}" appears twice in this block.`,
  hint: 'Keep one of the two.',
})

const nameOf = ({ value, source }: Scalar): string => (typeof value === 'string' ? value : (source ?? String(value)))

function readScalar(reader: Reader, node: Scalar, pointer: string, place: Place): unknown {
  if (typeof node.value !== 'string') return node.value
  const { value, unresolved, variables } = substitute(node.value, reader.environment, reader.allows)
  for (const [name, taken] of Object.entries(variables)) reader.foreign.push({ name, value: taken, pointer })
  if (Object.keys(variables).length > 0) reader.places.set(pointer, { ...place, foreign: true })
  if (unresolved.length > 0) reader.unread.add(pointer)
  let from = place.value[0]
  for (const one of unresolved) {
    const at = reader.text.slice(0, place.value[1]).indexOf(one.reference, from)
    const range: Range = at === -1 ? place.value : [at, at + one.reference.length]
    from = at === -1 ? from : range[1]
    reader.mistakes.push({ range, ...unset(one) })
  }
  return value
}

const literal = 'For a literal ${ write $${.'
// biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a configuration writes it
const form = 'Write ${NAME}, with letters, digits and underscores.'

const unset = ({ reference, name, forbidden }: Unresolved): Omit<Located, 'range'> => {
  if (name === undefined)
    return {
      code: 'HMA107',
      message: `${reference.slice(0, 40)} does not name an environment variable.`,
      hint: `${form} ${literal}`,
    }
  if (forbidden)
    return {
      code: 'HMA117',
      message: `HMA_ALLOWED_VARIABLES does not allow the environment variable ${name}.`,
      hint: 'This variable is set where hma runs. It lists the names a configuration may use; * matches any characters.',
    }
  const message = `The environment variable ${name} is not set, or is empty.`
  return { code: 'HMA107', message, hint: `Set it before you run hma. ${literal}` }
}

const isNode = (value: unknown): value is Node => isAlias(value) || isScalar(value) || isMap(value) || isSeq(value)

const nodeOf = (value: unknown): Node | null => (isNode(value) ? value : null)

/** Without the space and comments after a value. A value without text has the position of its key. */
function rangeOf(node: Node | null, key: Range | undefined): Range {
  const range = node?.range
  if (!range) return key ?? [0, 0]
  return range[0] === range[1] && key ? key : [range[0], range[1]]
}
