import type { Settings, World } from '../../../packages/sandbox/src/azure.ts'
import { clockOf } from '../../../packages/sandbox/src/clock.ts'
import { seededChoice } from '../../../packages/sandbox/src/faults/bySeed.ts'
import { seededRandom } from '../../../packages/sandbox/src/faults/random.ts'
import { emptyWorld } from '../../../packages/sandbox/test/support/worlds.ts'
import { once } from '../../../src/azure/once.ts'
import { real } from '../../../src/session/runtime.ts'
import { type OpenDeployment, openDeployment, type Variant, type Wire } from '../../support/deployment.ts'
import { turns } from './interleaving.ts'

/** A sandbox in which one thing happens at a time, and waiting costs nothing. */
export interface VirtualSandbox {
  readonly here: OpenDeployment
  /** What every process's wire has to go through. */
  readonly wire: Wire
  /** Time on the sandbox's clock. */
  sleep(milliseconds: number): Promise<void>
}

export interface SandboxRun {
  readonly variant: Variant
  /** Changed as it is played. Its clock has to stand. */
  readonly world: World
  readonly settings?: Partial<Settings>
  readonly seed?: number
  afterwards?(request: Request): void
}

/**
 * What is loaded when it is first needed is loaded before the first play: loading takes turns of the event loop, in which a play
 * would continue without waiting for it, and so differ from the next time.
 */
const loaded = once(async () => {
  const here = await openDeployment({ copy: true }, {}, await emptyWorld())
  await here.apply()
  await here.close()
})

export async function virtualSandbox({ variant, world, settings, seed = 1, afterwards }: SandboxRun): Promise<VirtualSandbox> {
  await loaded()
  const drawn = seededChoice(seededRandom(seed))
  const { conductor, wire, pauseBetweenAttempts, sleep } = turns(world, drawn, afterwards ?? (() => {}))
  const clock = clockOf(world)
  const now = (): number => clock.now().getTime()
  const here = await openDeployment(variant, settings, world, {
    start: { conductor, randomSeed: seed },
    timer: { now, wait: pauseBetweenAttempts },
    pace: { ...real({}, now).pace, timer: { now, wait: sleep } },
    random: seededRandom(seed),
    keepsConnections: true,
  })
  return { here, wire, sleep }
}
