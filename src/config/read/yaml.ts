import { Composer, type CST, type Document, Parser, type YAMLError } from 'yaml'
import { lookalikes, openQuote } from './quotes.ts'
import { type Located, type Mistake, position, type Range, source } from './source.ts'

/** Enough for any configuration, and far from exhausting the composer's stack. */
const deepest = 100

/** After this many mistakes in one document, the rest are mere consequences. */
const mostMistakes = 20

/** The most mistakes of one kind to find by re-reading a file before it takes too long. */
const mostMasked = 6
const readQuickly = 65_536

/** One YAML document. If it has mistakes, its content cannot be trusted. */
export interface YamlDocument {
  readonly document: Document.Parsed
  readonly mistakes: readonly Located[]
}

/**
 * Parses YAML 1.2, as far as the documents can be separated. The nesting of tokens is measured before anything recursive runs.
 * `found` mistakes have already been masked in the text.
 */
export function parseYaml(text: string, found = 0): readonly YamlDocument[] | Located {
  const tokens = [...new Parser().parse(text)]
  const tooDeep = deeperThan(deepest, tokens)
  if (tooDeep) {
    const hint = 'A configuration needs four or five levels. Look for an extra bracket or hyphen.'
    return { range: [tooDeep.offset, tooDeep.offset + 1], code: 'HMA102', message: 'The document is nested too deeply.', hint }
  }
  const documents = composed(tokens, text)
  const bare =
    found < mostMasked && text.length <= readQuickly
      ? documents.map(({ errors }) => bareReference(errors, text)).find((range) => range !== undefined)
      : undefined
  return bare ? withBareReferences(text, bare, found) : readEach(documents, scalarsIn(tokens), text)
}

/** Scalars and documents are both in text order: one pass, however many documents there are. */
function readEach(
  documents: readonly Document.Parsed[],
  scalars: readonly CST.FlowScalar[],
  text: string,
): readonly YamlDocument[] {
  let from = 0
  return documents.map((document) => {
    let to = from
    while ((scalars[to]?.offset ?? Number.POSITIVE_INFINITY) < document.range[2]) to++
    const own = scalars.slice(from, to)
    from = to
    return { document, mistakes: mistakesOf(document, own, text) }
  })
}

/** In text order. */
function scalarsIn(tokens: readonly CST.Token[]): readonly CST.FlowScalar[] {
  const found: CST.FlowScalar[] = []
  for (let level = tokens; level.length > 0; level = level.flatMap(inside)) found.push(...level.filter(isFlowScalar))
  return found.toSorted((one, other) => one.offset - other.offset)
}

const isFlowScalar = (token: CST.Token): token is CST.FlowScalar =>
  token.type === 'scalar' || token.type === 'single-quoted-scalar' || token.type === 'double-quoted-scalar'

const composed = (tokens: readonly CST.Token[], text: string): readonly Document.Parsed[] => [
  ...new Composer({ version: '1.2', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' }).compose(
    tokens,
    false,
    text.length,
  ),
]

/** What follows a mistake on its line is a consequence, and so is everything caused by a wrong or unclosed quote. */
function mistakesOf({ errors, warnings }: Document.Parsed, scalars: readonly CST.FlowScalar[], text: string): readonly Located[] {
  const alike = lookalikes(scalars)
  if (alike.length > 0) return alike.slice(0, mostMistakes)
  const open = openQuote(scalars, errors, text)
  if (open) return [open]
  const all = [...errors, ...warnings]
  if (all.length === 0) return []
  const at = source('', text)
  const first = new Map(all.toReversed().map((one) => [position(at, one.pos[0]).line, one]))
  return [...first.values()].reverse().slice(0, mostMistakes).map(inWords)
}

/** Positions in { } or [ ] where a value begins with `${`: YAML takes that brace for a mapping. */
function bareReference(errors: readonly YAMLError[], text: string): Range | undefined {
  const at = errors.find(({ pos: [at] }) => at > 0 && text.startsWith('${', at - 1))?.pos[0]
  if (at === undefined) return undefined
  const [reference = '${'] = /^\$\{[^}\n]*\}?/.exec(text.slice(at - 1)) ?? []
  return [at - 1, at - 1 + reference.length]
}

/** Everything after such a value is misread, so it is masked at the same length and the rest is judged again. */
function withBareReferences(text: string, bare: Range, found: number): readonly YamlDocument[] | Located {
  const masked = text.slice(0, bare[0]) + text.slice(...bare).replace(/[{}]/g, '_') + text.slice(bare[1])
  const rest = parseYaml(masked, found + 1)
  if ('range' in rest) return rest
  const index = rest.findIndex(({ document }) => bare[0] < document.range[2])
  const inOrder = (mistakes: readonly Located[]): readonly Located[] =>
    [...mistakes, unquoted(bare, text)].toSorted((one, other) => one.range[0] - other.range[0])
  return rest.map((one, at) => (at === Math.max(0, index) ? { ...one, mistakes: inOrder(one.mistakes) } : one))
}

const unquoted = (range: Range, text: string): Located => ({
  range,
  code: 'HMA102',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a configuration writes it
  message: 'A value that begins with ${ needs quotes inside { } and [ ].',
  hint: `Write "${text.slice(...range)}", or start the block on its own line.`,
})

/** The first token below that depth. Level by level, since recursion is what it protects from. */
function deeperThan(limit: number, tokens: readonly CST.Token[]): CST.Token | undefined {
  let level = tokens
  for (let depth = 0; depth < limit; depth++) level = level.flatMap(inside)
  return level[0]
}

function inside(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : []
  if (!('items' in token)) return []
  return token.items.flatMap(({ key, value }) => [...(key ? [key] : []), ...(value ? [value] : [])])
}

const words: Partial<Record<YAMLError['code'], Omit<Mistake, 'code'>>> = {
  TAB_AS_INDENT: { message: 'A tab cannot indent in YAML.', hint: 'Indent with spaces.' },
  BAD_INDENT: {
    message: 'This line is not indented like the lines around it.',
    hint: 'Keys of the same block start in the same column.',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'A key must be on one line.',
    hint: 'Is a colon missing on this line, or a closing quote?',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'A block cannot start after a value on the same line.',
    hint: 'Put text with a colon and a space into quotes, or start the block on its own line.',
  },
  BAD_ALIAS: { message: 'This is not a valid YAML alias.', hint: 'Put text that begins with * or & in quotes.' },
  BAD_SCALAR_START: {
    message: 'Plain text cannot begin with this character.',
    hint: 'Put the text in quotes.',
  },
  TAG_RESOLVE_FAILED: { message: 'hma does not support YAML tags.', hint: 'Put text that begins with ! in quotes.' },
  BAD_DIRECTIVE: {
    message: 'hma does not support this YAML directive.',
    hint: 'A configuration needs no line that begins with %.',
  },
}

/** The parser's own message if hma has no clearer one. It quotes at most the text at that place. */
function inWords({ code, message, pos }: YAMLError): Located {
  return { range: pos, code: 'HMA102', ...(words[code] ?? { message: `This is not YAML: ${message.split('\n')[0]}.` }) }
}
