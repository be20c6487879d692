/** What ends a line of YAML, moves a cursor or turns the direction of reading has no place in a comment. */
const harmful = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Lines as the text of a comment: a space comes before each, and nothing in them can end it. */
export const commentOf = (lines: readonly string[]): string => lines.map((line) => ` ${line.replace(harmful, ' ')}`).join('\n')

const columns = 118

/** Words in lines that leave room for the sign and for the margin of their block. Lines that are indented stay as they are. */
export function wrapped(text: string, depth: number): readonly string[] {
  return text.split('\n').flatMap((line) => (line.startsWith(' ') ? [line] : broken(line, columns - 2 * depth)))
}

function broken(text: string, most: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
