import { type Command as Commander, CommanderError } from 'commander'
import { suggest } from '../../config/suggest.ts'
import { HmaError } from '../../core/errors.ts'
import { catalogue, codeNamed, errorHelp } from '../../views/errors/catalogue.ts'
import type { View } from '../../views/view.ts'
import { exit } from '../exitCode.ts'
import { withAddresses } from './documentation.ts'
import { topics } from './topics.ts'

/** `hma help [SUBJECT…]`: on a command, a topic or an error code; on hma as a whole if nothing is named. */
export async function help(view: View, root: Commander, subject: readonly string[]): Promise<number> {
  const [first = '', ...more] = subject
  const command = commandNamed(root, subject)
  const code = codeNamed(first)
  if (command) view.text(helpOf(command))
  else if (more.length === 0 && Object.hasOwn(topics, first)) view.text(withAddresses(topics[first]?.text ?? ''))
  else if (more.length === 0 && code) view.text(withAddresses(errorHelp(code)))
  else throw unknown(subject.join(' '), root)
  return exit.done
}

/** Including the text below it, which commander adds only when it prints. */
function helpOf(command: Commander): string {
  const written: string[] = []
  command.configureOutput({ writeOut: (text) => void written.push(text) })
  try {
    command.help()
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
  }
  return written.join('')
}

function commandNamed(root: Commander, names: readonly string[]): Commander | undefined {
  return names.reduce<Commander | undefined>((at, name) => at?.commands.find((one) => one.name() === name), root)
}

const unknown = (subject: string, root: Commander): HmaError =>
  new HmaError('HMA112', `No help for "${subject}"`, {
    hint: [
      ...meant(subject, root),
      `Topics: ${Object.keys(topics).join(', ')}.`,
      `Commands: ${visible(root).join(', ')}.`,
      `Codes: ${Object.keys(catalogue)[0]} and so on, as errors show them.`,
    ].join('\n'),
  })

function meant(subject: string, root: Commander): readonly string[] {
  const known = [...Object.keys(topics), ...visible(root), ...Object.keys(catalogue)]
  const near = suggest(subject, known)
  return near === undefined ? [] : [`Did you mean \`hma help ${near}\`?`]
}

const visible = (root: Commander): readonly string[] =>
  root
    .createHelp()
    .visibleCommands(root)
    .map((one) => one.name())
