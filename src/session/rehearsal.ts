import pLimit from 'p-limit'
import { readOnly } from '../azure/rehearsal/readOnly.ts'
import type { Chosen } from '../config/choose.ts'
import type { Deployment } from '../config/load.ts'
import type { Configuration } from '../config/schema.ts'
import { HmaError } from '../core/errors.ts'
import { SurveyFailed } from '../core/survey.ts'
import { writtenWith } from '../deployment/writtenWith.ts'
import { type CopiedDeployment, type HeldRight, type Snapshot, snapshotFormat } from '../rehearsal/format.ts'
import { type Answer, copyOf } from '../rehearsal/recording.ts'
import { lookAt, outline, planFrom } from '../rehearsal/run.ts'
import type { Stage } from '../rehearsal/stage.ts'
import { version } from '../version.ts'
import type { Connected, ConnectionSettings, ConnectionTarget } from './connections.ts'
import { cloudOf } from './connections.ts'
import { makeTarget } from './deployment.ts'
import { examineTenants } from './examine.ts'
import type { Runtime } from './runtime.ts'

/** What `hma rehearse` may use. */
export interface Rehearsal {
  readonly version: string
  readonly names: readonly string[]
  /** How many deployments were asked for besides, and cannot be used. */
  readonly unusable: number
  /** Reads what a plan reads, of every deployment. */
  copy(): Promise<Snapshot>
  /** Undefined where the configuration has no such deployment. */
  stage(copied: CopiedDeployment): Promise<Stage | undefined>
}

interface Around {
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

/** Copies of these deployments, and worlds that begin as such a copy. */
export const rehearsalOf = ({ deployments, unusable }: Chosen, around: Around): Rehearsal => ({
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
  async stage(copied) {
    const deployment = deployments.find(({ configuration }) => configuration.name === copied.name)
    const { stageOf } = await import('./rehearsalStage.ts')
    return deployment && stageOf(deployment, copied, around)
  },
})

/** How to reach what is to be copied. */
interface Original extends Pick<Around, 'directory' | 'sandbox' | 'signal'> {
  readonly runtime: Runtime
  connect(where: ConnectionTarget, through: NonNullable<ConnectionSettings['through']>): Promise<Connected>
}

/** What a plan reads of a deployment, as the services told it; and the plan itself. Nothing but GET requests and sign-ins goes out. */
async function copyDeployment({ configuration }: Deployment, original: Original): Promise<CopiedDeployment> {
  const { runtime, directory, sandbox, signal } = original
  const answers: Answer[] = []
  const guard = readOnly(cloudOf(configuration).authorityHost, ({ url, tenantId }, { status, body }) =>
    answers.push({ url, tenantId, status, body }),
  )
  const now = (): Date => new Date(runtime.clock.now())
  const connected = await original.connect(configuration, guard)
  const target = await makeTarget(configuration, connected, { directory, sandbox, signal, now })
  const process = { nodes: target.nodes, kinds: target.kinds, pace: runtime.pace }
  const { name, preventRemoval } = target
  const seen = await lookAt({ now }, { name }, process, signal).catch((error: unknown) => unreadable(error, signal))
  const copy = copyOf(answers, now())
  const assumptions = [...always(configuration), ...refusals(answers)]
  // Only now, so that what is asked about the identity is no part of the copy.
  const rights = await rightsToWrite(configuration, connected)
  if (typeof seen === 'string') return { name, copy, rights, assumptions: [...assumptions, seen] }
  const plan = planFrom(seen, { name, preventRemoval }, now())
  return { name, copy, plan: plan.filter(({ action }) => action !== 'none').map(outline), rights, assumptions }
}

/** Which rights to write the signed-in identity has. */
async function rightsToWrite(configuration: Configuration, connected: Connected): Promise<readonly HeldRight[]> {
  const tenants = await examineTenants([
    { ...connected, configuration, cloud: cloudOf(configuration), tenantIds: [], credentialOf: () => '' },
  ])
  return tenants.flatMap(({ rights }) =>
    rights.apply.flatMap(({ deployment: _own, ...found }) => {
      const kinds = writtenWith(found, configuration)
      return kinds.length === 0 ? [] : [{ ...found, kinds }]
    }),
  )
}

/** What cannot be read is told, and the rest is rehearsed. */
function unreadable(error: unknown, signal: AbortSignal): string {
  signal.throwIfAborted()
  if (!(error instanceof HmaError)) throw error
  const text = error instanceof SurveyFailed ? error.failures.map(({ error: one }) => messageOf(one)).join(' ') : error.message
  return `The plan could not be made, so what it would have read is taken to be missing: ${text}`
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const refusals = (answers: readonly Answer[]): readonly string[] => [
  ...new Set(
    answers
      .filter(({ status }) => status === 401 || status === 403)
      .map(({ url, status }) => `${new URL(url).host} refused to show ${new URL(url).pathname} (${status}).`),
  ),
]

const always = ({ certificate, keyVault, dynamics }: Deployment['configuration']): readonly string[] => [
  'Private keys and secret values cannot be copied: the rehearsal has its own, with the same dates.',
  'Network rules of the vault are not rehearsed: `hma doctor` checks whether its hosts can be reached.',
  'In the rehearsal hma has every right; the report compares those that it used with those that you have.',
  ...(keyVault.create ? ['The name of a vault that does not exist yet is taken to be free.'] : []),
  ...(dynamics
    ? ["Which secret a profile holds is taken from hma's witness; without one, it is the secret that ends last."]
    : []),
  ...(certificate.source === 'generate'
    ? []
    : [
        'The certificate of your file and that of the vault have different keys in the rehearsal, so a step may show that is not there.',
      ]),
]
