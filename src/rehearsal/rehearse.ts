import { HmaError } from '../core/errors.ts'
import { day, hour } from '../core/time.ts'
import { leftBy, runUnderFaults } from './faults.ts'
import type { CopiedDeployment } from './format.ts'
import { type DeploymentReport, differences, tasks, verdictOf } from './report.ts'
import { usedRights } from './rights.ts'
import { outline, planFrom, type RehearsedRun, run, surveyCopy } from './run.ts'
import type { FaultOutcome, FaultThread, RehearsedDeployment, Simulation } from './simulation.ts'
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
export interface PlayableDeployment extends RehearsedDeployment {
  threads(): readonly FaultThread[]
}

/** All rehearsals of one deployment. Each starts with its own sandbox. */
export async function rehearse(
  rehearsed: PlayableDeployment,
  copied: CopiedDeployment,
  programme: RehearsalOptions,
  { signal, note }: Audience,
): Promise<DeploymentReport> {
  const { every, schedules } = programme
  // They prepare while this one plays the apply.
  const threads = schedules > atOnce ? rehearsed.threads() : []
  try {
    const { plan, apply, planDiffers } = await first(rehearsed, copied, signal)
    note(`${rehearsed.name}: a year of scheduled runs, ${schedules} schedules of faults`)
    const year = played(rehearsed, { every, length: 365 * day }, signal)
    const work = firstWork(apply, year)
    const [calendar, at, broken] = await Promise.all([year, work, runSchedules(rehearsed, { schedules, work, threads }, signal)])
    const absence =
      programme.absent === undefined ? undefined : await played(rehearsed, pausedSchedule(every, programme.absent), signal)
    const runs = [apply, ...calendar.runs]
    const person = tasks(runs)
    const parts = {
      ...{ planCompared: copied.plan !== undefined, planDiffers, plan, apply, person },
      rights: usedRights(copied.rights ?? [], runs),
      faults: { schedules, at: new Date(Date.parse(calendar.from) + at).toISOString(), broken },
      year: { ...calendar, everyHours: every / hour },
      ...(absence && programme.absent !== undefined && { absence: { ...absence, days: programme.absent / day } }),
    }
    return { name: rehearsed.name, verdict: verdictOf(parts), ...parts, assumptions: copied.assumptions }
  } finally {
    await Promise.all(threads.map((thread) => thread.close()))
  }
}

/** How long after the copy the first run with work begins. If it is the very first run, the year need not be played to find out. */
const firstWork = async (apply: RehearsedRun, year: Promise<Year>): Promise<number> => {
  if (isNews(apply, undefined)) return 0
  const { from, runs } = await year
  return runs[0] === undefined ? 0 : Date.parse(runs[0].at) - Date.parse(from)
}

async function first(rehearsed: RehearsedDeployment, copied: CopiedDeployment, signal: AbortSignal) {
  const simulation = await rehearsed.begin()
  try {
    const { plan, planDiffers } = await planOnCopy(simulation, rehearsed, copied, signal)
    const done = await run(simulation, rehearsed, await simulation.process(), signal)
    const left = leftBy(await run(simulation, rehearsed, await simulation.process(), signal))
    const failures = [
      ...done.failures,
      ...left.map((text) => ({ address: rehearsed.name, text: `A second apply finds: ${text}` })),
    ]
    const apply = { ...done, failures: done.failures.length > 0 ? done.failures : failures, broke: simulation.violations() }
    return { plan, apply, planDiffers }
  } finally {
    await simulation.close()
  }
}

/**
 * The plan on the copy, and where it differs from the plan for the tenant. It may be impossible here too, for example if a vault admits
 * no access.
 */
async function planOnCopy(
  simulation: Simulation,
  rehearsed: RehearsedDeployment,
  { plan: real }: CopiedDeployment,
  signal: AbortSignal,
) {
  try {
    const seen = await surveyCopy(simulation, rehearsed, await simulation.process(), signal)
    const plan = planFrom(seen, rehearsed, simulation.now())
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
  rehearsed: RehearsedDeployment,
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
  const players: FaultThread['play'][] = [
    (draw) => runUnderFaults(rehearsed, draw, signal),
    ...threads.map((thread) => thread.play),
  ]
  await Promise.all(players.flatMap((play) => Array.from({ length: atOnce }, () => inTurn(play))))
  return failed.sort((one, other) => one.seed - other.seed)
}

/** So many at once in each thread: each has its own sandbox, and while one waits, another continues. */
const atOnce = 4

async function played(rehearsed: RehearsedDeployment, schedule: Schedule, signal: AbortSignal): Promise<Year> {
  const simulation = await rehearsed.begin()
  try {
    return await year(simulation, rehearsed, schedule, signal)
  } finally {
    await simulation.close()
  }
}

/** After the first run, the schedule pauses for this long, then continues for a month or to the end of the year. */
const pausedSchedule = (every: number, length: number): Schedule => ({
  every,
  length: Math.max(length + 30 * day, 0),
  absent: { from: 0, to: length },
})
