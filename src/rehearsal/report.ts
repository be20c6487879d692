import type { PlannedChange } from './format.ts'
import type { UsedRight } from './rights.ts'
import type { ManualAction, RehearsedRun } from './run.ts'
import type { FaultOutcome } from './simulation.ts'
import type { Year } from './year.ts'

/**
 * `breaks`: sign-in would break, or an apply would fail. `differs`: nothing broke, but the rehearsed change was not the one planned for
 * the tenant, so it proves nothing. `person`: manual action is needed first.
 */
export type Verdict = 'holds' | 'breaks' | 'differs' | 'person'

/** A manual action, and the ISO instant since which runs have waited for it. */
export interface Task extends ManualAction {
  readonly since: string
}

/** The result of rehearsing one deployment. */
export interface DeploymentReport {
  readonly name: string
  readonly verdict: Verdict
  /** Whether there was a plan against the real services to compare with. */
  readonly planCompared: boolean
  /** Where the plan on the copy differs from the one against the real services. Empty if they agree. */
  readonly planDiffers: readonly string[]
  readonly plan: readonly PlannedChange[]
  /** The apply without faults. `broke` says where working sign-in would break. */
  readonly apply: RehearsedRun & { readonly broke: readonly string[] }
  /** `at` is the first run with work, which the faults affect. */
  readonly faults: { readonly schedules: number; readonly at: string; readonly broken: readonly FaultOutcome[] }
  readonly year: Year & { readonly everyHours: number }
  readonly absence?: Year & { readonly days: number }
  readonly person: readonly Task[]
  /** The rights used by the writes of apply and year. They do not change the verdict: plan and apply may use different identities. */
  readonly rights: readonly UsedRight[]
  readonly assumptions: readonly string[]
}

/** The report of `hma rehearse`. */
export interface RehearsalReport {
  readonly formatVersion: '1.0'
  readonly hmaVersion: string
  /** ISO instant at which the copy was taken. */
  readonly takenAt: string
  readonly deployments: readonly DeploymentReport[]
}

type Shown = Pick<DeploymentReport, 'planDiffers' | 'apply' | 'faults' | 'year' | 'absence' | 'person'>

export function verdictOf({ planDiffers, apply, faults, year, absence, person }: Shown): Verdict {
  const failed = [apply, ...year.runs].some(({ failures }) => failures.length > 0)
  const broke = apply.broke.length + faults.broken.length + year.outages.length + (absence?.outages.length ?? 0)
  if (failed || broke > 0) return 'breaks'
  if (planDiffers.length > 0) return 'differs'
  return person.length > 0 ? 'person' : 'holds'
}

/** How two plans differ, in words. */
export function differences(real: readonly PlannedChange[], copied: readonly PlannedChange[]): readonly string[] {
  const text = ({ action, reason, fields }: PlannedChange): string =>
    `${action}${reason === undefined ? '' : ` (${reason})`}${fields.length > 0 ? `: ${fields.join(', ')}` : ''}`
  const told = new Map(copied.map((one) => [one.address, text(one)]))
  const known = new Set(real.map(({ address }) => address))
  return [
    ...real.flatMap((one) => {
      const other = told.get(one.address) ?? 'nothing'
      return other === text(one) ? [] : [`${one.address}: ${text(one)} in the tenant, ${other} in the copy`]
    }),
    ...copied.flatMap((one) =>
      known.has(one.address) ? [] : [`${one.address}: nothing in the tenant, ${text(one)} in the copy`],
    ),
  ]
}

/** A task is listed once, however many runs reported it. */
export const tasks = (runs: readonly RehearsedRun[]): readonly Task[] => {
  const all = runs.flatMap(({ at, waiting }) => waiting.map((one): Task => ({ ...one, since: at })))
  return all.filter(({ address }, index) => all.findIndex((one) => one.address === address) === index)
}
