import pLimit from 'p-limit'
import type { Cloud } from '../azure/cloud.ts'
import { defaultFile } from '../config/defaultFile.ts'
import type { Deployment } from '../config/load.ts'
import { defaultIn } from '../config/read/defaultLocation.ts'
import type { Environment } from '../config/read/environment.ts'
import type { Pace } from '../core/pace.ts'
import { version } from '../version.ts'
import { ask } from '../views/terminal/question.ts'
import type { View } from '../views/view.ts'
import { leftOut, usable, withoutSignIns } from './chosen.ts'
import type { Target } from './deployment.ts'
import type { Examination } from './examination.ts'
import type { Exploration, Site } from './explore.ts'
import type { Options, RunContext } from './options.ts'
import { reach } from './reach.ts'
import type { Rehearsal } from './rehearsal.ts'
import { budgets, quickLookups } from './runtime.ts'
import type { ServedSandbox } from './sandbox.ts'

export type { Options, RunContext }

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
  /**
   * Does the work on one deployment once there is room. In a fleet, it leaves nothing open behind; if the deployment `goesOn`, it stays
   * signed in.
   */
  limit<Result>(target: Target, work: () => Promise<Result>, goesOn?: (result: Result) => boolean): Promise<Result>
  /** Asks the person at the terminal; throws if there is none. */
  ask(question: string): Promise<boolean>
  close(): Promise<void>
}

export const machineNow = (): number => Date.now()

export const environment = (): Environment => process.env

/** Sets variables for this run, also for the Azure SDK, which reads the environment itself. Variables already set stay. */
export function addToEnvironment(variables: Environment): void {
  for (const [name, value] of Object.entries(variables)) process.env[name] ??= value
}

/** Azure or the sandbox, with the clients of these deployments. */
const reached = (options: Options, context: RunContext, deployments: readonly Deployment[], cloud?: Cloud) =>
  reach(options, context, { env: environment(), machineNow, deployments, cloud })

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
  const seen = { directory: context.directory, sandbox: options.sandbox, signal: context.signal, now, skew: runtime.clock.skew }
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
    limit: (target, work, goesOn) => limit(() => releasing(target, () => budget(target.name, work), goesOn)),
    ask: (question) => ask(question, context.terminal, context.signal),
    close,
  }
}

/** Afterwards the deployment rests, or is only disconnected if it goes on. */
async function releasing<Result>(target: Target, work: () => Promise<Result>, goesOn: (result: Result) => boolean = () => false) {
  let going = false
  try {
    const result = await work()
    going = goesOn(result)
    return result
  } finally {
    await (going ? target.disconnect() : target.rest())
  }
}

/** For `hma import` and `hma init`: there may be no configuration yet. */
export async function explore(options: Options, context: RunContext, site: Site): Promise<Exploration> {
  const { availableConfiguration } = await import('../config/availableConfiguration.ts')
  const asked = { files: options.file, only: options.only, env: environment(), directory: context.directory }
  const { deployments, signIns, unusable } = await availableConfiguration(asked)
  if (unusable)
    context.view.note(`${defaultFile} has errors, so its cloud and sign-in settings are ignored. \`hma validate\` shows them.`)
  const [{ imported, surroundings }, { cloudOf }] = await Promise.all([import('./explore.ts'), import('./connections.ts')])
  const place = surroundings({ signIns }, site)
  const { runtime, clients, close } = await reached(options, context, deployments, cloudOf(place))
  const connected = await clients.of(place)
  return {
    search: connected.search,
    cloud: cloudOf(place),
    access: place.access,
    glance: quickLookups(runtime.pace.timer),
    read: (sought) => imported(connected, sought, { place, deployments, now: () => new Date(runtime.clock.now()) }),
    close,
  }
}

/** For `hma doctor`: whatever configuration there is, each part with its clients. */
export async function examine(options: Options, context: RunContext): Promise<Examination> {
  const [{ usableConfiguration }, { examineTenants, subjectsOf }, { examineHosts }] = await Promise.all([
    import('../config/availableConfiguration.ts'),
    import('./examine.ts'),
    import('./examineHosts.ts'),
  ])
  const asked = { files: options.file, only: options.only, env: environment(), directory: context.directory }
  const found = await usableConfiguration(asked)
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

/** The sandbox's own commands. */
export async function sandbox(options: Options, context: RunContext) {
  const { advanceSandbox, withPrerequisites, resetSandbox, runningSandbox, serveSandbox } = await import('./sandbox.ts')
  const { directory } = context
  return {
    serve: async (serving: ServedSandbox) => {
      const given = options.file.length > 0 || defaultIn(directory) !== undefined
      return serveSandbox(
        given ? withPrerequisites(await withoutSignIns(options, { directory, env: environment() })) : [],
        directory,
        serving,
      )
    },
    advance: (milliseconds: number) => advanceSandbox(directory, milliseconds),
    reset: () => resetSandbox(directory),
    running: () => runningSandbox(directory),
  }
}
