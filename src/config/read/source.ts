import type { ErrorCode } from '../../core/errorCodes.ts'
import type { Diagnostic } from '../diagnostic.ts'

/** One configuration file, and where its lines begin. */
export interface Source {
  readonly file: string
  readonly text: string
  /** Offset of the first character of each line. */
  readonly starts: readonly number[]
}

/** Offsets in the text, the second one exclusive. */
export type Range = readonly [number, number]

/** A mistake without its position. */
export interface Mistake {
  readonly code: ErrorCode
  readonly severity?: 'error' | 'warning'
  readonly message: string
  readonly hint?: string | undefined
}

export const source = (file: string, text: string): Source => ({
  file,
  text,
  starts: [0, ...Array.from(text.matchAll(/\r\n|\n|\r/g), (end) => end.index + end[0].length)],
})

export function diagnose(at: Source, [from, to]: Range, { severity = 'error', code, message, hint }: Mistake): Diagnostic {
  const { line, column } = position(at, from)
  const text = lineOf(at, line)
  const rest = Math.max(0, text.length - column + 1)
  const length = Math.max(1, Math.min(to - from, rest))
  return {
    severity,
    file: at.file,
    line,
    column,
    length,
    code,
    message,
    ...(hint !== undefined && { hint }),
    source: covered(text, above(at, line)),
  }
}

/** About the file as a whole, without a line to show. */
export const diagnoseFile = (file: string, { severity = 'error', code, message, hint }: Mistake): Diagnostic => ({
  severity,
  file,
  line: 1,
  column: 1,
  length: 1,
  code,
  message,
  ...(hint !== undefined && { hint }),
})

/** Line and column of an offset, both counted from 1. */
export function position({ starts }: Source, offset: number): { line: number; column: number } {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
}

const lineOf = ({ text, starts }: Source, line: number): string =>
  text.slice(starts[line - 1] ?? 0, starts[line] ?? text.length).replace(/[\r\n]+$/, '')

/** The nearest less indented line above: the parent of a line that does not begin with a key. */
function above(at: Source, line: number): string {
  const indent = (text: string): number => text.search(/\S|$/)
  const own = indent(lineOf(at, line))
  if (own === 0) return ''
  for (let number = line - 1; number > 0; number--) {
    const text = lineOf(at, number)
    if (text.trim() !== '' && indent(text) < own) return text
  }
  return ''
}

/** The file itself may hold a secret, which must not reach a log. Only a bare reference or a block is shown. */
function covered(line: string, owner: string): string {
  const below = /^[\s?-]*["']?(?:clientSecret|certificatePassword|password)["']?\s*:\s*[|>&!+\w-]*\s*$/i.test(owner)
  if (below && !/^\s*["']?\w+["']?\s*:(\s|$)/.test(line)) return line.replace(/\S/g, '•')
  return line.replace(
    /((?:clientSecret|certificatePassword|password)["']?\s*:\s*)(?!\s|["']?\$\{\w+\}["']?\s*(?:$|[#,}])|[{#])(.*)$/i,
    (_, key: string, value: string) => key + '•'.repeat(value.length),
  )
}

/** A mistake at its offsets. */
export interface Located extends Mistake {
  readonly range: Range
}
