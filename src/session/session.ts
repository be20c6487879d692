import type { Sandbox } from 'hma-sandbox'
import pLimit from 'p-limit'
import type { Cloud } from '../azure/cloud.ts'
import { defaultFile } from '../config/defaultFile.ts'
import type { Deployment } from '../config/load.ts'
import { defaultIn } from '../config/read/defaultFile.ts'
import type { Environment } from '../config/read/environment.ts'
import type { Pace } from '../core/pace.ts'
import { version } from '../version.ts'
import { shownSignIns } from '../views/progress/signIns.ts'
import { harmlessLines } from '../views/terminal/line.ts'
import { ask } from '../views/terminal/question.ts'
import type { Terminal, View } from '../views/view.ts'
import { configured, usable } from './chosen.ts'
import type { Connected, ConnectionSettings, ConnectionTarget } from './connections.ts'
import type { Target } from './deployment.ts'
import type { Examination } from './examination.ts'
import type { Exploration, Site } from './explore.ts'
import { leftOut } from './leftOut.ts'
import type { Options } from './options.ts'
import type { Rehearsal } from './rehearsal.ts'
import { budgets, glances, local, type Runtime, real } from './runtime.ts'
import type { ServedSandbox } from './sandbox.ts'
import { turns } from './turns.ts'

export type { Options }

/** Everything a command may use of the run. */
export interface Session {
  readonly view: View
  readonly targets: readonly Target[]
  /** How many other requested deployments are unusable; their mistakes have been reported. */
  readonly unusable: number
  readonly pace: Pace
  readonly signal: AbortSignal
  readonly version: string
  /** It runs on the local Azure. */
  readonly sandbox: boolean
  /** The services' time, once they have answered. */
  now(): Date
  /** How far the machine's clock is ahead of the services', in milliseconds; negative where it is behind. */
  skew(): number
  /** How a deployment takes its turn to write: `--concurrency` of them at once. */
  turn(): NonNullable<Pace['turn']>
  /** Does the work on one deployment once there is room. In a fleet, it leaves nothing open behind. */
  limit<Result>(target: Target, work: () => Promise<Result>): Promise<Result>
  /** Asks the person at the terminal; throws if there is none. */
  ask(question: string): Promise<boolean>
  close(): Promise<void>
}

/** What a command is composed with. */
export interface RunContext {
  readonly view: View
  readonly terminal: Terminal
  readonly signal: AbortSignal
  /** The folder that relative paths start from and where the sandbox keeps its world. */
  readonly directory: string
  /** Logs the trace of every request, if a log was requested. */
  readonly trace?: ((text: string) => void) | undefined
}

export const machineNow = (): number => Date.now()

export const environment = (): Environment => process.env

/** Sets variables for this run, also for the Azure SDK, which reads the environment itself. Variables already set stay. */
export function addToEnvironment(variables: Environment): void {
  for (const [name, value] of Object.entries(variables)) process.env[name] ??= value
}

/** Azure or the sandbox, with the clients of these deployments. */
async function reached(options: Options, context: RunContext, deployments: readonly Deployment[], cloud?: Cloud) {
  const sandbox = options.sandbox ? await startLocal(deployments, context.directory, cloud) : undefined
  const runtime = sandbox ? local(sandbox) : real(environment(), machineNow)
  const clients = await connections(runtime, options, context, deployments.length)
  return { runtime, clients, close: () => clients.close().then(() => sandbox?.close()) }
}

/** Configuration, clients, kinds and clock, assembled for one command. */
export async function open(options: Options, context: RunContext): Promise<Session> {
  const { deployments, unusable } = await usable(options, { ...context, env: environment() })
  const [{ makeTarget }, { runtime, clients, close }] = await Promise.all([
    import('./deployment.ts'),
    reached(options, context, deployments),
  ])
  const limit = pLimit(begun)
  const budget = budgets(options.deadline, runtime.pace.timer)
  const limited = {
    variables: environment().HMA_ALLOWED_VARIABLES !== undefined,
    clouds: environment().HMA_ALLOWED_CLOUDS !== undefined,
  }
  const now = (): Date => new Date(runtime.clock.now())
  const seen = { directory: context.directory, sandbox: options.sandbox, signal: context.signal, now }
  const made = deployments.map(({ configuration: one, foreign }) =>
    clients
      .of(one)
      .then((connected) => makeTarget(one, connected, { ...seen, foreign, limited }))
      .catch(leftOut(one.name, context.view)),
  )
  const targets = (await Promise.all(made)).filter((one) => one !== undefined)
  return {
    view: context.view,
    signal: context.signal,
    version,
    sandbox: options.sandbox,
    unusable: unusable + deployments.length - targets.length,
    pace: runtime.pace,
    now,
    skew: runtime.clock.skew,
    targets,
    turn: clients.turns.deployment,
    limit: (target, work) => limit(() => budget(target.name, work).finally(() => target.rest())),
    ask: (question) => ask(question, context.terminal, context.signal),
    close,
  }
}

