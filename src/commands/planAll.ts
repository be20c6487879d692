import { HmaError } from '../core/errors.ts'
import { type Change, type Intent, plan } from '../core/plan.ts'
import { type DeploymentPlan, type PlanFile, planFile } from '../core/planFile.ts'
import { type Remark, remarksOn } from '../core/remark.ts'
import { type ActualState, type Context, SurveyFailed, survey } from '../core/survey.ts'
import { type Rotatable, rotated } from '../deployment/renewal/rotation.ts'
import { surveyContext } from '../deployment/surveyContext.ts'
import type { Target } from '../session/deployment.ts'
import type { Session } from '../session/session.ts'
import { clockRemarks } from './clock.ts'
import { eachTarget } from './fleet/eachTarget.ts'

/** What is requested in addition to the configuration. */
export type PlanRequest = Omit<Intent, 'owner' | 'preventRemoval'> & {
  /** Replace this one regardless of its age. */
  readonly rotate?: Rotatable
  /** The part of what was planned that is carried out; all of it if left out. */
  only?(planned: PlannedDeployment): PlannedDeployment
}

/** One deployment as surveyed, and its planned changes. */
export interface PlannedDeployment {
  readonly target: Target
  readonly context: Context
  /** Empty if there is nothing to do. */
  readonly actual: ActualState
  readonly changes: readonly Change[]
  readonly remarks: readonly Remark[]
  /** The changes that a plan will still show afterwards. */
  readonly left?: readonly Change[]
}

export interface PlannedRun {
  readonly plannedDeployments: readonly PlannedDeployment[]
  readonly file: PlanFile
  /** How many deployments could not be read or have no usable configuration. Each was reported. */
  readonly failed: number
}

/**
 * Surveys and plans every deployment. One that cannot be surveyed is reported and does not stop the others. `atOnce`: what is planned is
 * carried out without a question, so a deployment with changes stays signed in.
 */
export async function planAll(session: Session, request: PlanRequest, { atOnce = false } = {}): Promise<PlannedRun> {
  const goesOn = (planned: PlannedDeployment | undefined): boolean => atOnce && planned !== undefined && !isIdle(planned.changes)
  const found = await eachTarget(session, 'Planning', (target) => attempt(session, target, request), { goesOn })
  session.signal.throwIfAborted()
  const plannedDeployments = found.filter((one) => one !== undefined)
  // A wrong clock can be why a sign-in or a certificate was refused, and a plan that failed has no remarks.
  if (plannedDeployments.length < found.length)
    for (const { text, hint } of clockRemarks(session, '')) session.view.note(`${text} ${hint}`)
  const file = planFile(plannedDeployments.map(deploymentPlan), {
    ...{ hmaVersion: session.version, createdAt: session.now(), sandbox: session.sandbox },
  })
  return { plannedDeployments, file, failed: found.length - plannedDeployments.length + session.unusable }
}

/** As shown, saved and reviewed: without values from the environment. */
export const deploymentPlan = ({ target, changes, remarks }: PlannedDeployment): DeploymentPlan =>
  target.shown({ name: target.name, changes, remarks: [...remarks, ...target.remarks] })

async function attempt(session: Session, target: Target, request: PlanRequest): Promise<PlannedDeployment | undefined> {
  if (session.signal.aborted) return undefined
  try {
    return await planOne(session, target, request)
  } catch (error) {
    if (!session.signal.aborted) session.view.error(located(error, target))
    return undefined
  }
}

async function planOne(
  session: Session,
  target: Target,
  { rotate, only = (all) => all, ...request }: PlanRequest,
): Promise<PlannedDeployment> {
  const demandFile = (obstacle: HmaError | undefined): void => {
    if (obstacle && !request.remove) throw obstacle
  }
  demandFile(target.obstacle())
  const look = surveyContext(target.name, session)
  const actual = await survey(target.nodes, target.kinds, look)
  const context = look.settled()
  demandFile(target.obstacle(context.now))
  const nodes = rotate === undefined ? target.nodes : rotated(target.nodes, rotate, actual)
  const intent: Intent = { ...request, owner: target.name, preventRemoval: target.preventRemoval }
  const changes = plan(nodes, actual, target.kinds, intent, context.now)
  const seen = isIdle(changes) ? new Map() : actual
  const noticed = remarksOn(target.nodes, target.kinds, { ...look, actual, now: context.now })
  const remarks = [...clockRemarks(session, target.name), ...noticed, ...(request.remove ? [] : await ofExchange(target))]
  return only({ target: rotate === undefined ? target : { ...target, nodes }, context, actual: seen, changes, remarks })
}

/** Problems on Exchange itself, such as an insecure build. `hma status` also says if all is well there. */
const ofExchange = async (target: Target) => (await target.evidence()).filter(({ severity }) => severity === 'warning')

/** What was seen is needed only for changes. In a fleet, most deployments have none. */
const isIdle = (changes: readonly Change[]): boolean => changes.every(({ action }) => action === 'none')

/** Adds the deployment's name to a failure that lacks it. */
const located = (error: unknown, target: Target): unknown =>
  error instanceof HmaError && !(error instanceof SurveyFailed) ? new SurveyFailed([{ address: target.name, error }]) : error
