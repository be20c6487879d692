import { perform } from '../renewal/simulation/perform.ts'
import { theatre } from '../renewal/simulation/virtualTime.ts'
import { type Accident, mortal } from './killedRun.ts'
import type { Scenario } from './scenarios.ts'

/** How many writes the scenario takes where nothing happens to it. */
export async function writesOf({ variant, world, asked }: Scenario): Promise<number> {
  const { here, wire } = await theatre({ variant, world: structuredClone(world) })
  const { wire: counting, writes } = mortal(undefined)
  try {
    await (await here.process((transport) => counting(wire(transport)))).apply(asked)
    return writes()
  } finally {
    await here.close()
  }
}

/** A process meets an accident, and others go on. Answers with everything that is not as hma promises. */
export async function survive(scenario: Scenario, accident: Accident): Promise<readonly string[]> {
  const act = { faults: [], settings: {}, accident, pause: 0 } as const
  return (await perform(scenario, { seed: 1, settings: {}, acts: [act] })).problems
}
