import { harmless, harmlessLines, wrap } from './terminal/line.ts'

/**
 * Foreign text in GitHub-flavoured Markdown. All that could mean something is written by its number, so that a name in a directory makes no
 * link, no column and no tag. Nobody is notified by it either: GitHub looks for names after `@` and numbers after `#` in the text that a
 * reader sees, so a space without width parts the two (https://github.github.com/gfm/, https://docs.github.com/get-started/writing-on-github).
 */
export const prose = (text: string): string => encoded(harmless(text)).replace(/(&#64;|&#35;)/g, '$1&#8203;')

/** The same as code: no one is looked for in there. */
export const code = (text: string): string => `<code>${encoded(harmless(text))}</code>`

/** Several lines, as they are. */
export const block = (text: string): string =>
  `<pre>\n${harmlessLines(text.trimEnd())
    .flatMap((line) => wrap(line, 100))
    .map(encoded)
    .join('\n')}\n</pre>`

/** A point is nothing special, but for the one that makes an address of `www.`. */
const encoded = (text: string): string =>
  text.replace(/[^\p{L}\p{N} .,/=;()-]|(?<=www)\./giu, (character) => `&#${character.codePointAt(0)};`)
