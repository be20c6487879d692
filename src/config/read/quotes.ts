import type { CST, YAMLError } from 'yaml'
import type { Located } from './source.ts'

/** The quotes of word processors and chats, at the start of a value. */
const curly = /^[“”„‟‘’‚‛«»]/
/** Where YAML needs a space, another kind of space changes the meaning of the line. */
const hardSpace = /^[\u00a0\u202f]|[\u00a0\u202f]$|:[\u00a0\u202f]|^-[\u00a0\u202f]/

/** Characters that look like YAML's own but are plain text to YAML. */
export function lookalikes(scalars: readonly CST.FlowScalar[]): readonly Located[] {
  return scalars.flatMap(({ type, source, offset }): Located[] => {
    if (type !== 'scalar') return []
    const [mark] = curly.exec(source) ?? []
    if (mark !== undefined) return [{ range: [offset, offset + 1], code: 'HMA102', ...curlyQuote(mark) }]
    const at = source.search(hardSpace)
    if (at < 0) return []
    const space = offset + source.slice(at).search(/[\u00a0\u202f]/) + at
    return [{ range: [space, space + 1], code: 'HMA102', ...hard }]
  })
}

const curlyQuote = (mark: string) => ({
  message: `${mark} is a typographic quote, which YAML does not recognize.`,
  hint: 'Write " or \' instead. Text that really begins with it must itself be in quotes.',
})

const hard = {
  message: 'This is a non-breaking space, which YAML does not recognize as a space.',
  hint: 'Replace it with an ordinary space.',
}

/** The quote that swallowed the text after it: it spans lines, and what follows its end is not valid YAML. */
export function openQuote(scalars: readonly CST.FlowScalar[], errors: readonly YAMLError[], text: string): Located | undefined {
  const open = scalars.find(({ type, source, offset }) => {
    if (!type.endsWith('quoted-scalar') || (isClosed(source) && !source.includes('\n'))) return false
    const lineEnd = text.indexOf('\n', offset + source.length)
    const end = lineEnd < 0 ? text.length : lineEnd
    return errors.some(({ pos: [at] }) => at >= offset && at <= end)
  })
  if (!open) return undefined
  const message = 'The quote that opens here is not closed on this line.'
  return { range: [open.offset, open.offset + 1], code: 'HMA102', message, hint: `Close it with ${open.source[0] ?? '"'}.` }
}

const isClosed = (source: string): boolean => source.length > 1 && source.endsWith(source.charAt(0))
