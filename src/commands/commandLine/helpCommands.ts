import { Argument, type Command as Commander, Option } from 'commander'
import { type Purpose, purposes } from '../../deployment/rights.ts'
import type { Options } from '../../session/session.ts'
import { exit } from '../exitCode.ts'
import type { Add, Command, CommandContext, Start } from './command.ts'
import type { Shell } from './completion.ts'

/** Commands about hma itself. */
export function helpCommands(root: Commander, add: Add, start: Start, startWith: StartWith): void {
  add('help', 'help on a command, a topic, or an error code')
    .argument('[subject...]', 'apply, renewal, HMA301')
    .action((subject: string[], _own: unknown, command: Commander) =>
      start(command, async ({ view }) => (await import('./help.ts')).help(view, root, subject)),
    )
  add('doctor', 'check sign-in, rights, clock, proxy and hosts')
    .addOption(new Option('--for <purpose>', 'only the rights for this').choices([...purposes]))
    .action((own: { for?: Purpose }, command: Commander) =>
      start(command, async (context) => (await import('../doctor.ts')).doctor(context, own)),
    )
  add('completion', 'print the completion script for a shell')
    .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish', 'pwsh']))
    .option('--install', 'write it to where the shell looks for it')
    .action((shell: Shell, { install }: { install?: true }, command: Commander) =>
      start(command, async ({ view, environment }) => {
        const script = (await import('./completion.ts')).scripts[shell]
        if (!install) view.text(script)
        else view.text(`${await (await import('../files/installCompletion.ts')).installCompletion(shell, script, environment)}\n`)
        return exit.done
      }),
    )
  root
    .command('complete', { hidden: true })
    .argument('[word...]')
    .option('--next')
    .action((typed: string[], { next }: { next?: true }, command: Commander) => {
      const words = next ? [...typed, ''] : typed
      return startWith(command, { file: filesIn(words) }, (context) => complete(root, words, context))
    })
}

/** Like `Start`, with some options as given here. */
export type StartWith = (command: Commander, options: Partial<Options>, work: Command) => Promise<void>

async function complete(
  root: Commander,
  words: readonly string[],
  { view, environment, directory, options, open }: CommandContext,
): Promise<number> {
  const { candidates } = await import('./complete.ts')
  const found = await candidates(root, words, {
    async deployments() {
      const { load } = await import('../../config/load.ts')
      const { deployments } = await load({ files: options.file, env: environment, directory })
      return deployments.map(({ configuration }) => configuration.name)
    },
    outputs: async () => [...new Set((await open()).targets.flatMap(({ outputs }) => Object.keys(outputs(new Map()))))],
    addresses: async () => (await open()).targets.flatMap(({ nodes }) => nodes.map(({ address }) => address)),
  })
  view.text(found.map(({ value, about }) => `${value}\t${about}\n`).join(''))
  return exit.done
}

/** The -f options on the line being typed. */
const filesIn = (words: readonly string[]): readonly string[] =>
  words.flatMap((word, index) => {
    const [, glued] = /^--file=(.+)/.exec(word) ?? []
    const before = words[index - 1]
    return glued !== undefined ? [glued] : (before === '-f' || before === '--file') && word !== '' ? [word] : []
  })
