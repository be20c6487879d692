import stringWidth from 'string-width'

/**
 * Text for a terminal. Whatever came from outside goes through `harmless` first: a display name in a directory,
 * or an error body, must not be able to move the cursor, change colours or turn the reading direction.
 */
export const harmless = (text: string): string =>
  (text.length > longest ? `${text.slice(0, longest)}…` : text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, spelled)

/** More than this of one text is unreadable on a terminal, and a service may send any amount. */
const longest = 4000

/** The same for several lines, keeping the line breaks. */
export const harmlessLines = (text: string): readonly string[] =>
  text.split(/\r?\n/).map((line) => harmless(line.replaceAll('\t', '  ')))

/** A character by its number. */
export function spelled(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`
}

/** ASCII and hma's own symbols: one column each. The library that measures other text takes longer to load than these take to print. */
const narrow = /^[ -~±·…→✓✗⠀-⣿]*$/

/** The width of a harmless text in columns. */
export const width = (text: string): number => (narrow.test(text) ? text.length : stringWidth(text))

export const pad = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - width(text)))

/**
 * Breaks text between words into lines of at most this many columns. A longer word stays whole on its own line: a link
 * that is broken cannot be followed. Indented lines stay indented.
 */
export function wrap(text: string, columns: number): readonly string[] {
  const margin = /^ */.exec(text)?.[0] ?? ''
  const lines: string[] = []
  let line = ''
  for (const word of text.trim().split(/ +/)) {
    const longer = line === '' ? margin + word : `${line} ${word}`
    if (line !== '' && width(longer) > columns) {
      lines.push(line)
      line = margin + word
    } else line = longer
  }
  return [...lines, line.trimEnd()]
}

/** Several lines of text from outside, made harmless, wrapped and indented by this many columns. */
export const paragraph = (text: string, columns: number, margin: number): readonly string[] =>
  harmlessLines(text.trimEnd()).flatMap((line) =>
    wrap(line, Math.max(20, columns - margin)).map((one) => (one === '' ? '' : ' '.repeat(margin) + one)),
  )

/** Mistakes in a configuration: sentences are wrapped, while the quoted line and its caret stay whole. */
export const diagnosticLines = (text: string, columns: number): readonly string[] =>
  harmlessLines(text).flatMap((line) => (quotedLine.test(line) ? [line] : hanging(line, columns)))

const quotedLine = /^ *\d* \| /

/** Wrapped, with a hanging indent. */
function hanging(text: string, columns: number): readonly string[] {
  const [first = '', ...more] = wrap(text, columns - 2)
  return [first, ...more.map((line) => `  ${line.trimStart()}`)]
}

/** Cut to at most this many columns, with an ellipsis if cut. */
export function cut(text: string, columns: number, sign: string): string {
  if (width(text) <= columns) return text
  let kept = ''
  for (const character of text) {
    if (width(kept + character) > columns - width(sign)) break
    kept += character
  }
  return kept + sign
}

interface Column {
  /** The width of the text before it. */
  readonly room: number
  readonly columns: number
}

/** A text beside its subject, wrapped in its column; below it, indented, if that would be too narrow. */
export function beside(about: string, text: string, { room, columns }: Column): readonly string[] {
  const margin = Math.max(room, width(about)) + 2
  if (margin + width(text) <= columns) return [`${pad(about, margin)}${text}`]
  if (margin + 36 > columns) return [about, ...paragraph(text, columns, 4)]
  const [first = '', ...more] = paragraph(text, columns, margin)
  return [`${pad(about, margin)}${first.trimStart()}`, ...more]
}

/** `8 s`, `12 m 5 s`. */
export function elapsedText(seconds: number): string {
  const whole = Math.floor(seconds)
  return whole < 100 ? `${whole} s` : `${Math.floor(whole / 60)} m ${whole % 60} s`
}
