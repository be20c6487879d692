import { hour } from '../core/time.ts'
import { type Run, run } from './run.ts'
import type { Death, Scene, Stage } from './stage.ts'

/** What came of an apply in which things went wrong, and of the runs after it. */
export interface Ordeal {
  readonly seed: number
  /** Sign-in that had worked, and did not after a request. */
  readonly broke: readonly string[]
  /** What was still to be done, or failed, in the last run. */
  readonly left: readonly string[]
}

/** After an hour nobody takes what a dead run left for something that a living one is about to use. */
const pause = hour + 60_000
const attempts = 3

/** Each seed is another schedule of faults; every second run is killed as well. */
const deathBy = (seed: number): Death | undefined =>
  seed % 2 === 0 ? { request: (seed * 7) % 61, arrived: seed % 4 === 0 } : undefined

interface Draw {
  readonly seed: number
  /** Milliseconds after the copy at which the run begins. */
  readonly after: number
}

/** One apply under faults that a seed draws; then the schedule goes on, without them, until it has arrived or should have. */
export async function ordeal(stage: Stage, { seed, after }: Draw, signal: AbortSignal): Promise<Ordeal> {
  const scene = await stage.begin({ seed, faults: 1 + (seed % 4) })
  scene.advance(after)
  try {
    await run(scene, stage, await scene.process(deathBy(seed)), signal)
    scene.calm()
    scene.advance(pause)
    return { seed, left: await recovered(scene, stage, signal), broke: scene.violations() }
  } finally {
    await scene.close()
  }
}

async function recovered(scene: Scene, stage: Stage, signal: AbortSignal): Promise<readonly string[]> {
  let left: readonly string[] = []
  for (let attempt = 0; attempt < attempts; attempt++) {
    left = leftBy(await run(scene, stage, await scene.process(), signal))
    if (left.length === 0) break
    scene.advance(pause)
  }
  return left
}

/** What a run found to do, or failed in: nothing, once it has arrived. What waits for manual action is left. */
export const leftBy = ({ changes, failures }: Run): readonly string[] => [
  ...changes.filter(({ action }) => action !== 'manual').map(({ address, action }) => `${action} ${address}`),
  ...failures.map(({ address, text }) => `${address}: ${text}`),
]
