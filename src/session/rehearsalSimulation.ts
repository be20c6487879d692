import { CopyFault, faultsBySeed, type Sandbox, type StandIn, type Start, start, type World } from 'hma-sandbox'
import { machineTimer } from '../azure/http/timer.ts'
import { killable } from '../azure/rehearsal/killable.ts'
import type { Deployment } from '../config/load.ts'
import type { Timer } from '../core/deadline.ts'
import { limits } from '../core/limits.ts'
import { type CertificateFile, replacedFile } from '../deployment/certificateFile.ts'
import { prerequisites } from '../deployment/prerequisites.ts'
import { textFiles } from '../deployment/textFiles.ts'
import type { CopiedDeployment } from '../rehearsal/format.ts'
import type { InitialFaults, RehearsedCredential, RehearsedDeployment, Simulation } from '../rehearsal/simulation.ts'
import { unusableSnapshot } from '../rehearsal/snapshot.ts'
import type { Files } from '../resources/files.ts'
import { cloudOf, commonTransports, connect } from './connections.ts'
import { makeTarget } from './deployment.ts'
import { handedTo } from './handedOver.ts'
import { azurePace, local } from './runtime.ts'
import { hostsOf } from './sandbox.ts'

interface SimulationContext {
  readonly directory: string
  readonly signal: AbortSignal
}

type Settings = NonNullable<Start['settings']>

/** A directory without unusual lag, and key pairs generated once for all plays. */
const calmSettings: Settings = { replicationLag: 300, propagation: 0, registeringDns: 1000, keyPool: 12 }

const lags = [0, 4000, 45_000]
const roughSettings = (seed: number): Settings => ({ replicationLag: lags[seed % 3] ?? 0, propagation: (seed % 4) * 20_000 })

/** The sandbox state of a deployment's copy, made once; each play has its own clone. */
export async function prepareSimulation(
  { configuration }: Pick<Deployment, 'configuration'>,
  { copy }: CopiedDeployment,
  around: SimulationContext,
): Promise<RehearsedDeployment> {
  const cloud = cloudOf(configuration)
  const { dynamics, vault, ...rest } = prerequisites(configuration)
  const [organization] = copy.organizations
  const one = {
    ...{ ...rest, registrations: [], vault: { ...vault, exists: copy.vaults.length > 0 } },
    ...(dynamics && { dynamics: { ...dynamics, ...(organization && { organizationId: organization.organizationId }) } }),
  }
  const seed = { hosts: hostsOf(cloud), deployments: [one] }
  const maker = await start({ seed, copy, settings: calmSettings, listens: false }).catch((error: unknown) => {
    if (error instanceof CopyFault)
      throw unusableSnapshot(`The copy of ${configuration.name}`, `copy${error.place}: ${error.message}`, error)
    throw error
  })
  await maker.close()
  const file = await broughtIn(configuration, copy, maker.standIn, around)
  const begin = async (weather?: InitialFaults): Promise<Simulation> => {
    const world = structuredClone(maker.world)
    const timer = quickTimer(world)
    const conductor: NonNullable<Start['conductor']> = {
      inTurn: (_request, answer) => answer(),
      pause: (milliseconds) => timer.wait(milliseconds === 'stall' ? limits.attempt : milliseconds),
    }
    const settings = { ...calmSettings, ...(weather && roughSettings(weather.seed)) }
    const sandbox = await start({ seed, world, settings, conductor, randomSeed: weather?.seed ?? 1, listens: false })
    if (weather) sandbox.faults.push(...faultsBySeed(weather.seed, weather.faults))
    return simulationOn(sandbox, { configuration, file, timer, around })
  }
  const { name, safety } = configuration
  return { name, preventRemoval: safety.preventRemoval, copy, begin }
}

