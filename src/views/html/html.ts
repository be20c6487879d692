import { harmlessLines } from '../terminal/line.ts'

/** Text that is HTML already. Only `html` makes it. */
export interface Html {
  readonly html: string
}

type Inset = Html | readonly Html[] | string | number | undefined

/** HTML with everything foreign escaped, in text and in quoted attributes alike. */
export const html = (parts: TemplateStringsArray, ...insets: readonly Inset[]): Html => ({
  html: parts.map((part, index) => part + inset(insets[index])).join(''),
})

function inset(given: Inset): string {
  if (given === undefined) return ''
  if (typeof given === 'number') return String(given)
  if (typeof given === 'string') return escaped(given)
  return 'html' in given ? given.html : given.map((one) => one.html).join('\n')
}

/** Control and direction characters are shown as their numbers, as everywhere else. */
const escaped = (text: string): string =>
  harmlessLines(text)
    .join('\n')
    .replace(/[&<>"'`]/g, (character) => `&#${character.codePointAt(0)};`)
