import stringWidth from 'string-width'

/** The most columns of a line that are shown. */
const room = 100

/** Columns that a tab takes in the frame, wherever it is. */
const tab = '  '

const unseen = /\p{Cc}|\p{Cf}|\u2028|\u2029/u

/** Replaces a control character by its symbol and another invisible one by its number: neither reaches the terminal. */
function shown(character: string): string {
  if (character === '\t') return tab
  if (!unseen.test(character)) return character.isWellFormed() ? character : '\ufffd'
  const code = character.codePointAt(0) ?? 0
  return code < 0x20 ? String.fromCodePoint(0x2400 + code) : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}

/** Text that cannot move the cursor, change colours or the direction of writing. */
export const visible = (text: string): string => Array.from(text, shown).join('')

const cellOf = (character: string): number => stringWidth(character)

const cells = (text: string): number => Array.from(text).reduce((sum, character) => sum + cellOf(character), 0)

interface Marked {
  readonly line: number
  readonly column: number
  readonly length: number
  readonly source?: string
}

/** The line with its number and carets under the marked part; empty if there is no line. */
export function frame({ line, column, length, source }: Marked): string[] {
  if (source === undefined) return []
  const start = column - 1
  const near = window(source, start, start + length)
  const number = String(line).padStart(5)
  const carets = '^'.repeat(Math.max(1, cells(near.marked)))
  return [
    `${number} | ${near.before}${near.marked}${near.after}`.trimEnd(),
    `${' '.repeat(number.length)} | ${' '.repeat(cells(near.before))}${carets}`,
  ]
}

/** The part of a line around the marked part. A line that fits is shown whole; otherwise each cut end has an ellipsis. */
function window(source: string, start: number, end: number): { before: string; marked: string; after: string } {
  const [left, middle, right] = [source.slice(0, start), source.slice(start, end), source.slice(end)]
  if (source.length <= room && cells(visible(source)) <= room)
    return { before: visible(left), marked: visible(middle), after: visible(right) }
  const marked = head(visible(middle.slice(0, room)), room * 0.6)
  const before = tail(visible(left.slice(-room)), left.length > room, room * 0.3)
  const after = head(visible(right.slice(0, room)), room - cells(before) - cells(marked))
  return { before, marked, after: marked.endsWith('…') ? '' : after }
}

const head = (text: string, most: number): string =>
  cells(text) <= most ? text : `${fitting(Array.from(text), most - 1).join('')}…`

const tail = (text: string, more: boolean, most: number): string =>
  !more && cells(text) <= most
    ? text
    : `…${fitting(Array.from(text).reverse(), most - 1)
        .reverse()
        .join('')}`

function fitting(characters: readonly string[], most: number): string[] {
  let left = most
  const beyond = characters.findIndex((character) => {
    left -= cellOf(character)
    return left < 0
  })
  return characters.slice(0, beyond === -1 ? characters.length : beyond)
}
