import { isDeepStrictEqual } from 'node:util'
import { Deadline, within } from './deadline.ts'
import { HmaError, NotConverged } from './errors.ts'
import type { Address, Difference, Kind, Values } from './kind.ts'
import { limits } from './limits.ts'
import { ownershipOf } from './ownership.ts'
import type { Pace, SharedPolls } from './pace.ts'
import { markDifference } from './plan.ts'
import { type Context, runOf } from './survey.ts'

/** The time budget of one resource; `pass` waits until the next poll. */
type Time = { readonly deadline: Deadline; pass(stalls: number, good: number): Promise<void> }

/** Runs the work within the time budget. */
function timed<Result>({ address, context, polls }: Convergence, work: (time: Time) => Promise<Result>): Promise<Result> {
  const deadline = new Deadline(address, polls.pace.resourceMs, polls.pace.timer)
  const pass = (stalls: number, good: number): Promise<void> =>
    polls.pace.timer.wait(Math.max(0, Math.min(polls.delay(stalls, good), deadline.left())), context.signal)
  return within(deadline, () => work({ deadline, pass }))
}

/** Removes the object, retrying transient failures but not missing rights, and polls until lagging replicas no longer show it. */
export async function removeAndWait(convergence: Convergence, seen: Values | undefined): Promise<void> {
  const { address, kind, spec, context, note, polls } = convergence
  const { remove } = kind
  if (!seen || !remove) return
  await timed(convergence, async ({ deadline, pass }) => {
    for (let failures = 1; ; failures++) {
      try {
        await polls.turn(() => polls.write(() => remove.call(kind, seen, runOf(context, note))))
        break
      } catch (error) {
        if (deadline.over() || !(error instanceof HmaError && error.retryable === true)) throw error
        if (failures > 1) note(error.message)
        await pass(failures, 0)
      }
    }
    for (let [stalls, good] = [0, 0]; ; stalls++) {
      const live = await kind.read(spec, runOf(context, note))
      good = isDeepStrictEqual(live, seen) ? 0 : good + 1
      if (good >= (kind.confirmations?.(live) ?? 1)) return
      if (deadline.over()) throw new NotConverged(address, [{ field: 'exists', why: 'it is still visible' }], { deadline })
      await pass(good > 0 ? 0 : stalls, good)
    }
  })
}

export interface Convergence {
  readonly address: Address
  readonly kind: Kind
  readonly spec: Values
  readonly context: Context
  readonly polls: SharedPolls
  note(message: string): void
  /** It was seen as desired but has not settled yet: steps that do not put it into use may proceed. */
  present?(live: Values): void
}

class Progress {
  poll: object | undefined
  /** The states that led to a write, with the differences that it should have removed. */
  readonly answered = new Map<string, string>()
  left: readonly Difference[] = []
  problem: unknown
  /** Consecutive polls that found nothing to do, saw nothing new, or failed. */
  good = 0
  stalls = 0
  failures = 0
  /** When the first of these failures occurred, in milliseconds of the resource's time. */
  failing = 0
  /** When progress was last made, and the advice if there has been none for a while. */
  moved = 0
  advice: string | undefined
  /** The last failure other than a time limit, since it explains more. */
  met: unknown
}

/**
 * Observe, compare, act, until nothing is left to do: waiting, retrying, resuming after a crash and checking the result are this one loop.
 * Directories answer from replicas that lag, so the same state never causes a second write, and after a write, as many consecutive polls
 * as the kind requires must find nothing to do. The first of them is reported as `present`.
 */
