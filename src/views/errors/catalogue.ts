import { type ErrorCode, errorCodes } from '../../core/errorCodes.ts'
import { configuration } from './catalogue/configuration.ts'
import type { Entry } from './catalogue/entry.ts'
import { services } from './catalogue/services.ts'

/** Every code with its explanation. */
export const catalogue: Readonly<Record<ErrorCode, Entry>> = { ...configuration, ...services }

/** `HMA301`, in any case; undefined for an unknown code. */
export const codeNamed = (text: string): ErrorCode | undefined => errorCodes.find((code) => code === text.trim().toUpperCase())

/** The text of `hma help HMA301`, with a newline at the end. */
export function errorHelp(code: ErrorCode): string {
  const { title, cause, remedy } = catalogue[code]
  return `${code}: ${title}\n\n${cause}\n\n${remedy}\n`
}

const bands = [
  ['HMA1', 'Configuration and command line'],
  ['HMA2', 'Sign-in'],
  ['HMA3', 'Rights'],
  ['HMA4', 'Conflict'],
  ['HMA5', 'Waiting and reaching'],
  ['HMA9', 'hma itself'],
] as const

const introduction = `# Errors

Every expected failure has a code: \`error  Could not … [HMA301]\` on a terminal, \`"code": "HMA301"\` with \`--json\`.
The message describes the case at hand; the code identifies cause and remedy, and never changes its meaning. \`hma help HMA301\` prints its entry.

This page is generated from the program by \`npm run errors\`.
`

/** docs/errors.md. */
export function errorsDocument(): string {
  const section = (code: ErrorCode): string => {
    const { title, cause, remedy } = catalogue[code]
    return `### ${code}\n\n**${title}.** ${cause}\n\n*Remedy:* ${remedy}\n`
  }
  const chapters = bands.map(([band, name]) => {
    const own = errorCodes.filter((code) => code.startsWith(band))
    return `## ${name}\n\n${own.map(section).join('\n')}`
  })
  return [introduction, ...chapters].join('\n')
}
