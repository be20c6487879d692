import type { Azure, LogEntry, Principal, Seed, Settings, World } from './azure.ts'
import { clockOf, pause } from './clock.ts'
import type { Copy } from './copied/copy.ts'
import { putCopy } from './copied/putCopy.ts'
import type { StandIn } from './copied/vaultContents.ts'
import { publishExchange } from './directory/seed.ts'
import { callerOf } from './entra/bearer.ts'
import { signingKey } from './entra/tokens.ts'
import { serverAt } from './exchange/server.ts'
import type { Tls } from './exchange/state.ts'
import type { Fault } from './faults/faults.ts'
import { seededRandom } from './faults/random.ts'
import type { Condition } from './faults/settings.ts'
import { forgetControlToken, newControlToken } from './front/controlToken.ts'
import { connecting, portFor } from './front/entrance.ts'
import { own, servedAt } from './front/hosts.ts'
import { type Lock, lock } from './front/lock.ts'
import { type Listening, listen } from './front/server.ts'
import { reportOnce } from './honoured.ts'
import { catchUp } from './keyVault/certificates/issuance.ts'
import { type CausedViolation, monitor, type Violation, violations } from './monitor/continuity.ts'
import { normalSeed, seedAll } from './seedAll.ts'
import { type RequestScheduler, services } from './services.ts'
import { defaultSettings } from './settings.ts'
import { readWorld, saved, sharedSaves, shown } from './store.ts'
import { newWorld } from './world.ts'

export interface Endpoints {
  /** URLs without a slash at the end; `exchange` is the whole URL of EWS. */
  readonly authorityHost: string
  readonly resourceManager: string
  readonly graph: string
  /** Host and port. */
  readonly keyVaultSuffix: string
  readonly dataverse: string
  readonly exchange: string
}

/** A local Azure that is being served. */
export interface Sandbox {
  readonly port: number
  /** The authority that signed the certificates of all its hosts. */
  readonly caPem: string
  readonly principals: readonly Principal[]
  /** Changes count from the next request on. */
  readonly settings: Settings
  readonly world: World
  readonly log: readonly LogEntry[]
  /** Moments at which sign-in from Dynamics would have failed although it had worked before. */
  readonly violations: readonly CausedViolation[]
  /** The substitute for the certificate that the user supplies according to the copy. */
  readonly standIn?: StandIn
  /** Injected faults; add more with push. */
  readonly faults: Fault[]
  /** How often each setting took effect. */
  readonly conditions: ReadonlyMap<Condition, number>
  readonly endpoints: Endpoints
  /** The port at which to connect to this host, with or without a port; nothing listens there while a fault refuses connections. */
  doorOf(host: string): number | undefined
  /** Does the sandbox simulate this host, with or without a port? */
  knows(host: string): boolean
  /** Answers a request that is handed over inside the process; fails as a connection does, with its code. */
  answer(request: Request): Promise<Response>
  now(): Date
  advance(milliseconds: number): void
  /** Catches up with what is due, such as a vault's own renewal of a certificate, and checks that sign-in still works. */
  check(): Promise<CheckResult>
  close(): Promise<void>
}

/** The world at an instant. */
export interface CheckResult {
  /** Where sign-in is currently broken. */
  readonly broken: readonly Violation[]
  /** A new value whenever the contents of the vaults have changed. */
  readonly vaults: string
}

export interface Start {
  readonly seed: Seed
  /** The file that keeps the world; without it, the world is in memory only. */
  readonly file?: string
  /** Starts with the world in the file, or a new one, and keeps none of its changes. */
  readonly inMemory?: boolean
  /** The world to start with if no file keeps one; without it, a new one. It changes as it is served. */
  readonly world?: World
  /** A copy of a real deployment: the new world is made from it, and its clock stands at that instant. */
  readonly copy?: Copy
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** Another port to serve on: 443 for clients without a proxy. */
  readonly alsoPort?: number
  /** Other programs use it, by the names of its `endpoints`. */
  readonly forOthers?: boolean
  /** Called once for each host that a proxy client asked for and the sandbox does not play. */
  refused?(host: string): void
  /** Called with a request of which a part was ignored, once for each kind. */
  ignored?(entry: LogEntry): void
  /** False if every request is passed in through `answer`: then no port is opened. */
  readonly listens?: false
  readonly settings?: Partial<Settings>
  readonly randomSeed?: number
  readonly conductor?: RequestScheduler
}

/** Serves a world on the loopback address until it is closed. Throws a one-line `Error` if it cannot. */
export async function start(options: Start): Promise<Sandbox> {
  const { file } = options
  if (file === undefined) return serve(options, options.world ?? (await begun(options)), () => {})
  const held = lock(file)
  try {
    const stored = readWorld(file)
    const world = stored ?? (await newWorld())
    const kept = options.inMemory === true ? shown(file, world, stored !== undefined) : saved(file, world)
    const sandbox = await serve({ ...options, controlToken: newControlToken(file) }, world, kept.write)
    held.listening(sandbox.port)
    return {
      ...sandbox,
      close: () =>
        sandbox
          .close()
          .then(kept.end)
          .finally(() => release(file, held)),
    }
  } catch (error) {
    held.release()
    throw error
  }
}

