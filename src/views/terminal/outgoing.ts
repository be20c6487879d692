import { withoutSecrets } from '../../core/masking.ts'
import { spelled } from './line.ts'

/** What hma itself draws with: colours, and the list that is redrawn in place. */
export interface Allowed {
  readonly colour: boolean
  readonly redrawing: boolean
}

/**
 * The one gate for all text to a terminal or log: no secret, no character that a terminal obeys or that
 * changes the direction of reading, and nothing that a build agent takes for a command.
 */
export const outgoing = (text: string, allowed: Allowed): string => withoutCommands(harmlessText(withoutSecrets(text), allowed))

/** Line breaks, hma's own symbols, and any other invisible characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unseen = /\r\n|\n|\u001b\[[\d;]*m|\r\u001b\[\d+A\u001b\[0J|(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

const harmlessText = (text: string, { colour, redrawing }: Allowed): string =>
  text.replace(unseen, (found) => {
    if (found.endsWith('\n')) return '\n'
    if (found.endsWith('m')) return colour ? found : ''
    if (found.endsWith('J')) return redrawing ? found : ''
    return spelled(found)
  })

/**
 * `##vso[` counts anywhere in a line, and so does `##[`; `::` counts at its beginning.
 * https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands, https://github.com/actions/runner (ActionCommand),
 * https://www.jetbrains.com/help/teamcity/service-messages.html
 */
const withoutCommands = (text: string): string =>
  text.replace(/##(?=(?:vso|teamcity)?\[)/gi, '# #').replace(/^([^\S\n]*):(?=:)/gm, '$1: ')
