import { apply, type Event } from '../core/apply.ts'
import { blocks, type Change, feasible, plan } from '../core/plan.ts'
import { type ActualState, survey } from '../core/survey.ts'
import type { PlannedChange } from './format.ts'
import type { Process, RehearsedDeployment, Simulation } from './simulation.ts'

/** The result of a run of `hma apply --yes`. */
export interface RehearsedRun {
  /** ISO instant of its start. */
  readonly at: string
  /** The changes it carried out, without manual actions. */
  readonly changes: readonly PlannedChange[]
  readonly failures: readonly ManualAction[]
  /** Manual actions. */
  readonly waiting: readonly ManualAction[]
}

export interface ManualAction {
  readonly address: string
  readonly text: string
}

/** A change without values. */
export const outline = ({ address, action, reason, differences }: Change): PlannedChange => ({
  address,
  action,
  ...(reason !== undefined && { reason }),
  fields: [...new Set(differences.map(({ field }) => field))].sort(),
})

/** The survey, with everything needed to plan from it at another time. */
export interface Survey {
  readonly process: Process
  readonly actual: ActualState
}

export async function surveyCopy(
  simulation: Pick<Simulation, 'now'>,
  { name }: Pick<RehearsedDeployment, 'name'>,
  process: Process,
  signal: AbortSignal,
): Promise<Survey> {
  const actual = await survey(process.nodes, process.kinds, { now: simulation.now(), owner: name, signal })
  return { process, actual }
}

/** The plan that this survey yields at an instant. Pure: no requests. */
export const planFrom = (
  { process, actual }: Survey,
  { name, preventRemoval }: Pick<RehearsedDeployment, 'name' | 'preventRemoval'>,
  now: Date,
): readonly Change[] => plan(process.nodes, actual, process.kinds, { owner: name, preventRemoval }, now)

/** One scheduled run: plans and carries out what can be done. */
export async function run(
  simulation: Simulation,
  rehearsed: RehearsedDeployment,
  process: Process,
  signal: AbortSignal,
): Promise<RehearsedRun> {
  const began = simulation.now()
  const failures: ManualAction[] = []
  const waiting: ManualAction[] = []
  const told = (address: string, error: unknown): void =>
    void failures.push({ address, text: error instanceof Error ? error.message : String(error) })
  try {
    const surveyed = await surveyCopy(simulation, rehearsed, process, signal)
    const changes = planFrom(surveyed, rehearsed, began)
    const emit = (event: Event): void => {
      if (event.type === 'failed') told(event.address, event.error)
    }
    for (const { address, instructions, action } of changes)
      if (action === 'manual') waiting.push({ address, text: instructions ?? 'Manual action needed.' })
    if (!changes.some(blocks))
      await apply(changes, {
        ...surveyed.process,
        actual: surveyed.actual,
        context: { now: began, owner: rehearsed.name, signal },
        emit,
      })
    return { at: began.toISOString(), changes: feasible(changes).map(outline), failures, waiting }
  } catch (error) {
    signal.throwIfAborted()
    told(rehearsed.name, error)
    return { at: began.toISOString(), changes: [], failures, waiting }
  }
}
