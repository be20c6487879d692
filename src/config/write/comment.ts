/** Comments must not contain anything that ends a line of YAML, moves the cursor or changes the direction of reading. */
const harmful = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Lines as the text of a comment: each starts with a space, and nothing in them can end the comment. */
export const commentOf = (lines: readonly string[]): string => lines.map((line) => ` ${line.replace(harmful, ' ')}`).join('\n')

const columns = 118

/** Wraps words, leaving room for the comment sign and the indentation. Indented lines stay as they are. */
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