/** The user's certificate file, with a stand-in certificate whose key the sandbox may hold. */
const broughtIn = (
  { certificate }: Deployment['configuration'],
  { brought }: CopiedDeployment['copy'],
  standIn: StandIn | undefined,
  { directory }: SimulationContext,
): Promise<CertificateFile | undefined> =>
  replacedFile(
    certificate,
    { directory },
    {
      chain: standIn ? [standIn.certificate, ...brought.slice(1)] : [],
      privateKey: standIn?.privateKey,
    },
  )

/** How many milliseconds pass in the sandbox per millisecond on the machine. */
const speedUp = 4000

/** Waiting moves the sandbox's clock and takes next to no time: concurrent waits end in the order of their deadlines. */
function quickTimer(world: World): Timer {
  const now = (): number => (world.stands ?? 0) + world.ahead
  return {
    now,
    async wait(milliseconds, signal) {
      const until = now() + Math.ceil(milliseconds)
      await machineTimer.wait(milliseconds / speedUp, signal)
      world.ahead += Math.max(0, until - now())
    },
  }
}

interface SimulationParts {
  readonly configuration: Deployment['configuration']
  readonly file: CertificateFile | undefined
  readonly timer: Timer
  readonly around: SimulationContext
}

function simulationOn(sandbox: Sandbox, { configuration, file, timer, around }: SimulationParts): Simulation {
  const runtime = local(sandbox)
  const transport = { carry: handedTo(sandbox), timer, clock: runtime.clock, signal: around.signal }
  const commons = commonTransports(transport)
  const opened: { close(): Promise<void> }[] = []
  // The sandbox lags as Azure does, so hma polls at the same rate.
  const pace = { ...azurePace, timer }
  const files = keptFiles(textFiles(around.directory))
  return {
    now: sandbox.now,
    advance: sandbox.advance,
    check: sandbox.check,
    credentials: () => credentialsIn(sandbox),
    violations: () =>
      sandbox.violations.map(({ detail, cause }) => `${detail} (after ${cause.method} ${new URL(cause.url).pathname})`),
    endFaults() {
      sandbox.faults.splice(0)
      Object.assign(sandbox.settings, calmSettings)
    },
    async process(death) {
      const connected = await connect(configuration, {
        ...runtime,
        ...{ transport, common: commons.trusting, fleet: false, through: killable(death), identityEndpoints: [] },
        prompt: () => {},
        machineNow: () => sandbox.now().getTime(),
      })
      opened.push(connected)
      const { signal, directory } = around
      const seen = { directory, sandbox: true, signal, files, file, now: sandbox.now }
      const target = await makeTarget(configuration, connected, seen)
      return { nodes: target.nodes, kinds: target.kinds, pace }
    },
    async close() {
      await Promise.all([commons, ...opened].map((one) => one.close()))
      await sandbox.close()
    },
  }
}

/** The registrations' credentials, without those of the sandbox's own principals. */
function credentialsIn({ world, principals }: Sandbox): readonly RehearsedCredential[] {
  const own = new Set(principals.map(({ clientId }) => clientId))
  const applications = Object.values(world.directory.tenants).flatMap((tenant) => Object.values(tenant.applications))
  return applications
    .filter(({ appId, deletedDateTime }) => !own.has(appId) && deletedDateTime === null)
    .flatMap(({ displayName: application, keyCredentials, passwordCredentials }) => [
      ...keyCredentials.map(({ keyId, endDateTime }) => ({
        sort: 'certificate' as const,
        application,
        keyId,
        expires: endDateTime,
      })),
      ...passwordCredentials.map(({ keyId, endDateTime }) => ({
        sort: 'secret' as const,
        application,
        keyId,
        expires: endDateTime,
      })),
    ])
}

/** The machine's files for reading; writes are kept in memory. */
function keptFiles(machine: Files): Files {
  const written = new Map<string, string | undefined>()
  return {
    read: async (path) => (written.has(path) ? written.get(path) : machine.read(path)),
    write: async (path, text) => void written.set(path, text),
    remove: async (path) => void written.set(path, undefined),
  }
}
