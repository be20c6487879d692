import { Argument, Command as Commander, InvalidArgumentError, Option } from 'commander'
import type { Rotatable } from '../config/rotation.ts'
import { readShard, type Shard } from '../config/shard.ts'
import type { Exploration, Sought } from '../exploring.ts'
import type { Options, Session } from '../session.ts'
import type { Environment } from '../views/terminal.ts'
import type { Terminal, View } from '../views/view.ts'
import { examples, exitCodes } from './helpText.ts'
import type { ImportArguments } from './import.ts'
import type { SandboxControl } from './outside.ts'
import type { StatusArguments } from './status.ts'

/** What a command may use. `open`, `explore` and `control` load and compose only when they are called. */
export interface Scene {
  readonly options: Options
  readonly view: View
  readonly signal: AbortSignal
  readonly environment: Environment
  readonly directory: string
  open(): Promise<Session>
  explore(sought: Sought): Promise<Exploration>
  control(): Promise<SandboxControl>
}

/** A command, its own arguments already in it. It answers with the exit code. */
export type Command = (scene: Scene) => Promise<number>

export interface Wiring {
  readonly version: string
  readonly terminal: Terminal
  run(options: Options, command: Command): Promise<void>
}

/** The command line: every command with its arguments and help. Each is loaded when it is called. */
export function program({ version, terminal, run }: Wiring): Commander {
  const root = new Commander('hma')
    .description('Hybrid Modern Authentication between Dynamics 365 and Exchange Server, as configuration.')
    .usage('<command> [options]')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ helpWidth: Math.min(terminal.columns, 100), showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text), outputError: () => {} })
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText('after', exitCodes)
  everywhere(root)
  const add: Add = (signature, summary, parent = root) => {
    const command = parent
      .command(signature)
      .summary(summary)
      .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    return command.addHelpText('after', examples[command.name()] ?? '')
  }
  const start: Start = (command, work) => run(options(command), work)
  plans(add, start)
  changes(add, start)
  answers(add, start)
  beginning(add, start)
  sandbox(add, start)
  return root
}

type Add = (signature: string, summary: string, parent?: Commander) => Commander
type Start = (command: Commander, work: Command) => Promise<void>

function everywhere(root: Commander): void {
  root
    .option('-f, --file <path>', 'configuration: a file, a folder or a glob; repeatable (default: hma.config.yaml)', collect)
    .option('--only <name>', 'only these deployments, by name or glob; repeatable', collect)
    .addOption(
      new Option('--shard <index/count>', 'only this part of the deployments, counted from 0: 0/4, 1/4, 2/4, 3/4').argParser(
        shard,
      ),
    )
    .option('--sandbox', 'work on a local Azure instead of the real one')
    .option('--json', 'print results as JSON')
    .option('--no-color', 'print without colours, as the variable NO_COLOR does')
    .option('-q, --quiet', 'print only results and errors')
    .option('-v, --verbose', 'trace every request on stderr, secrets masked')
    .addOption(
      new Option('--concurrency <number>', 'deployments worked on at the same time').default(8).argParser(whole('number', 1, 64)),
    )
}

function plans(add: Add, start: Start): void {
  add('validate', 'find every mistake in the configuration, offline').action((_options, command: Commander) =>
    start(command, async ({ view, options, environment, directory }) =>
      (await import('./validate.ts')).validate(view, { files: options.file, environment, directory }),
    ),
  )
  add('plan', 'show what would be done, and do nothing')
    .option('--out <file>', 'save the plan, for `hma apply <file>`')
    .option('--markdown', 'print it as a comment for a pull request')
    .option('--html <file>', 'write it as a page, with the dependency graph')
    .option('--detailed-exitcode', 'exit with 2 where there is something to do')
    .action((own: { out?: string; markdown?: true; html?: string; detailedExitcode?: true }, command: Commander) =>
      start(command, async (scene) => (await import('./plan.ts')).plan(scene, { ...own, json: scene.options.json })),
    )
}

function changes(add: Add, start: Start): void {
  add('apply', 'plan, ask, and carry it out')
    .argument('[plan-file]', 'a plan that `hma plan --out` saved: do exactly this, or refuse')
    .option('--digest <digest>', 'of the plan that was reviewed: do exactly this, or refuse')
    .addOption(yes())
    .action((planFile: string | undefined, { digest }: { digest?: string }, command: Commander) =>
      start(command, async (scene) => {
        const { apply } = await import('./apply.ts')
        const agreed = { ...(planFile !== undefined && { planFile }), ...(digest !== undefined && { digest }) }
        return apply(scene, { ...scene.options, ...agreed })
      }),
    )
  add('adopt', 'take over what exists without the mark of hma')
    .argument('[address...]', 'what to take over, as plan names it (default: everything unmarked)')
    .addOption(yes())
    .action((addresses: string[], _own: unknown, command: Commander) =>
      start(command, async ({ open, options }) => {
        const { adopt } = await import('./adopt.ts')
        return adopt(await open(), { ...options, addresses })
      }),
    )
  add('rotate', 'replace the certificate or the client secret now, whatever its age, and do what else apply would do')
    .addArgument(new Argument('<what>', 'what to replace').choices(['certificate', 'clientSecret']))
    .addOption(yes())
    .action((what: Rotatable, _own: unknown, command: Commander) =>
      start(command, async ({ open, options }) => (await import('./rotate.ts')).rotate(await open(), { ...options, what })),
    )
  add('destroy', 'remove what carries the mark of these deployments, and nothing else')
    .addOption(yes())
    .action((_own: unknown, command: Commander) =>
      start(command, async ({ open, options }) => (await import('./destroy.ts')).destroy(await open(), options)),
    )
}

