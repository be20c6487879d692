import { Argument, Command as Commander, Option } from 'commander'
import { HmaError } from '../../core/errors.ts'
import type { Rotatable } from '../../deployment/renewal/rotation.ts'
import type { Options } from '../../session/session.ts'
import type { Terminal } from '../../views/view.ts'
import type { RehearseArguments } from '../rehearsal/rehearse.ts'
import type { Serving } from '../sandbox.ts'
import type { EnvironmentRequest, Shell } from '../sandboxEnvironment.ts'
import type { StatusArguments } from '../status/status.ts'
import type { Add, Command, Start } from './command.ts'
import { refuseEmptyValues } from './emptyValues.ts'
import { addGlobalOptions, collect, options, whole } from './globalOptions.ts'
import { helpCommands } from './helpCommands.ts'
import { examples, exitCodes } from './helpText.ts'
import { startCommands } from './startCommands.ts'
import { topicList } from './topics.ts'

export interface Wiring {
  readonly version: string
  readonly terminal: Terminal
  /** `writes`: to Azure. */
  run(options: Options, command: Command, writes?: 'writes'): Promise<void>
}

/** The command line: every command with its arguments and help. Commands are loaded when called. */
export function program({ version, terminal, run }: Wiring): Commander {
  const root = new Commander('hma')
    .description('Connects Dynamics 365 to Exchange Server with Hybrid Modern Authentication.')
    .usage('<command> [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureHelp({ helpWidth: Math.min(terminal.columns, 100), showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text), outputError: () => {} })
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText('after', `${topicList()}\n${exitCodes}`)
  addGlobalOptions(root)
  refuseEmptyValues(root)
  const add: Add = (signature, summary, parent = root) => {
    const command = parent
      .command(signature)
      .summary(summary)
      .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    return command.addHelpText('after', examples[command.name()] ?? '')
  }
  const start: Start = (command, work) => run(options(command), work)
  plans(add, start)
  rehearsals(add, start)
  saved(add, start)
  changes(add, (command, work) => run(options(command), work, 'writes'))
  answers(add, start)
  startCommands(add, start)
  sandbox(add, start)
  helpCommands(root, add, start, (command, more, work) => run({ ...options(command), ...more }, work))
  return root
}

function plans(add: Add, start: Start): void {
  add('validate', 'check the configuration, offline').action((_options, command: Commander) =>
    start(command, async ({ view, options, environment, directory }) =>
      (await import('../validate.ts')).validate(view, { ...options, files: options.file, environment, directory }),
    ),
  )
  add('plan', 'preview the changes without making them')
    .option('--out <file>', 'save the plan, for `hma apply <file>`')
    .option('--markdown', 'print it as a comment for a pull request')
    .option('--html <file>', 'write an HTML page with the dependency graph')
    .option('--detailed-exitcode', 'exit with 2 if there are changes')
    .action((own: { out?: string; markdown?: true; html?: string; detailedExitcode?: true }, command: Commander) =>
      start(command, async (context) => (await import('../plan.ts')).plan(context, { ...own, json: context.options.json })),
    )
}

function rehearsals(add: Add, start: Start): void {
  add('rehearse', 'try the changes, faults and a year of runs on a copy first')
    .option('--save <file>', 'save the copy of the deployment as JSON')
    .option('--from <file>', 'rehearse a saved copy, without contacting Azure')
    .option('--schedules <number>', 'how many schedules of faults (default: 50)', whole('schedules', 0, 10_000))
    .option('--every <duration>', 'how often the schedule runs: 1d, 12h, 1w', '1d')
    .option('--absent <duration>', 'also rehearse a schedule that stops for this long: 40d')
    .option('--markdown', 'print it as a comment for a pull request')
    .option('--html <file>', 'write an HTML page with a timeline')
    .action((own: RehearseArguments, command: Commander) =>
      start(command, async (context) =>
        (await import('../rehearsal/rehearse.ts')).rehearse(context, { ...own, json: context.options.json }),
      ),
    )
}

function saved(add: Add, start: Start): void {
  add('show', 'show a saved plan again')
    .argument('<plan-file>', 'a plan saved by `hma plan --out`')
    .option('--markdown', 'print it as a comment for a pull request')
    .option('--html <file>', 'write an HTML page with the dependency graph')
    .action((planFile: string, own: { markdown?: true; html?: string }, command: Commander) =>
      start(command, async (context) =>
        (await import('../show.ts')).show(context, { ...own, planFile, json: context.options.json }),
      ),
    )
}

function changes(add: Add, start: Start): void {
  add('apply', 'make the changes, after asking')
    .argument('[plan-file]', 'a plan saved by `hma plan --out`: apply exactly this, or refuse')
    .option('--digest <digest>', 'digest of the reviewed plan: apply exactly this, or refuse')
    .addOption(yes())
    .action((planFile: string | undefined, { digest }: { digest?: string }, command: Commander) =>
      start(command, async (context) => {
        const { apply } = await import('../apply.ts')
        const agreed = { ...(planFile !== undefined && { planFile }), ...(digest !== undefined && { digest }) }
        return apply(context, { ...context.options, ...agreed })
      }),
    )
  add('adopt', 'mark existing objects as managed by hma')
    .argument('[address...]', 'resources to adopt, as plan names them (default: everything unmarked)')
    .addOption(yes())
    .action((addresses: string[], _own: unknown, command: Commander) =>
      start(command, async ({ open, options }) => {
        const { adopt } = await import('../adopt.ts')
        return adopt(await open(), { ...options, addresses })
      }),
    )
  add('rotate', 'renew the certificate or the client secret now, and apply all other changes')
    .addArgument(new Argument('<what>', 'what to renew').choices(['certificate', 'clientSecret']))
    .addOption(yes())
    .action((what: Rotatable, _own: unknown, command: Commander) =>
      start(command, async ({ open, options }) => (await import('../rotate.ts')).rotate(await open(), { ...options, what })),
    )
  add('destroy', 'remove what hma manages for these deployments, and nothing else')
    .addOption(yes())
    .action((_own: unknown, command: Commander) =>
      start(command, async ({ open, options }) => (await import('../destroy.ts')).destroy(await open(), options)),
    )
}

function answers(add: Add, start: Start): void {
  add('verify', 'prove that Dynamics can sign in to Exchange, step by step').action((_own: unknown, command: Commander) =>
    start(command, async ({ open }) => (await import('../verify.ts')).verify(await open())),
  )
  add('status', 'show what is trusted, what expires when, and what Dynamics holds')
    .option('--within <duration>', 'exit with 1 if anything in use expires within this time or is broken: 14d, 2w')
    .option('--html <file>', 'write an HTML page with a timeline, sortable and searchable')
    .option('--metrics', 'print metrics for Prometheus')
    .option('--proof <file>', 'include the result of `hma verify --json`; repeatable', collect)
    .option('--merge <file...>', 'merge reports of `hma status --json` without contacting Azure')
    .action((own: Omit<StatusArguments, 'json'>, command: Commander) =>
      start(command, async (context) => {
        const { status } = await import('../status/status.ts')
        return status(context, { ...own, json: context.options.json })
      }),
    )
  add('output', 'print the values of the email server profile')
    .argument('[name]', 'only this value')
    .option('--reveal', 'print the client secret itself, if the vault keeps it')
    .addOption(new Option('--terraform', 'print `import` blocks of all objects').conflicts('reveal'))
    .action((name: string | undefined, own: { reveal?: boolean; terraform?: true }, command: Commander) =>
      start(command, async ({ open }) => {
        const { output, terraform } = await import('../output.ts')
        const { reveal = false } = own
        if (own.terraform && name !== undefined) throw oneOrAll()
        if (own.terraform) return terraform(await open())
        return output(await open(), { reveal, ...(name !== undefined && { name }) })
      }),
    )
  add('csr', 'print the certificate signing request for your CA').action((_own: unknown, command: Commander) =>
    start(command, async ({ open }) => (await import('../csr.ts')).csr(await open())),
  )
  add('graph', 'print the dependency graph')
    .addOption(new Option('--format <format>', 'output format').choices(['mermaid', 'dot', 'svg']).default('mermaid'))
    .action(({ format }: { format: 'mermaid' | 'dot' | 'svg' }, command: Commander) =>
      start(command, async ({ open, options }) =>
        (await import('../graph.ts')).graph(await open(), { format, json: options.json }),
      ),
    )
  add('schema', 'print the JSON Schema of the configuration').action((_own: unknown, command: Commander) =>
    start(command, async ({ view }) => (await import('../schema.ts')).schema(view)),
  )
}

const oneOrAll = (): HmaError =>
  new HmaError('HMA112', '--terraform prints all objects, not one value', { hint: 'Leave the name out.' })

function sandbox(add: Add, start: Start): void {
  const parent = add('sandbox', 'serve a local Azure on loopback until you stop it')
    .option('--port <number>', 'the port to listen on (default: any free one)', whole('port', 1, 65_535))
    .option('--also-port <number>', 'a second port: 443 for clients that use no proxy', whole('also-port', 1, 65_535))
    .option('--in-memory', 'save no changes: they are lost when it stops')
    .action((serving: Serving, command: Commander) =>
      start(command, async (context) => (await import('../sandbox.ts')).serve(context, serving)),
    )
  add('env', 'print the variables that point any client to the running sandbox', parent)
    .option('--tenant <id>', 'sign in to this tenant (default: the first)')
    .addOption(
      new Option('--rights <rights>', 'rights of the identity to sign in as').choices(['owner', 'reader']).default('owner'),
    )
    .addOption(new Option('--shell <shell>', 'for which shell').choices(['sh', 'fish', 'pwsh', 'json']).default('sh'))
    .action(({ shell, ...request }: EnvironmentRequest & { shell: Shell }, command: Commander) =>
      start(command, async (context) => (await import('../sandbox.ts')).env(context, request, shell)),
    )
  add('advance', "move the sandbox's clock forward", parent)
    .addArgument(new Argument('<duration>', 'how far: 335d, 12h, 1d12h'))
    .action((by: string, _own: unknown, command: Commander) =>
      start(command, async (context) => (await import('../sandbox.ts')).advance(context, by)),
    )
  add('reset', 'start over with an empty sandbox', parent).action((_own: unknown, command: Commander) =>
    start(command, async (context) => (await import('../sandbox.ts')).reset(context)),
  )
}

const yes = (): Option => new Option('-y, --yes', 'do not ask for confirmation')
