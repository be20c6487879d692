import { hour } from '../core/time.ts'
import { outline, planFrom, type RehearsedRun, run, type Survey, surveyCopy } from './run.ts'
import type { RehearsedCredential, RehearsedDeployment, Simulation } from './simulation.ts'

/** A period in which sign-in no longer works. */
export interface Outage {
  readonly from: string
  /** Absent if it lasts until the end of the rehearsal. */
  readonly to?: string
  readonly why: string
}

/** A credential, and the period for which its registration had it. */
export interface Life extends RehearsedCredential {
  readonly from: string
  readonly to: string
}

export interface Year {
  readonly from: string
  readonly to: string
  /** Runs with work, or with something new to report. */
  readonly runs: readonly RehearsedRun[]
  readonly outages: readonly Outage[]
  readonly lives: readonly Life[]
}

export interface Schedule {
  /** Milliseconds between two runs, and of the whole period. */
  readonly every: number
  readonly length: number
  /** Milliseconds after the first run during which the schedule stops. */
  readonly absent?: { readonly from: number; readonly to: number }
}

/** Runs read the services at least this often, even if the last read showed nothing to do. */
const longestIdle = 30 * 24 * hour

/** The state after the last run: while it yields the same plan, another run would do the same. */
interface Last {
  readonly surveyed: Survey
  readonly vaults: string
  readonly at: number
  readonly left: string
}

const leftTo = (surveyed: Survey, rehearsed: RehearsedDeployment, now: Date): string =>
  JSON.stringify(
    planFrom(surveyed, rehearsed, now)
      .filter(({ action }) => action !== 'none')
      .map(outline),
  )

/**
 * Scheduled runs on the sandbox's clock. A run's work depends on what it sees and on the time. If the last survey still yields the last
 * run's plan on a given day, and no vault has changed, that day's run would do nothing, so it is skipped.
 */
export async function year(
  simulation: Simulation,
  rehearsed: RehearsedDeployment,
  schedule: Schedule,
  signal: AbortSignal,
): Promise<Year> {
  const from = simulation.now()
  const due = (milliseconds: number): number => from.getTime() + milliseconds
  const runs: RehearsedRun[] = []
  const watch = outages(simulation)
  const lives = credentialHistory(simulation)
  let last: Last | undefined
  for (let next = 0; next <= schedule.length; next += schedule.every) {
    signal.throwIfAborted()
    const vaults = await reach(simulation, due(next), watch.look)
    if (isAbsent(schedule, next)) continue
    const now = simulation.now()
    if (last?.vaults === vaults && now.getTime() - last.at < longestIdle && leftTo(last.surveyed, rehearsed, now) === last.left)
      continue
    const process = await simulation.process()
    const done = await run(simulation, rehearsed, process, signal)
    if (isNews(done, runs.at(-1))) runs.push(done)
    lives.take()
    const after = await watch.look()
    last = await surveyCopy(simulation, rehearsed, process, signal).then(
      (seen) => ({
        surveyed: seen,
        vaults: after,
        at: simulation.now().getTime(),
        left: leftTo(seen, rehearsed, simulation.now()),
      }),
      () => undefined,
    )
    signal.throwIfAborted()
  }
  return { from: from.toISOString(), to: simulation.now().toISOString(), runs, outages: watch.found(), lives: lives.all() }
}

/** Did it change anything, or report anything new? */
export const isNews = ({ changes, failures, waiting }: RehearsedRun, before: RehearsedRun | undefined): boolean =>
  changes.length > 0 || JSON.stringify([failures, waiting]) !== JSON.stringify([before?.failures ?? [], before?.waiting ?? []])

const isAbsent = ({ absent }: Schedule, at: number): boolean => absent !== undefined && at > absent.from && at < absent.to

/** Lets time pass and checks every hour whether sign-in works. */
async function reach(simulation: Simulation, instant: number, look: () => Promise<string>): Promise<string> {
  let vaults = await look()
  for (let left = instant - simulation.now().getTime(); left > 0; left = instant - simulation.now().getTime()) {
    simulation.advance(Math.min(left, hour))
    vaults = await look()
  }
  return vaults
}

/** Each cause is a separate outage: the first may hide another that follows. */
function outages(simulation: Simulation) {
  const found: { from: string; to?: string; why: string }[] = []
  const open = new Map<string, (typeof found)[number]>()
  return {
    found: (): readonly Outage[] => found,
    async look(): Promise<string> {
      const { broken, vaults } = await simulation.check()
      const now = simulation.now().toISOString()
      const causes = new Map(broken.map(({ profile, invariant, detail }) => [`${profile} ${invariant}`, detail]))
      for (const [cause, outage] of open) {
        if (causes.has(cause)) continue
        outage.to = now
        open.delete(cause)
      }
      for (const [cause, why] of causes) {
        if (open.has(cause)) continue
        const outage = { from: now, why }
        open.set(cause, outage)
        found.push(outage)
      }
      return vaults
    },
  }
}

/** Which credentials existed, and when. Only runs add and remove any. */
function credentialHistory(simulation: Simulation) {
  const lives = new Map<string, { -readonly [Field in keyof Life]: Life[Field] }>()
  let present: readonly string[] = []
  const take = (): void => {
    const now = simulation.now().toISOString()
    // Also what this run removed: it was there until now.
    for (const keyId of present) Object.assign(lives.get(keyId) ?? {}, { to: now })
    const credentials = simulation.credentials()
    for (const one of credentials) if (!lives.has(one.keyId)) lives.set(one.keyId, { ...one, from: now, to: now })
    present = credentials.map(({ keyId }) => keyId)
  }
  take()
  return {
    take,
    all(): readonly Life[] {
      take()
      return [...lives.values()]
    },
  }
}