function answers(add: Add, start: Start): void {
  add('verify', 'prove that Dynamics can sign in to Exchange, step by step').action((_own: unknown, command: Commander) =>
    start(command, async ({ open }) => (await import('./verify.ts')).verify(await open())),
  )
  add('status', 'show what is trusted now, what expires when, and what Dynamics holds')
    .option('--within <duration>', 'exit with 1 where something in use expires so soon, or does not work: 14d, 2w')
    .option('--html <file>', 'write it as a page, with a timeline, to be sorted and searched')
    .option('--metrics', 'print it for Prometheus')
    .option('--proof <file>', 'tell what `hma verify --json` found, too; repeatable', collect)
    .option('--merge <file...>', 'put reports of `hma status --json` together, and look at nothing')
    .action((own: Omit<StatusArguments, 'json'>, command: Commander) =>
      start(command, async (scene) => {
        const { status } = await import('./status.ts')
        return status(scene, { ...own, json: scene.options.json })
      }),
    )
  add('output', 'print the values of the email server profile')
    .argument('[name]', 'only this value')
    .option('--reveal', 'print the client secret itself, where the vault keeps it')
    .action((name: string | undefined, { reveal = false }: { reveal?: boolean }, command: Commander) =>
      start(command, async ({ open }) => {
        const { output } = await import('./output.ts')
        return output(await open(), { reveal, ...(name !== undefined && { name }) })
      }),
    )
  add('csr', 'print the certificate signing request that waits for your CA').action((_own: unknown, command: Commander) =>
    start(command, async ({ open }) => (await import('./csr.ts')).csr(await open())),
  )
  add('graph', 'print what depends on what')
    .addOption(new Option('--format <format>', 'how to print it').choices(['mermaid', 'dot', 'svg']).default('mermaid'))
    .action(({ format }: { format: 'mermaid' | 'dot' | 'svg' }, command: Commander) =>
      start(command, async ({ open }) => (await import('./graph.ts')).graph(await open(), { format })),
    )
  add('schema', 'print the JSON Schema of the configuration').action((_own: unknown, command: Commander) =>
    start(command, async ({ view }) => (await import('./schema.ts')).schema(view)),
  )
}

function beginning(add: Add, start: Start): void {
  add('import', 'print the configuration of an email server profile that somebody made in the portal')
    .argument('<environment-url>', 'the environment: https://contoso.crm4.dynamics.com')
    .option('--profile <name>', 'the profile, where the environment has several with Hybrid Modern Authentication')
    .option('--tenant <id>', 'the tenant of Dynamics (default: the one that the environment names)')
    .addOption(
      new Option('--cloud <name>', 'the cloud (default: as the configuration or the host says)').choices([
        'public',
        'usgov',
        'usgov-dod',
        'china',
      ]),
    )
    .option('--out <file>', 'write the configuration to a file')
    .option('--force', 'write over a file that is there')
    .action((environmentUrl: string, own: Omit<ImportArguments, 'environmentUrl'>, command: Commander) =>
      start(command, async (scene) =>
        (await import('./import.ts')).importProfile({ ...scene, json: scene.options.json }, { environmentUrl, ...own }),
      ),
    )
}

function sandbox(add: Add, start: Start): void {
  const parent = add('sandbox', 'serve a local Azure on loopback, until it is stopped')
    .option('--port <number>', 'the port to listen on (default: any free one)', whole('port', 1, 65_535))
    .action(({ port }: { port?: number }, command: Commander) =>
      start(command, async (scene) => (await import('./sandbox.ts')).serve(scene, port)),
    )
  add('advance', "move the sandbox's clock forward", parent)
    .addArgument(new Argument('<duration>', 'how far: 335d, 12h, 1d12h'))
    .action((by: string, _own: unknown, command: Commander) =>
      start(command, async (scene) => (await import('./sandbox.ts')).advance(scene, by)),
    )
  add('reset', "forget the sandbox's world", parent).action((_own: unknown, command: Commander) =>
    start(command, async (scene) => (await import('./sandbox.ts')).reset(scene)),
  )
}

const yes = (): Option => new Option('-y, --yes', 'do not ask')

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

const whole =
  (what: string, least: number, most: number) =>
  (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`The ${what} is a whole number from ${least} to ${most}.`)
  }

function shard(text: string): Shard {
  const part = readShard(text)
  if (part) return part
  throw new InvalidArgumentError('A part is told by its index and how many there are, as 0/4 to 3/4.')
}

/** The options as given, wherever on the line they stood. */
function options(command: Commander): Options {
  const given: Partial<Options> & Pick<Options, 'color' | 'concurrency'> = command.optsWithGlobals()
  const { file = [], only = [], sandbox = false, json = false, quiet = false, verbose = false, yes = false } = given
  const { color, concurrency, shard } = given
  return { file, only, shard, sandbox, json, quiet, verbose, yes, color, concurrency }
}
