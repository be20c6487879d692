import { resolve } from 'node:path'
import { feasible, plan } from '../../core/plan.ts'
import { remarksOn } from '../../core/remark.ts'
import { type Context, SurveyFailed } from '../../core/survey.ts'
import type { Moment } from '../../deployment/status/expiry.ts'
import { dueWithin } from '../../deployment/status/expiry.ts'
import type { Observed } from '../../deployment/status/problems.ts'
import { secretsAlone } from '../../deployment/status/status.ts'
import { surveyContext } from '../../deployment/surveyContext.ts'
import type { Target } from '../../session/deployment.ts'
import type { Session } from '../../session/session.ts'
import { type Status, type Statuses, unseen } from '../../views/status/model.ts'
import type { View } from '../../views/view.ts'
import { clockRemarks } from '../clock.ts'
import { duration } from '../duration.ts'
import { exit } from '../exitCode.ts'
import { eachTarget } from '../fleet/eachTarget.ts'
import { partialSurvey } from '../partialSurvey.ts'
import { merged, proofsIn } from './files.ts'
import { demandOneForm, type Forms, report } from './forms.ts'

export interface StatusArguments extends Forms {
  /** `14d`: anything that expires within this time is a problem, and any problem is a failure. */
  readonly within?: string
  /** Files of `hma verify --json` whose results are included. */
  readonly proof?: readonly string[]
  /** Files of `hma status --json` to merge instead of reading Azure. */
  readonly merge?: readonly string[]
}

interface Place {
  readonly view: View
  /** The folder that relative paths start from. */
  readonly directory: string
  open(): Promise<Session>
}

/** `hma status`: what is trusted now, what expires when, and what Dynamics holds. Writes nothing. */
export async function status({ view, open, directory }: Place, { within, ...asked }: StatusArguments): Promise<number> {
  const { proof = [], merge, ...forms } = asked
  const at = (paths: readonly string[]) => paths.map((path) => resolve(directory, path))
  demandOneForm(forms)
  const limit = within === undefined ? undefined : duration(within)
  const proofs = await proofsIn(at(proof))
  const { statuses, unusable } = merge ? { statuses: await merged(at(merge)), unusable: 0 } : await looked(await open(), limit)
  const told = Object.fromEntries(Object.entries(statuses).map(([name, one]) => [name, { ...one, ...proofs(name) }]))
  await report(view, told, forms, directory)
  return unusable > 0 || Object.values(told).some((one) => needsAttention(one, limit)) ? exit.failed : exit.done
}

function needsAttention({ ok, at, expires, problems, remarks = [] }: Status, limit: number | undefined): boolean {
  if (problems.some(({ kind }) => kind === 'unreadable')) return true
  if (limit === undefined) return false
  if (dueWithin(remarks, new Date(at), limit).length > 0) return true
  return !ok || (expires !== null && Date.parse(expires.at) - Date.parse(at) <= limit)
}

async function looked(session: Session, limit: number | undefined) {
  const found = await eachTarget(session, 'Reading', async (target) => [target.name, await look(session, target, limit)] as const)
  session.signal.throwIfAborted()
  return { statuses: Object.fromEntries(found) satisfies Statuses, unusable: session.unusable }
}

/** A deployment that cannot be read at all is reported and does not stop the others. */
async function look(session: Session, target: Target, within: number | undefined): Promise<Status> {
  try {
    const looked = surveyContext(target.name, session)
    const seen = await readParts(target, looked)
    const { now } = looked.settled()
    const moment: Moment = { now, within }
    const noticed = remarksOn(target.nodes, target.kinds, { ...seen, now, remarks: looked.remarks })
    const remarks = [...clockRemarks(session, target.name), ...noticed, ...(await target.evidence())]
    return {
      ...target.status(seen, moment),
      at: now.toISOString(),
      where: target.where,
      proof: null,
      drift: drift(target, seen, now),
      unread: [...seen.unseen.keys()],
      remarks,
    }
  } catch (error) {
    if (!session.signal.aborted) session.view.error(new SurveyFailed([{ address: target.name, error }]))
    return {
      ...unseen(error instanceof Error ? error.message : String(error)),
      at: session.now().toISOString(),
      where: target.where,
      proof: null,
    }
  }
}

function drift({ name, nodes, kinds, preventRemoval }: Target, { actual, unseen }: Observed, now: Date): Status['drift'] {
  if (unseen.size > 0) return null
  const changes = plan(nodes, actual, kinds, { owner: name, preventRemoval }, now)
  return { changes: feasible(changes).length, person: changes.filter(({ action }) => action === 'manual').length }
}

/** Reads whatever can be read. One part that cannot be read does not affect the others. */
async function readParts(target: Target, context: Context): Promise<Observed> {
  const { nodes, kinds } = target
  const seen = await partialSurvey(nodes, kinds, context)
  const secrets = `${target.name}/clientSecret`
  if (!seen.unseen.has(secrets)) return seen
  const alone = await partialSurvey(secretsAlone(nodes, secrets), kinds, context)
  return { actual: new Map([...seen.actual, ...alone.actual]), unseen: seen.unseen }
}
