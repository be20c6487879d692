import { setMaxListeners } from 'node:events'
import { type Command as Commander, CommanderError } from 'commander'
import { inWords } from '../../core/deadline.ts'
import { HmaError } from '../../core/errors.ts'
import { limits } from '../../core/limits.ts'
import type { Options } from '../../session/session.ts'
import { terminal } from '../../views/terminal/terminal.ts'
import type { Terminal, View } from '../../views/view.ts'
import { exit } from '../exitCode.ts'
import type { Command, CommandContext } from './command.ts'
import type { Composer, HostProcess } from './commandContext.ts'
import { habit } from './habits.ts'
import { overview } from './overview.ts'
import { program } from './program.ts'
import { viewFor, views } from './views.ts'

/** Runs one command line (without `node` and the script) and returns the exit code. Never throws. */
export async function main(argv: readonly string[], outside: HostProcess): Promise<number> {
  const { stdout, stderr, version } = outside
  const plain = terminal({ stdout, stderr, env: {}, color: false })
  let code: number = exit.done
  const run = async (options: Options, command: Command, writes?: 'writes'): Promise<void> => {
    code = await perform(options, command, outside, writes)
  }
  const root = program({ version, terminal: plain, run })
  try {
    if (argv.length === 0) return alone(root, plain)
    const foreign = habit(argv, root)
    if (foreign) throw foreign
    await root.parseAsync([...(argv[0] === 'version' ? ['--version'] : argv)], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exit.done
    const asked = { json: argv.includes('--json'), quiet: false, verbose: argv.includes('--verbose') || argv.includes('-v') }
    if (error instanceof CommanderError && error.code === 'commander.help') return exit.failed
    const env = (await outside.composer()).environment()
    const screen = terminal({ stdout, stderr, env, color: !argv.includes('--no-color') })
    viewFor(asked, screen).error(usage(error, meant(argv, root)))
    return exit.failed
  }
}

function alone(root: Commander, { err, columns }: Terminal): number {
  err(overview(root, Math.min(columns, 100)))
  return exit.failed
}

/** The command whose help shows the correct usage. */
function meant(argv: readonly string[], root: Commander): string {
  const command = root.commands.find((one) => one.name() === argv.find((word) => !word.startsWith('-')))
  return command ? `hma ${command.name()}` : 'hma'
}

/** Runs one command and cleans up however it ends. */
async function perform(options: Options, command: Command, outside: HostProcess, writes?: 'writes'): Promise<number> {
  const composer = await outside.composer()
  const { view, screen, log } = await views(options, composer, outside)
  const stop = new AbortController()
  // Every request under way listens to it.
  setMaxListeners(0, stop.signal)
  const unlisten = outside.onInterrupt(() => interrupt(stop, view, outside, writes))
  const { context, close } = contextFor(options, {
    composer,
    view,
    terminal: screen,
    trace: log?.trace,
    signal: stop.signal,
    outside,
  })
  let code: number = exit.failed
  try {
    code = await command(context)
  } catch (error) {
    if (stop.signal.aborted) view.note('Interrupted.')
    else view.error(error)
    code = stop.signal.aborted ? exit.interrupted : exit.failed
  } finally {
    unlisten()
  }
  // If something could not be stored, such as the sandbox's state on a full disk, the command failed.
  const kept = await close()
    .then(() => log?.close())
    .then(
      () => true,
      (error: unknown) => {
        view.error(error)
        return false
      },
    )
  view.close()
  return kept || code !== exit.done ? code : exit.failed
}

interface ContextParts {
  readonly composer: Composer
  readonly view: View
  readonly terminal: Terminal
  readonly trace: ((text: string) => void) | undefined
  readonly signal: AbortSignal
  readonly outside: HostProcess
}

function contextFor(options: Options, parts: ContextParts): { context: CommandContext; close(): Promise<void> } {
  const { composer, outside, ...rest } = parts
  const setting = { ...rest, directory: outside.directory }
  const opened: { close(): Promise<void> }[] = []
  const open: CommandContext['open'] = async () => {
    const session = await composer.open(options, setting)
    opened.push(session)
    return session
  }
  const explore: CommandContext['explore'] = async (site) => {
    const exploration = await composer.explore(options, setting, site)
    opened.push(exploration)
    return exploration
  }
  const examine: CommandContext['examine'] = async () => {
    const examination = await composer.examine(options, setting)
    opened.push(examination)
    return examination
  }
  const control: CommandContext['control'] = () => composer.sandbox(options, setting)
  const rehearsal: CommandContext['rehearsal'] = () => composer.rehearsal(options, setting)
  const context = { ...setting, options, environment: composer.environment(), open, explore, examine, rehearsal, control }
  return { context, close: async () => void (await Promise.all(opened.map((session) => session.close()))) }
}

/** The first time, reads end and a write gets some seconds. The second time, the process leaves. */
function interrupt(stop: AbortController, view: View, outside: HostProcess, writes?: 'writes'): void {
  if (stop.signal.aborted) {
    view.close()
    outside.leave(exit.interrupted)
    return
  }
  // An open question first leaves its line.
  stop.abort()
  const grace = writes ? `Stopping: a write under way gets ${inWords(limits.lastWrite)}.` : 'Stopping.'
  view.note(`${grace} Interrupt again to leave at once.`)
  // Anything that ignores the signal, such as a program that hma waits for, is not waited for any longer.
  outside.leave(exit.interrupted, limits.lastWrite + limits.leaving)
}

/** `hma rotate secret`: commander's own message names its classes, not what to type. */
function wrongChoice(message: string): string | undefined {
  const [, given, choices] = /^command-argument value '(.*)' is invalid .* Allowed choices are (.*)\.$/.exec(message) ?? []
  return choices === undefined ? undefined : `Unknown argument "${given}": use ${choices.replace(/, (?=[^,]*$)/, ' or ')}`
}

/** Turns commander's message about a mistyped command line into an error of ours. */
function usage(error: unknown, command: string): unknown {
  if (!(error instanceof CommanderError)) return error
  const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n')
  const suggestion = rest.join(' ').replace(/^\((.*)\)$/, '$1')
  const sentence = wrongChoice(message) ?? `${message.charAt(0).toUpperCase()}${message.slice(1)}`
  return new HmaError('HMA112', sentence, {
    hint: [suggestion, `\`${command} --help\` lists the ${command === 'hma' ? 'commands and options' : 'arguments and options'}.`]
      .filter(Boolean)
      .join(' '),
  })
}
