import { harmless, harmlessLines, wrap } from './terminal/line.ts'

/**
 * Foreign text in GitHub-flavoured Markdown. Every significant character is escaped as its number, so that a name in a directory creates
 * no link, column or tag. It notifies no one either: GitHub looks for names after `@` and numbers after `#` in the rendered text, so a
 * zero-width space separates the two (https://github.github.com/gfm/, https://docs.github.com/get-started/writing-on-github).
 */
export const prose = (text: string): string => encoded(harmless(text)).replace(/(&#64;|&#35;)/g, '$1&#8203;')

/** The same as code, in which GitHub looks for no mentions. */
export const code = (text: string): string => `<code>${encoded(harmless(text))}</code>`

/** Several lines, unchanged. */
export const block = (text: string): string =>
  `<pre>\n${harmlessLines(text.trimEnd())
    .flatMap((line) => wrap(line, 100))
    .map(encoded)
    .join('\n')}\n</pre>`

/** A full stop is harmless except where `www.` would become a link. */
const encoded = (text: string): string =>
  text.replace(/[^\p{L}\p{N} .,/=;()-]|(?<=www)\./giu, (character) => `&#${character.codePointAt(0)};`)
