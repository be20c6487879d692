import pLimit from 'p-limit'
import { HmaError } from '../core/errors.ts'
import { day, hour } from '../core/time.ts'
import { leftBy, type Ordeal, ordeal } from './faults.ts'
import type { CopiedDeployment } from './format.ts'
import { type DeploymentReport, differences, tasks, verdictOf } from './report.ts'
import { usedRights } from './rights.ts'
import { lookAt, outline, planFrom, run } from './run.ts'
import type { Scene, Stage } from './stage.ts'
import { type Schedule, type Year, year } from './year.ts'

/** What to rehearse. */
export interface Programme {
  /** How many schedules of faults. */
  readonly schedules: number
  /** Milliseconds between two runs of the schedule. */
  readonly every: number
  /** Milliseconds for which the schedule stops, if requested. */
  readonly absent?: number
}

interface Audience {
  readonly signal: AbortSignal
  note(message: string): void
}

/** All rehearsals of one deployment. Each starts with its own world. */
export async function rehearse(
  stage: Stage,
  copied: CopiedDeployment,
  programme: Programme,
  { signal, note }: Audience,
): Promise<DeploymentReport> {
  const { plan, apply, planDiffers } = await first(stage, copied, signal)
  note(`${stage.name}: a year of scheduled runs`)
  const { every, schedules } = programme
  const calendar = await played(stage, { every, length: 365 * day }, signal)
  note(`${stage.name}: ${schedules} schedules of faults`)
  const at = calendar.runs[0]?.at ?? calendar.from
  const broken = await ordeals(stage, { schedules, after: Date.parse(at) - Date.parse(calendar.from) }, signal)
  const absence = programme.absent === undefined ? undefined : await played(stage, away(every, programme.absent), signal)
  const runs = [apply, ...calendar.runs]
  const person = tasks(runs)
  const parts = {
    ...{ planCompared: copied.plan !== undefined, planDiffers, plan, apply, person },
    rights: usedRights(copied.rights ?? [], runs),
    faults: { schedules, at, broken },
    year: { ...calendar, everyHours: every / hour },
    ...(absence && programme.absent !== undefined && { absence: { ...absence, days: programme.absent / day } }),
  }
  return { name: stage.name, verdict: verdictOf(parts), ...parts, assumptions: copied.assumptions }
}

async function first(stage: Stage, copied: CopiedDeployment, signal: AbortSignal) {
  const scene = await stage.begin()
  try {
    const { plan, planDiffers } = await planOnCopy(scene, stage, copied, signal)
    const done = await run(scene, stage, await scene.process(), signal)
    const left = leftBy(await run(scene, stage, await scene.process(), signal))
    const failures = [...done.failures, ...left.map((text) => ({ address: stage.name, text: `A second apply finds: ${text}` }))]
    const apply = { ...done, failures: done.failures.length > 0 ? done.failures : failures, broke: scene.violations() }
    return { plan, apply, planDiffers }
  } finally {
    await scene.close()
  }
}

/**
 * The plan on the copy, and where it differs from the plan for the tenant. It may be impossible here too, for example if a vault admits
 * no access.
 */
async function planOnCopy(scene: Scene, stage: Stage, { plan: real }: CopiedDeployment, signal: AbortSignal) {
  try {
    const seen = await lookAt(scene, stage, await scene.process(), signal)
    const plan = planFrom(seen, stage, scene.now())
      .filter(({ action }) => action !== 'none')
      .map(outline)
    return { plan, planDiffers: real === undefined ? [] : differences(real, plan) }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof HmaError)) throw error
    const differs = `The plan could be made for the tenant, and not on the copy: ${error.message}`
    return { plan: [], planDiffers: real === undefined ? [] : [differs] }
  }
}

interface Ordeals {
  readonly schedules: number
  readonly after: number
}

/** The fault schedules that failed, on the first run with work: without work, faults have no effect. */
async function ordeals(stage: Stage, { schedules, after }: Ordeals, signal: AbortSignal): Promise<readonly Ordeal[]> {
  const limit = pLimit(atOnce)
  const seeds = Array.from({ length: schedules }, (_, index) => index + 1)
  const all = await Promise.all(
    seeds.map((seed) =>
      limit(() => {
        signal.throwIfAborted()
        return ordeal(stage, { seed, after }, signal)
      }),
    ),
  )
  return all.filter(({ broke, left }) => broke.length + left.length > 0)
}

/** Each has its own world; while one waits, another continues. */
const atOnce = 4

async function played(stage: Stage, schedule: Schedule, signal: AbortSignal): Promise<Year> {
  const scene = await stage.begin()
  try {
    return await year(scene, stage, schedule, signal)
  } finally {
    await scene.close()
  }
}

/** After the first run, the schedule pauses for this long, then continues for a month or to the end of the year. */
const away = (every: number, length: number): Schedule => ({
  every,
  length: Math.max(length + 30 * day, 0),
  absent: { from: 0, to: length },
})
