import { apply, type Event } from '../core/apply.ts'
import { HmaError } from '../core/errors.ts'
import { blocks, type Change, feasible } from '../core/plan.ts'
import { type PlanFile, StalePlan } from '../core/planFile.ts'
import type { Session } from '../session/session.ts'
import type { PlanPurpose, Tally } from '../views/view.ts'
import { requireClock } from './clock.ts'
import { exitCode } from './exitCode.ts'
import { type PlannedDeployment, type PlannedRun, type PlanRequest, planAll } from './planAll.ts'

export interface Terms {
  /** Do not ask. */
  readonly yes: boolean
  readonly quiet: boolean
  /** The reviewed plan: exactly this is done, or nothing. */
  readonly agreed?: PlanFile
  /** The same, if only its digest is at hand. */
  readonly digest?: string
}

/** Plans, shows, asks, acts and reports: the flow of every command that writes. Returns the exit code. */
export async function carryOut(session: Session, request: PlanRequest, terms: Terms): Promise<number> {
  const plannedRun = await agreedOn(session, request, terms).catch((error: unknown) => {
    if (session.signal.aborted) session.view.note('Nothing was changed.')
    throw error
  })
  if (!plannedRun) return declined(session)
  if (plannedRun.plannedDeployments.some(({ changes }) => feasible(changes).length > 0)) requireClock(session)
  const tally = await perform(session, plannedRun.plannedDeployments)
  session.view.summary(tally)
  return exitCode({ ...tally, failed: tally.failed + plannedRun.failed, interrupted: session.signal.aborted })
}

/** The work as shown, approved and still valid; undefined if the user declines. */
async function agreedOn(session: Session, request: PlanRequest, terms: Terms): Promise<PlannedRun | undefined> {
  if (terms.agreed) requireSameTarget(terms.agreed, session)
  let plannedRun = await planAll(session, request, { atOnce: terms.yes })
  if (terms.agreed) demand(terms.agreed, plannedRun)
  if (terms.digest !== undefined) requireDigest(terms.digest, plannedRun, session)
  if (!(terms.yes && terms.quiet)) session.view.proposal(plannedRun.file, purposeOf(request), outlook(plannedRun))
  const pending = plannedRun.plannedDeployments.flatMap(({ changes }) => feasible(changes)).length
  if (pending > 0 && !terms.yes) {
    if (!(await session.ask(question(pending, request, session.sandbox)))) return undefined
    const shown = plannedRun.file
    plannedRun = await planAll(session, request, { atOnce: true })
    demand(shown, plannedRun)
  }
  return plannedRun
}

const purposeOf = ({ remove, adopt }: PlanRequest): PlanPurpose => (remove ? 'remove' : adopt ? 'adopt' : 'apply')

/** What `hma plan` will show once the marks are set. */
function outlook({ plannedDeployments }: PlannedRun): string | undefined {
  const left = plannedDeployments.flatMap(({ left = [] }) => left)
  if (left.length === 0) return undefined
  const differences = left.reduce((sum, one) => sum + one.differences.length, 0)
  const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`
  return `Only marks are written now. \`hma plan\` will then show ${count(left.length, 'change')} with ${count(differences, 'difference')}, for \`hma apply\`.`
}

/** A plan made in the sandbox does not apply to Azure, or the other way round. */
function requireSameTarget(agreed: PlanFile, session: Session): void {
  const sandbox = agreed.sandbox === true
  if (sandbox === session.sandbox) return
  throw new HmaError(
    'HMA401',
    sandbox ? 'This plan was made in the sandbox' : 'This plan was made for Azure, but this run uses the sandbox',
    {
      hint: sandbox
        ? 'Nothing was changed. Run it with --sandbox, or make a plan without --sandbox.'
        : 'Nothing was changed. Run it without --sandbox, or make a plan with --sandbox.',
    },
  )
}

function demand(agreed: PlanFile, { file, failed }: PlannedRun): void {
  if (failed > 0) throw undecided()
  if (file.digest !== agreed.digest) throw new StalePlan(agreed, file.deployments)
}

/** If only the digest of a plan is known, hma cannot say what has changed, so it shows the current plan. */
function requireDigest(agreed: string, { file, failed }: PlannedRun, { view }: Session): void {
  if (failed > 0) throw undecided()
  if (file.digest === agreed) return
  view.proposal(file, 'apply')
  throw new HmaError('HMA401', `This is not the plan that was reviewed: its digest is ${file.digest}, and not ${agreed}`, {
    hint: 'Nothing was changed. Azure or the configuration has changed. Have the current plan reviewed.',
  })
}

const undecided = (): HmaError =>
  new HmaError('HMA509', 'Cannot confirm that the plan is still valid: some deployments could not be read', {
    hint: 'Nothing was changed. Fix the cause shown above and run it again.',
  })

const question = (count: number, request: PlanRequest, sandbox: boolean): string => {
  const changes = `${count === 1 ? 'this change' : `these ${count} changes`}${sandbox ? ' in the sandbox' : ''}`
  return request.remove ? `Make ${changes}? What is removed stops working immediately.` : `Make ${changes}?`
}

function declined(session: Session): number {
  session.view.note('Nothing was changed.')
  return 1
}

async function perform(session: Session, plannedDeployments: readonly PlannedDeployment[]): Promise<Tally> {
  const tally = { done: 0, failed: 0, skipped: 0, waiting: 0 }
  const emit = (event: Event): void => {
    if (event.type === 'skipped') tally[event.waiting ? 'waiting' : 'skipped']++
    else if (event.type === 'done' || event.type === 'failed') tally[event.type]++
    session.view.event(event, session.now())
  }
  await Promise.all(plannedDeployments.map((planned) => session.limit(planned.target, () => applyOne(session, planned, emit))))
  return { ...tally, ...(session.signal.aborted && tally.skipped > 0 && { interrupted: true }) }
}

async function applyOne({ pace, turn }: Session, planned: PlannedDeployment, emit: (event: Event) => void): Promise<void> {
  const { target, context, actual, changes } = planned
  const obstacles = changes.filter(blocks)
  if (obstacles.length > 0) return reportBlocked(changes, obstacles, emit)
  await apply(changes, { nodes: target.nodes, kinds: target.kinds, actual, context, pace: { ...pace, turn: turn() }, emit })
}

/** Names the manual actions needed first, and what waits for them. */
function reportBlocked(changes: readonly Change[], obstacles: readonly Change[], emit: (event: Event) => void): void {
  const because = obstacles.map(({ address }) => address).join(', ')
  for (const change of changes) {
    const { address, instructions } = change
    if (blocks(change)) emit({ type: 'skipped', address, because: instructions ?? '', waiting: true })
    else if (change.action !== 'none') emit({ type: 'skipped', address, because, waiting: false })
  }
}
