import type { Moment } from '../config/expiry.ts'
import { secretsAlone } from '../config/status.ts'
import type { Sighted } from '../config/statusProblems.ts'
import { type Context, SurveyFailed, survey } from '../core/survey.ts'
import type { Session } from '../session.ts'
import type { Target } from '../target.ts'
import type { Status } from '../views/status.ts'
import { duration } from './duration.ts'
import { exit } from './exitCode.ts'

export interface StatusArguments {
  /** `14d`: what expires within is a problem, and any problem is a failure. */
  readonly within?: string
}

/** `hma status`: what is trusted now, what expires when, what Dynamics holds. Writes nothing. */
export async function status(open: () => Promise<Session>, { within }: StatusArguments): Promise<number> {
  const limit = within === undefined ? undefined : duration(within)
  const session = await open()
  const moment: Moment = { now: session.now(), within: limit }
  const found = await Promise.all(session.targets.map((target) => session.limit(() => attempt(session, target, moment))))
  session.signal.throwIfAborted()
  const told = found.filter((one) => one !== undefined)
  if (told.length > 0) session.view.statuses(Object.fromEntries(told))
  const statuses = told.map(([, one]) => one)
  const unread = told.length < found.length || statuses.some(({ problems }) => problems.some(({ kind }) => kind === 'unreadable'))
  return unread || (limit !== undefined && statuses.some(({ ok }) => !ok)) ? exit.failed : exit.done
}

/** One deployment that cannot be looked at at all is reported, and stops no other. */
async function attempt(session: Session, target: Target, moment: Moment): Promise<readonly [string, Status] | undefined> {
  try {
    const context = { now: moment.now, owner: target.name, signal: session.signal }
    return [target.name, target.status(await sight(target, context), moment)]
  } catch (error) {
    if (!session.signal.aborted) session.view.error(new SurveyFailed([{ address: target.name, error }]))
    return undefined
  }
}

/** Whatever can be seen. What may not be read takes nothing else with it. */
async function sight(target: Target, context: Context): Promise<Sighted> {
  const { nodes, kinds } = target
  const seen = await glimpse(() => survey(nodes, kinds, context))
  const secrets = `${target.name}/clientSecret`
  if (!seen.unseen.has(secrets)) return seen
  const alone = await glimpse(() => survey(secretsAlone(nodes, secrets), kinds, context))
  return { world: new Map([...seen.world, ...alone.world]), unseen: seen.unseen }
}

async function glimpse(look: () => ReturnType<typeof survey>): Promise<Sighted> {
  try {
    return { world: await look(), unseen: new Map() }
  } catch (error) {
    if (error instanceof SurveyFailed) return error
    throw error
  }
}