/** For `hma import` and `hma init`: there may be no configuration yet. */
export async function explore(options: Options, context: RunContext, site: Site): Promise<Exploration> {
  const { atHand } = await import('../config/atHand.ts')
  const asked = { files: options.file, only: options.only, env: environment(), directory: context.directory }
  const { deployments, signIns, unusable } = await atHand(asked)
  if (unusable)
    context.view.note(`${defaultFile} has errors, so its cloud and sign-in settings are ignored. \`hma validate\` shows them.`)
  const [{ imported, surroundings }, { cloudOf }] = await Promise.all([import('./explore.ts'), import('./connections.ts')])
  const place = surroundings({ signIns }, site)
  const { runtime, clients, close } = await reached(options, context, deployments, cloudOf(place))
  const connected = await clients.of(place)
  return {
    landscape: connected.landscape,
    cloud: cloudOf(place),
    access: place.access,
    glance: glances(runtime.pace.timer),
    read: (sought) => imported(connected, sought, { place, deployments, now: () => new Date(runtime.clock.now()) }),
    close,
  }
}

/** For `hma doctor`: whatever configuration there is, each part with its clients. */
export async function examine(options: Options, context: RunContext): Promise<Examination> {
  const [{ whateverIsAtHand }, { examineTenants, subjectsOf }, { examineHosts }] = await Promise.all([
    import('../config/atHand.ts'),
    import('./examine.ts'),
    import('./examineHosts.ts'),
  ])
  const asked = { files: options.file, only: options.only, env: environment(), directory: context.directory }
  const found = await whateverIsAtHand(asked)
  const { runtime, clients, close } = await reached(options, context, found.deployments)
  const subjects = await subjectsOf(found, options.sandbox, (where) => clients.of(where))
  return {
    ...{ version, sandbox: options.sandbox, proxy: runtime.transport.proxy, skew: runtime.clock.skew },
    deployments: found.deployments.map(({ configuration }) => configuration.name),
    ...(found.unusable && { invalid: found.unusable }),
    tenants: () => examineTenants(subjects),
    hosts: () => examineHosts(subjects),
    evidence: async () =>
      (await import('./evidence.ts')).evidenceOn(
        found.deployments.map(({ configuration }) => configuration),
        { directory: context.directory, now: new Date(runtime.clock.now()) },
      ),
    close,
  }
}

/** For `hma rehearse`: copies of what really exists, and worlds that start from such a copy. */
export async function rehearsal(options: Options, context: RunContext): Promise<Rehearsal> {
  const { rehearsalOf } = await import('./rehearsal.ts')
  const reach = (deployments: readonly Deployment[]) => reached(options, context, deployments)
  return rehearsalOf(await usable(options, { ...context, env: environment() }), { ...context, ...options, reach })
}

/** Deployments in progress at once. Most of the time they wait; each takes some memory. */
const begun = 64

/** With more deployments than this, memory matters more than the time of each. */
const few = 16

/** The clients of all deployments, to be closed together. */
async function connections(
  runtime: Runtime,
  { verbose, concurrency }: Options,
  { terminal, view, signal, trace }: RunContext,
  many = 1,
) {
  const { commonTransports, connect, identityEndpoints, tuneFor } = await import('./connections.ts')
  const writers = turns(concurrency)
  tuneFor({ fleet: many > few })
  const made: Connected[] = []
  const print = (text: string): void => harmlessLines(text).forEach((line) => void terminal.err(`${line}\n`))
  const tell = (text: string): void => {
    if (verbose) print(text)
    trace?.(text)
  }
  const transport = {
    ...runtime.transport,
    timer: writers.waiting(runtime.pace.timer),
    clock: runtime.clock,
    signal,
    trace: verbose || trace ? tell : undefined,
  }
  const commons = commonTransports(transport)
  const signingIn = shownSignIns(view)
  return {
    turns: writers,
    async of(where: ConnectionTarget, through?: ConnectionSettings['through']): Promise<Connected> {
      const connected = await connect(where, {
        ...runtime,
        transport,
        common: commons.trusting,
        fleet: many > few,
        ...(through && { through }),
        version,
        identityEndpoints: identityEndpoints(environment()),
        prompt: (text) => view.aside(() => print(text)),
        signingIn,
        machineNow,
      })
      made.push(connected)
      return connected
    },
    close: async () => void (await Promise.all([commons, ...made].map((one) => one.close()))),
  }
}

/** The sandbox's own commands. */
export async function sandbox(options: Options, context: RunContext) {
  const { advanceSandbox, presupposing, resetSandbox, runningSandbox, serveSandbox } = await import('./sandbox.ts')
  const { directory } = context
  return {
    serve: async (serving: ServedSandbox) => {
      const given = options.file.length > 0 || defaultIn(directory) !== undefined
      return serveSandbox(
        given ? presupposing(await configured(options, { directory, env: environment() })) : [],
        directory,
        serving,
      )
    },
    advance: (milliseconds: number) => advanceSandbox(directory, milliseconds),
    reset: () => resetSandbox(directory),
    running: () => runningSandbox(directory),
  }
}

async function startLocal(deployments: readonly Deployment[], directory: string, cloud?: Cloud): Promise<Sandbox> {
  const { presupposing, startSandbox } = await import('./sandbox.ts')
  return startSandbox(presupposing(deployments), directory, { cloud })
}
