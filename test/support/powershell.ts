import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import treeSitter from '@vscode/tree-sitter-wasm'

/** A script as a parser of PowerShell sees it. */
export interface Parsed {
  /** What the parser could not make sense of, each with its line. */
  readonly mistakes: readonly string[]
  /** Every command that is called, in order. */
  readonly commands: readonly string[]
  /** Every comment, from its first character to its last. */
  readonly comments: readonly string[]
}

type Tree = treeSitter.Node

/** The grammar that VS Code uses for PowerShell, compiled to WebAssembly. It knows straight quotes alone: see `literals`. */
export async function powershell(): Promise<(script: string) => Parsed> {
  const grammar = createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm')
  await treeSitter.Parser.init()
  const parser = new treeSitter.Parser()
  parser.setLanguage(await treeSitter.Language.load(await readFile(grammar)))
  return (script) => {
    const tree = parser.parse(script.replace(/^\uFEFF/, ''))
    if (!tree) throw new Error('The parser gave up')
    const all = (type: string): string[] => tree.rootNode.descendantsOfType(type).flatMap((node) => (node ? [node.text] : []))
    try {
      return {
        mistakes: mistakesIn(tree.rootNode),
        commands: all('command_name'),
        comments: all('comment'),
      }
    } finally {
      tree.delete()
    }
  }
}

function mistakesIn(node: Tree): string[] {
  if (!node.hasError) return []
  const own = node.isError || node.isMissing ? [`${node.startPosition.row + 1}: ${node.type} ${node.text.slice(0, 60)}`] : []
  return [...own, ...node.children.flatMap((child) => (child ? mistakesIn(child) : []))]
}

const isSingleQuote = (character: string | undefined): boolean => /^['\u2018-\u201b]$/.test(character ?? '')
const isDoubleQuote = (character: string | undefined): boolean => /^["\u201c-\u201e]$/.test(character ?? '')

/** A string literal of a script: its value, and where it ends. */
interface Literal {
  readonly value: string
  readonly end: number
}

/**
 * The single-quoted strings of a script, read as PowerShell's own tokenizer reads them: each of five characters opens and
 * closes one, two of them in a row stand for the second. Throws where one is not closed.
 */
export function literals(script: string): readonly Literal[] {
  const found: Literal[] = []
  for (let at = 0; at < script.length; at++) {
    if (script.startsWith('<#', at)) at = closing(script, '#>', at + 2) + 1
    else if (script[at] === '#') at = script.indexOf('\n', at) < 0 ? script.length : script.indexOf('\n', at)
    else if (isDoubleQuote(script[at])) at = doubleQuoted(script, at)
    else if (isSingleQuote(script[at])) {
      const literal = singleQuoted(script, at)
      found.push(literal)
      at = literal.end - 1
    }
  }
  return found
}

function singleQuoted(script: string, start: number): Literal {
  let value = ''
  for (let at = start + 1; at < script.length; at++) {
    if (isSingleQuote(script[at])) {
      if (!isSingleQuote(script[at + 1])) return { value, end: at + 1 }
      at++
    }
    value += script[at]
  }
  throw new Error(`A string that begins at ${start} is not closed`)
}

/** The last character of a string in which variables are read. Ours hold no backtick. */
function doubleQuoted(script: string, start: number): number {
  let depth = 0
  for (let at = start + 1; at < script.length; at++) {
    if (script.startsWith('$(', at)) depth++
    else if (script[at] === ')' && depth > 0) depth--
    else if (isDoubleQuote(script[at]) && depth === 0) return at
  }
  throw new Error(`A string that begins at ${start} is not closed`)
}

function closing(script: string, sign: string, from: number): number {
  const at = script.indexOf(sign, from)
  if (at < 0) throw new Error('A comment is not closed')
  return at
}
