import { HmaError } from '../core/errors.ts'
import { day, hour } from '../core/time.ts'
import { leftBy, runUnderFaults } from './faults.ts'
import type { CopiedDeployment } from './format.ts'
import { type DeploymentReport, differences, tasks, verdictOf } from './report.ts'
import { usedRights } from './rights.ts'
import { lookAt, outline, planFrom, type Run, run } from './run.ts'
import type { FaultOutcome, FaultThread, Scene, Stage } from './stage.ts'
import { isNews, type Schedule, type Year, year } from './year.ts'

/** What to rehearse. */
export interface RehearsalOptions {
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

/** A copy, and the threads that may help to play it. */
export interface PlayableDeployment extends Stage {
  threads(): readonly FaultThread[]
}

/** All rehearsals of one deployment. Each starts with its own sandbox. */
export async function rehearse(
  stage: PlayableDeployment,
  copied: CopiedDeployment,
  programme: RehearsalOptions,
  { signal, note }: Audience,
): Promise<DeploymentReport> {
  const { every, schedules } = programme
  // They prepare while this one plays the apply.
  const threads = schedules > atOnce ? stage.threads() : []
  try {
    const { plan, apply, planDiffers } = await first(stage, copied, signal)
    note(`${stage.name}: a year of scheduled runs, ${schedules} schedules of faults`)
    const year = played(stage, { every, length: 365 * day }, signal)
    const work = firstWork(apply, year)
    const [calendar, at, broken] = await Promise.all([year, work, runSchedules(stage, { schedules, work, threads }, signal)])
    const absence = programme.absent === undefined ? undefined : await played(stage, away(every, programme.absent), signal)
    const runs = [apply, ...calendar.runs]
    const person = tasks(runs)
    const parts = {
      ...{ planCompared: copied.plan !== undefined, planDiffers, plan, apply, person },
      rights: usedRights(copied.rights ?? [], runs),
      faults: { schedules, at: new Date(Date.parse(calendar.from) + at).toISOString(), broken },
      year: { ...calendar, everyHours: every / hour },
      ...(absence && programme.absent !== undefined && { absence: { ...absence, days: programme.absent / day } }),
    }
    return { name: stage.name, verdict: verdictOf(parts), ...parts, assumptions: copied.assumptions }
  } finally {
    await Promise.all(threads.map((thread) => thread.close()))
  }
}

/** How long after the copy the first run with work begins. If it is the very first run, the year need not be played to find out. */
const firstWork = async (apply: Run, year: Promise<Year>): Promise<number> => {
  if (isNews(apply, undefined)) return 0
  const { from, runs } = await year
  return runs[0] === undefined ? 0 : Date.parse(runs[0].at) - Date.parse(from)
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

interface Schedules {
  readonly schedules: number
  /** Without work, faults have no effect. */
  readonly work: Promise<number>
  readonly threads: readonly FaultThread[]
}

/** The fault schedules that failed, on the first run with work. A free thread plays the next. */
async function runSchedules(
  stage: Stage,
  { schedules, work, threads }: Schedules,
  signal: AbortSignal,
): Promise<readonly FaultOutcome[]> {
  const after = await work
  const seeds = Array.from({ length: schedules }, (_, index) => index + 1).values()
  const failed: FaultOutcome[] = []
  const inTurn = async (play: FaultThread['play']): Promise<void> => {
    for (const seed of seeds) {
      const played = await play({ seed, after })
      if (played.broke.length + played.left.length > 0) failed.push(played)
    }
  }
  const players: FaultThread['play'][] = [(draw) => runUnderFaults(stage, draw, signal), ...threads.map((thread) => thread.play)]
  await Promise.all(players.flatMap((play) => Array.from({ length: atOnce }, () => inTurn(play))))
  return failed.sort((one, other) => one.seed - other.seed)
}

/** So many at once in each thread: each has its own sandbox, and while one waits, another continues. */
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
