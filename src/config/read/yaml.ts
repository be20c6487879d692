import { Composer, type CST, type Document, Parser, type YAMLError } from 'yaml'
import type { Finding, Range } from './source.ts'

/** A mistake at its offsets. */
export interface Located extends Finding {
  readonly range: Range
}

/** Enough for any configuration, and far from what exhausts the stack of the composer. */
const deepest = 100

/** After so many mistakes in one document the rest only echoes them. */
const mostMistakes = 20

/** One YAML document. Where it has mistakes its content is not to be trusted. */
export interface YamlDocument {
  readonly document: Document.Parsed
  readonly mistakes: readonly Located[]
}

/** YAML 1.2, as far as its documents can be made out. The tokens are measured before anything walks them recursively. */
export function parseYaml(text: string): readonly YamlDocument[] | Located {
  const tokens = [...new Parser().parse(text)]
  const tooDeep = deeperThan(deepest, tokens)
  if (tooDeep) {
    const hint = 'A configuration needs four levels or five. Look for a bracket or a hyphen too many.'
    return { range: [tooDeep.offset, tooDeep.offset + 1], code: 'HMA102', message: 'The text is nested too deeply.', hint }
  }
  const composer = new Composer({ version: '1.2', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' })
  return [...composer.compose(tokens, false, text.length)].map((document) => ({
    document,
    mistakes: [...document.errors, ...document.warnings].slice(0, mostMistakes).map(inWords),
  }))
}

/** The first token below that depth. Level by level, since a walk by recursion is what it protects from. */
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

const words: Partial<Record<YAMLError['code'], Omit<Finding, 'code'>>> = {
  TAB_AS_INDENT: { message: 'A tab cannot indent in YAML.', hint: 'Indent with spaces.' },
  BAD_INDENT: { message: 'This line is not indented like its neighbours.', hint: 'Keys of one block begin in the same column.' },
  MULTILINE_IMPLICIT_KEY: {
    message: 'A key must stand on one line.',
    hint: 'Is a colon missing on this line, or a quote not closed?',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'A block cannot begin here, after a value on the same line.',
    hint: 'Put text with a colon and a space into quotes, or begin the block on a line of its own.',
  },
  BAD_ALIAS: { message: 'This is no alias that YAML can read.', hint: 'Put text that begins with * or & into quotes.' },
  BAD_SCALAR_START: {
    message: 'Plain text cannot begin with this character.',
    hint: 'Put the text into quotes.',
  },
  TAG_RESOLVE_FAILED: { message: 'hma knows no tags of YAML.', hint: 'Put text that begins with ! into quotes.' },
  BAD_DIRECTIVE: { message: 'hma knows no such directive of YAML.', hint: 'A configuration needs no line that begins with %.' },
}

/** The parser's own words, where we have none that are plainer. Its messages quote at most what stands there. */
function inWords({ code, message, pos }: YAMLError): Located {
  return { range: pos, code: 'HMA102', ...(words[code] ?? { message: `This is not YAML: ${message.split('\n')[0]}.` }) }
}
