import pLimit from 'p-limit'
import type { Chosen } from '../config/choose.ts'
import type { Deployment } from '../config/load.ts'
import { type CopiedDeployment, type Snapshot, snapshotFormat } from '../rehearsal/format.ts'
import type { PlayableDeployment } from '../rehearsal/rehearse.ts'
import { version } from '../version.ts'
import type { Connected, ConnectionSettings, ConnectionTarget } from './connections.ts'
import { copyDeployment } from './rehearsalCopy.ts'
import type { Runtime } from './runtime.ts'

/** What `hma rehearse` may use. */
export interface Rehearsal {
  readonly version: string
  readonly names: readonly string[]
  /** How many other requested deployments are unusable. */
  readonly unusable: number
  /** Reads what a plan reads, for every deployment. */
  copy(): Promise<Snapshot>
  /** Undefined if the configuration has no such deployment. */
  prepare(copied: CopiedDeployment): Promise<PlayableDeployment | undefined>
}

interface RehearsalContext {
  readonly directory: string
  readonly sandbox: boolean
  readonly concurrency: number
  readonly signal: AbortSignal
  reach(deployments: readonly Deployment[]): Promise<Reached>
}

interface Reached {
  readonly runtime: Runtime
  readonly clients: { of(where: ConnectionTarget, through?: ConnectionSettings['through']): Promise<Connected> }
  close(): Promise<void>
}

/** Copies of these deployments, and worlds that start from such a copy. */
export const rehearsalOf = ({ deployments, unusable }: Chosen, around: RehearsalContext): Rehearsal => ({
  version,
  unusable,
  names: deployments.map(({ configuration }) => configuration.name),
  async copy() {
    const { runtime, clients, close } = await around.reach(deployments)
    const limit = pLimit(around.concurrency)
    const copies = deployments.map((one) => limit(() => copyDeployment(one, { runtime, connect: clients.of, ...around })))
    const all = await Promise.all(copies).finally(close)
    return { format: snapshotFormat, hmaVersion: version, takenAt: new Date(runtime.clock.now()).toISOString(), deployments: all }
  },
  async prepare(copied) {
    const deployment = deployments.find(({ configuration }) => configuration.name === copied.name)
    if (deployment === undefined) return undefined
    const [{ prepareSimulation }, { threadsFor }] = await Promise.all([
      import('./rehearsalSimulation.ts'),
      import('./rehearsalThreads.ts'),
    ])
    const threads = () => threadsFor({ deployment, copied, directory: around.directory })
    return { ...(await prepareSimulation(deployment, copied, around)), threads }
  },
})