export const converge = (convergence: Convergence): Promise<Values> =>
  timed(convergence, async ({ deadline, pass }) => {
    const { address, note, polls } = convergence
    const progress = new Progress()
    for (;;) {
      try {
        // A step that may write polls when it has its turn: nothing is written because of an old poll.
        const work = () => step(convergence, progress)
        const settled = await (progress.good > 0 ? work() : polls.turn(work))
        progress.failures = 0
        if (settled) return settled
      } catch (error) {
        const [stalls, failures] = [progress.stalls + 1, progress.failures + 1]
        const failing = failures === 1 ? deadline.elapsed() : progress.failing
        if (!(error instanceof HmaError && error.errorCode === 'HMA510')) progress.met = error
        // An unchanged state explains more than a poll that was cut off by the time limit.
        const cause = progress.advice === undefined || failures > 1 ? progress.met : undefined
        if (deadline.over()) throw new NotConverged(address, progress.left, { cause, deadline, hint: progress.advice })
        if (!passes(error, deadline.elapsed() - failing, polls.pace)) throw error
        Object.assign(progress, { problem: error, stalls, failures, failing })
        // A single failure is normal for lagging replicas; a second one is worth a note.
        if (failures > 1) note(error.message)
      }
      if (progress.stalls === 0) Object.assign(progress, { moved: deadline.elapsed(), advice: undefined })
      else if (deadline.elapsed() - progress.moved > polls.pace.resourceMs / 3) await adviseIfStuck(progress, note)
      if (deadline.over())
        throw new NotConverged(address, progress.left, { cause: progress.problem, deadline, hint: progress.advice })
      await pass(progress.stalls, progress.good)
    }
  })

/** One poll, and one write if it shows a new state with differences. Returns the state once it has settled. */
async function step({ kind, spec, context, polls, note, present }: Convergence, progress: Progress): Promise<Values | undefined> {
  progress.poll = polls.after(progress.poll)
  const run = runOf(context, note, progress.poll)
  const live = await kind.read(spec, run)
  if (live) requireNotTaken(kind, live, context.owner)
  const left = live ? remaining(kind, spec, live, context) : [{ field: 'exists', from: false, to: true }]
  const done = live !== undefined && left.length === 0
  Object.assign(progress, {
    left,
    problem: undefined,
    good: done ? progress.good + 1 : 0,
    stalls: done ? 0 : progress.stalls + 1,
  })
  if (done) {
    if (progress.answered.size === 0 || progress.good >= (kind.confirmations?.(live) ?? 1)) return live
    present?.(live)
    return undefined
  }
  const seen = JSON.stringify(live ?? null)
  if (progress.answered.has(seen) || left.every((difference) => difference.pending)) return undefined
  const what = left.map(({ field, why }) => why ?? field).join('; ')
  const times = [...progress.answered.values()].filter((one) => one === what).length
  if (times >= limits.writes) throw undoneWrites(times, what)
  await polls.write(() => kind.reconcile(spec, live, run))
  progress.answered.set(seen, what)
  progress.stalls = 0
  return undefined
}

/** Whatever undoes or hides a write does so every time. Continuing would create one credential after another. */
const undoneWrites = (times: number, what: string): HmaError =>
  new HmaError('HMA506', `After ${times} writes it is still not as it should be: ${what}`, {
    hint: 'Something undoes or hides what hma writes: a policy, a plug-in or another tool. Stop it, then run `hma apply` again.',
  })

/** Investigates, once, why nothing changes. */
async function adviseIfStuck(progress: Progress, note: Convergence['note']): Promise<void> {
  const stays = progress.left.find(({ persists }) => persists !== undefined)
  if (progress.advice !== undefined || !stays?.persists) return
  progress.advice = await stays.persists()
  note(`${stays.why ?? stays.field}. ${progress.advice}`)
}

/** The plan saw no foreign mark, but another run may have been quicker. */
function requireNotTaken(kind: Kind, live: Values, owner: string): void {
  const whose = ownershipOf(kind, live, owner)
  if (whose.is === 'another deployment' || (whose.is === 'another store' && !whose.copy))
    throw new HmaError('HMA401', `It was marked for the deployment "${whose.mark.deployment}" since it was planned`, {
      hint: 'Nothing more was written to it. Run `hma plan`: it shows what to do.',
    })
}

/** A retry may help. `lasted` is how long the failure has persisted, in milliseconds. */
const passes = (error: unknown, lasted: number, pace: Pace): error is HmaError =>
  error instanceof HmaError && (error.retryable === 'briefly' ? lasted < pace.refusedMs : error.retryable)

/** What is left for hma to do. Manual action is left to the next plan. */
const remaining = (kind: Kind, spec: Values, live: Values, { owner, now }: Context): readonly Difference[] => [
  ...kind.diff(spec, live, now).filter((difference) => difference.manual === undefined),
  ...markDifference(kind, live, owner),
]
