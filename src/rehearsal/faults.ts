import { hour } from '../core/time.ts'
import { type RehearsedRun, run } from './run.ts'
import type { FaultOutcome, FaultSchedule, KillPoint, RehearsedDeployment, Simulation } from './simulation.ts'

/** After an hour, leftovers of a dead run can no longer be mistaken for something a live one is about to use. */
const pause = hour + 60_000
const attempts = 3

/** Each seed is another schedule of faults; every other run is killed as well. */
const killPointOf = (seed: number): KillPoint | undefined =>
  seed % 2 === 0 ? { request: (seed * 7) % 61, arrived: seed % 4 === 0 } : undefined

/** One apply under faults drawn from a seed; then the schedule continues without faults until it has converged or should have. */
export async function runUnderFaults(
  rehearsed: RehearsedDeployment,
  { seed, after }: FaultSchedule,
  signal: AbortSignal,
): Promise<FaultOutcome> {
  signal.throwIfAborted()
  const simulation = await rehearsed.begin({ seed, faults: 1 + (seed % 4) })
  simulation.advance(after)
  try {
    await run(simulation, rehearsed, await simulation.process(killPointOf(seed)), signal)
    simulation.endFaults()
    simulation.advance(pause)
    return { seed, left: await recovered(simulation, rehearsed, signal), broke: simulation.violations() }
  } finally {
    await simulation.close()
  }
}

async function recovered(
  simulation: Simulation,
  rehearsed: RehearsedDeployment,
  signal: AbortSignal,
): Promise<readonly string[]> {
  let left: readonly string[] = []
  for (let attempt = 0; attempt < attempts; attempt++) {
    left = leftBy(await run(simulation, rehearsed, await simulation.process(), signal))
    if (left.length === 0) break
    simulation.advance(pause)
  }
  return left
}

/** What a run found to do or failed in: empty once converged. What waits for a person does not count. */
export const leftBy = ({ changes, failures }: RehearsedRun): readonly string[] => [
  ...changes.filter(({ action }) => action !== 'manual').map(({ address, action }) => `${action} ${address}`),
  ...failures.map(({ address, text }) => `${address}: ${text}`),
]