/** A new world; if made from a copy, its clock stands at the copy's instant. */
async function begun({ copy }: Start): Promise<World> {
  const world = await newWorld()
  return copy === undefined ? world : { ...world, stands: Date.parse(copy.at) }
}

/** The next process that locks the file creates its own token. */
function release(file: string, held: Lock): void {
  forgetControlToken(file)
  held.release()
}

async function serve(options: Start & { readonly controlToken?: string }, world: World, write: () => void): Promise<Sandbox> {
  const seed = normalSeed(options.seed)
  const conditions = new Map<Condition, number>()
  const azure = azureOf(world, { ...defaultSettings, ...options.settings }, options.randomSeed ?? 1, conditions)
  const seeded = seedAll(azure, seed)
  const standIn = options.copy && (await putCopy(azure, options.copy, seeded))
  write()
  const save = sharedSaves(write)
  const log: LogEntry[] = []
  const faults: Fault[] = []
  const watch = monitor(azure)
  const conductor = options.conductor ?? atOnce
  const ignored = reportOnce(options.ignored)
  const answer = services({
    ...{ azure, hosts: seed.hosts, log, faults, save, watch, conductor, ignored },
    controlToken: options.controlToken,
  })
  const knows = (host: string): boolean => servedAt(azure, seed.hosts, host) !== undefined
  const tlsOf = (host: string): Tls => serverAt(world.exchange, host)?.tls ?? 'fine'
  const { authority } = world.keys
  const entrance = { azure, hosts: seed.hosts, faults, log }
  const connects = connecting(entrance, options.refused ?? (() => {}))
  const ports = { port: options.port ?? 0, alsoPort: options.alsoPort }
  const listening =
    options.listens === false ? noListener : await listen({ authority, ...ports, knows, connects, tlsOf, now: azure.now, answer })
  if (options.forOthers) publishExchange(azure, seed, listening.port)
  const doorOf = (host: string): number | undefined => portFor(entrance, host, listening.port)
  const { principals } = world.directory
  const parts = {
    ...{ principals, settings: azure.settings, world, log, faults, conditions, violations: watch.violations },
    ...(standIn && { standIn }),
  }
  const { advance } = clockOf(world)
  const look = () => checked(azure)
  const handed = handedOver(answer, (host) => portFor(entrance, host, open) === open)
  return { ...parts, knows, doorOf, answer: handed, now: azure.now, ...opened(world, listening), advance, check: look }
}

/** Opens no port. */
const noListener: Listening = { port: 0, close: async () => {} }

/** Any port but the one that is closed. */
const open = 0

/** The same answers as over a connection, without one. */
function handedOver(answer: ReturnType<typeof services>, connects: (host: string) => boolean): Sandbox['answer'] {
  const broken = (code: string, host: string): Error => Object.assign(new Error(`${code} ${host}`), { code })
  return async (request) => {
    const { host } = new URL(request.url)
    if (!connects(host)) throw broken('ECONNREFUSED', host)
    const response = await answer({ request, gone: () => new Promise(() => {}) })
    if (response === undefined) throw broken('ECONNRESET', host)
    return response
  }
}

async function checked(azure: Azure): Promise<CheckResult> {
  const vaults = Object.values(azure.world.vaults)
  for (const vault of vaults) await catchUp(azure, vault)
  const versions = vaults.flatMap(({ certificates }) => Object.values(certificates).flatMap((one) => one.versions))
  return {
    broken: violations(azure.world, azure.now(), azure.settings),
    vaults: versions.map(({ version }) => version).join(),
  }
}

const atOnce: RequestScheduler = {
  inTurn: (_request, answer) => answer(),
  pause: (milliseconds) => (milliseconds === 'stall' ? new Promise<void>(() => {}) : pause(milliseconds)),
}

const opened = (world: World, { port, close }: Listening): Pick<Sandbox, 'port' | 'caPem' | 'endpoints' | 'close'> => ({
  port,
  // Ends with a line break, so that it can be concatenated with other certificates.
  caPem: `${world.keys.authority.certificate.trimEnd()}\n`,
  endpoints: {
    authorityHost: `https://${own.login}:${port}`,
    resourceManager: `https://${own.management}:${port}`,
    graph: `https://${own.graph}:${port}`,
    keyVaultSuffix: `${own.vaultSuffix}:${port}`,
    dataverse: `https://${own.dataverse}:${port}`,
    exchange: `https://${own.exchange}:${port}/EWS/Exchange.asmx`,
  },
  close,
})

function azureOf(world: World, settings: Settings, randomSeed: number, conditions: Map<Condition, number>): Azure {
  const key = signingKey(world)
  const { now } = clockOf(world)
  const met = (condition: Condition): void => void conditions.set(condition, (conditions.get(condition) ?? 0) + 1)
  return {
    world,
    settings,
    now,
    met,
    authenticate: (request, audiences) => {
      const caller = callerOf(key, request, audiences, now())
      if (caller === 'expired') met('expired token')
      return caller
    },
    random: seededRandom(randomSeed),
  }
}
