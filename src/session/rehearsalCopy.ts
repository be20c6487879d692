import type { Copy } from 'hma-sandbox'
import { machineTimer } from '../azure/http/timer.ts'
import { readOnly } from '../azure/rehearsal/readOnly.ts'
import type { Deployment } from '../config/load.ts'
import type { Configuration } from '../config/schema.ts'
import { Deadline, within } from '../core/deadline.ts'
import { HmaError } from '../core/errors.ts'
import { limits } from '../core/limits.ts'
import { SurveyFailed } from '../core/survey.ts'
import { obstacleOf, readCertificateFile } from '../deployment/certificateFile.ts'
import { writtenWith } from '../deployment/writtenWith.ts'
import type { CopiedDeployment, HeldRight } from '../rehearsal/format.ts'
import { type Answer, copyOf } from '../rehearsal/recording.ts'
import { outline, planFrom, surveyCopy } from '../rehearsal/run.ts'
import { unplayed } from '../rehearsal/unplayed.ts'
import type { Connected, ConnectionSettings, ConnectionTarget } from './connections.ts'
import { cloudOf } from './connections.ts'
import { makeTarget } from './deployment.ts'
import { examineTenants } from './examine.ts'
import type { Runtime } from './runtime.ts'

/** How to reach what is copied. */
interface Original {
  readonly directory: string
  readonly sandbox: boolean
  readonly signal: AbortSignal
  readonly runtime: Runtime
  connect(where: ConnectionTarget, through: NonNullable<ConnectionSettings['through']>): Promise<Connected>
}

/** What a plan reads of a deployment, as the services answered, and the plan itself. Only GET requests and sign-ins are sent. */
export async function copyDeployment({ configuration }: Deployment, original: Original): Promise<CopiedDeployment> {
  const { runtime, directory, sandbox, signal } = original
  const answers: Answer[] = []
  const { host } = new URL(configuration.exchange.ewsUrl)
  const guard = readOnly(cloudOf(configuration).authorityHost, ({ url, tenantId }, { status, body }) => {
    // The copy needs Exchange's refusal itself: see below.
    if (new URL(url).host !== host) answers.push({ url, tenantId, status, body })
  })
  const now = (): Date => new Date(runtime.clock.now())
  const connected = await original.connect(configuration, guard)
  const file = await readCertificateFile(configuration.certificate, original)
  const obstacle = obstacleOf(file, now())
  if (obstacle) throw obstacle
  const target = await makeTarget(configuration, connected, { directory, sandbox, signal, file, now })
  const brought = file?.chain ?? []
  const process = { nodes: target.nodes, kinds: target.kinds, pace: runtime.pace }
  const { name, preventRemoval } = target
  const seen = await surveyCopy({ now }, { name }, process, signal).catch((error: unknown) => unreadable(error, signal))
  const [exchange] = await Promise.all([
    exchangeOf(configuration, connected, signal),
    readPolicies(copyOf(answers, now(), { exchange: [], brought }), connected, signal),
  ])
  const copy = copyOf(answers, now(), { exchange: exchange.seen, brought })
  const unsure = [...assumed(copy), ...unplayed(copy), ...refusals(answers)]
  const assumptions = [...always(configuration, copy), ...exchange.assumptions, ...unsure]
  // Only now, so that questions about the identity are not part of the copy.
  const rights = await rightsToWrite(configuration, connected)
  if (typeof seen === 'string') return { name, copy, rights, assumptions: [...assumptions, seen] }
  const plan = planFrom(seen, { name, preventRemoval }, now())
  return { name, copy, plan: plan.filter(({ action }) => action !== 'none').map(outline), rights, assumptions }
}

/** How Exchange asks for a token, and its build. A plan does not read them; the tests of the mailboxes depend on them. */
async function exchangeOf({ exchange: { ewsUrl } }: Configuration, { clients }: Connected, signal: AbortSignal) {
  const look = <Result>(work: () => Promise<Result>) =>
    within(new Deadline('a look at Exchange', limits.connect, machineTimer), work)
  try {
    const { status, challenges, server } = await look(() => clients.exchange.greet(ewsUrl, 'GET'))
    const build = await look(() => clients.exchange.shownBuild(ewsUrl)).catch(unknownIf(signal))
    const seen = { ewsUrl, status, challenges, ...(server !== undefined && { server }), ...(build !== undefined && { build }) }
    return { seen: [seen], assumptions: build === undefined ? [noBuild] : [] }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof HmaError)) throw error
    return { seen: [], assumptions: [`Exchange is assumed to ask for a token correctly: ${error.message}`] }
  }
}

const unknownIf =
  (signal: AbortSignal) =>
  (error: unknown): undefined => {
    signal.throwIfAborted()
    if (!(error instanceof HmaError)) throw error
  }

const noBuild = 'Exchange does not show its build without sign-in: the rehearsal assumes a current one.'

/**
 * A plan reads an application's policies only if they matter now; within the rehearsed year they will. Refusals are recorded among the
 * answers.
 */
async function readPolicies({ applications }: Copy, { clients }: Connected, signal: AbortSignal): Promise<void> {
  const tenants = [...new Set(applications.map(({ tenantId }) => tenantId))]
  const asked = [
    ...tenants.map((tenantId) => clients.directory.credentialRestrictions(tenantId)),
    ...applications.map(({ tenantId, body }) => clients.directory.assignedRestrictions(tenantId, String(body.id))),
  ]
  const failures = (await Promise.allSettled(asked)).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  signal.throwIfAborted()
  for (const error of failures) if (!(error instanceof HmaError)) throw error
}

/** The signed-in identity's rights for writing. */
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

/** What cannot be read is reported, and the rest is rehearsed. */
function unreadable(error: unknown, signal: AbortSignal): string {
  signal.throwIfAborted()
  if (!(error instanceof HmaError)) throw error
  const text = error instanceof SurveyFailed ? error.failures.map(({ error: one }) => messageOf(one)).join(' ') : error.message
  return `The plan could not be made, so whatever it would have read is assumed to be missing: ${text}`
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const refusals = (answers: readonly Answer[]): readonly string[] => [
  ...new Set(
    answers
      .filter(({ status }) => status === 401 || status === 403)
      .map(({ url, status }) => `${new URL(url).host} refused to show ${new URL(url).pathname} (${status}).`),
  ),
]

/** What was seen but cannot be reproduced in the sandbox. */
const assumed = ({ deletedVaults, vaults, reachedVaults }: Copy): readonly string[] => [
  ...(deletedVaults.length > 0 ? ['The content of the soft-deleted vault cannot be read: it is assumed to be empty.'] : []),
  ...vaults
    .map(({ name }) => String(name))
    .filter((name) => !reachedVaults.includes(name.toLowerCase()))
    .map((name) => `The vault ${name} cannot be reached from this machine, so in the rehearsal its network rules apply to hma.`),
]

const always = ({ keyVault }: Configuration, { vaults, deletedVaults, profiles }: Copy): readonly string[] => [
  'Private keys and secret values cannot be copied: the rehearsal has its own, with the same dates.',
  'In the rehearsal, hma has every right; the report compares the rights it used with the rights you have.',
  ...(keyVault.create && vaults.length + deletedVaults.length === 0
    ? ['The name of a vault that does not exist yet is assumed to be free.']
    : []),
  ...(profiles.length > 0
    ? [
        'Which secret a profile holds is read from the name that hma gave its row; without one, the secret that expires last is assumed.',
      ]
    : []),
]
