import { identityCodes } from '../core/errorCodes.ts'
import { HmaError } from '../core/errors.ts'
import { closure } from '../core/graph.ts'
import type { Check } from '../core/kind.ts'
import { type Change, plan } from '../core/plan.ts'
import { type Remark, remarksOn } from '../core/remark.ts'
import { type Context, runOf, SurveyFailed } from '../core/survey.ts'
import { surveyContext } from '../deployment/surveyContext.ts'
import type { Target } from '../session/deployment.ts'
import type { Session } from '../session/session.ts'
import type { Proof } from '../views/view.ts'
import { clockRemarks } from './clock.ts'
import { exit } from './exitCode.ts'
import { eachTarget } from './fleet/eachTarget.ts'
import { type PartialSurvey, partialSurvey } from './partialSurvey.ts'

/** `hma verify`: signs in to Exchange as Dynamics does and says where it fails. Writes nothing. */
export async function verify(session: Session): Promise<number> {
  const proofs = await eachTarget(session, 'Verifying', (target) => attempt(session, target))
  session.signal.throwIfAborted()
  const made = proofs.filter((one) => one !== undefined)
  if (made.length > 0) session.view.proofs(Object.fromEntries(made))
  return session.unusable === 0 && made.length === proofs.length && made.every(([, { ok }]) => ok) ? exit.done : exit.failed
}

async function attempt(session: Session, target: Target): Promise<readonly [string, Proof] | undefined> {
  try {
    // These reads also reveal the services' time, which the proof uses.
    const known = await surroundings(session, target)
    const proven = await target.prove()
    const checks = [...proven, ...profileCheck(known), ...(await mailboxChecks(known))]
    const remarks = [
      ...(checks.some(({ name }) => name === 'clock') ? [] : clockRemarks(session, target.name)),
      ...remarksOn(target.nodes, target.kinds, { ...known, now: known.context.now }),
    ]
    const ok = checks.every(({ status }) => status !== 'failed')
    return [target.name, { ok, at: session.now().toISOString(), where: target.where, checks, remarks }]
  } catch (error) {
    if (!session.signal.aborted) session.view.error(new SurveyFailed([{ address: target.name, error }]))
    return undefined
  }
}

/** The deployment as far as it can be read, for checks other than sign-in. */
interface Surroundings extends PartialSurvey {
  readonly target: Target
  readonly context: Context
  readonly remarks: readonly Remark[]
}

async function surroundings(session: Session, target: Target): Promise<Surroundings> {
  const looked = surveyContext(target.name, session)
  const seen = await partialSurvey(target.nodes, target.kinds, looked)
  return { target, context: looked.settled(), remarks: looked.remarks, ...seen }
}

/** Is the profile in Dynamics what the configuration says? */
function profileCheck({ target, context, actual, unseen }: Surroundings): readonly Check[] {
  const address = `${target.name}/emailServerProfile`
  if (!target.nodes.some((node) => node.address === address)) return []
  const name = 'profile'
  const needed = closure(target.nodes, address)
  if (unseen.has(address)) return [{ name, ...unread(unseen.get(address)) }]
  const blind = needed.find((node) => unseen.has(node.address))
  // The profile's values come from other resources: if those cannot be read, the profile is not at fault.
  if (blind) return [{ name, ...unread(unseen.get(blind.address)), status: 'skipped' }]
  if (!actual.get(address)?.profile) return [{ name, ...noProfile }]
  const changes = plan(needed, actual, target.kinds, { owner: target.name }, context.now)
  const change = changes.find((one) => one.address === address)
  return [{ name, ...(change ? judged(change) : { status: 'skipped', detail: 'The profile was not looked at.' }) }]
}

const noProfile: Omit<Check, 'name'> = {
  status: 'failed',
  detail: 'Dynamics has no such profile.',
  hint: 'Run `hma apply` to create the profile.',
}

function judged({ action, reason, differences, instructions }: Change): Omit<Check, 'name'> {
  if (action === 'none') return { status: 'passed', detail: 'The profile in Dynamics matches the configuration.' }
  const hint = instructions ?? 'Run `hma plan` to see what differs, and `hma apply` to fix it.'
  const isOnlyMark = differences.every(({ field, from, to }) => field === 'mark' && (from === undefined || from === to))
  if (isOnlyMark && differences.length > 0)
    return { status: 'warning', detail: "The profile in Dynamics matches the configuration; hma's mark on it is missing.", hint }
  const fields = differences.map(({ why, field }) => why ?? field).join(', ')
  return { status: 'failed', detail: `The profile in Dynamics differs from the configuration: ${fields || reason}.`, hint }
}

/** Have the mailboxes been tested in Dynamics, and with which result? */
async function mailboxChecks({ target, context, actual, unseen }: Surroundings): Promise<readonly Check[]> {
  const address = `${target.name}/mailboxes`
  const node = target.nodes.find((one) => one.address === address)
  const probe = node && target.kinds[node.kind]?.probe
  if (!node || !probe) return []
  const live = actual.get(address)
  if (unseen.has(address)) return [{ name: 'mailboxes', ...unread(unseen.get(address)) }]
  if (!live) return [{ name: 'mailboxes', status: 'failed', detail: 'Dynamics has none of the mailboxes.' }]
  return await probe(
    node.spec,
    live,
    runOf(context, () => {}),
  )
}

/** If hma lacks a right or is not signed in, nothing is proven; if the service itself refuses, something is wrong. */
function unread(error: unknown): Omit<Check, 'name'> {
  if (!(error instanceof HmaError)) throw error
  const status = error.isMissingRight || identityCodes.has(error.errorCode) ? 'skipped' : 'failed'
  return { status, detail: `${error.message}.`, ...(error.hint !== undefined && { hint: error.hint }) }
}
