import { expect } from 'vitest'
import { perform } from '../renewal/simulation/perform.ts'
import { virtualSandbox } from '../renewal/simulation/virtualTime.ts'
import type { Variant } from './deployment.ts'
import { type Interruption, killable } from './killedRun.ts'
import { type Name, type Scenario, scenario } from './scenarios.ts'

/** How many writes the scenario takes where nothing happens to it. */
export async function writesOf({ variant, world, asked }: Scenario): Promise<number> {
  const { here, wire } = await virtualSandbox({ variant, world: structuredClone(world) })
  const { wire: counting, writes } = killable(undefined)
  try {
    await (await here.process((transport) => counting(wire(transport)))).apply(asked)
    return writes()
  } finally {
    await here.close()
  }
}

/** A process is killed, and others continue. Returns everything that breaks a promise of hma. */
export async function survive(scenario: Scenario, accident: Interruption): Promise<readonly string[]> {
  const act = { faults: [], settings: {}, accident, pause: 0 } as const
  return (await perform(scenario, { seed: 1, settings: {}, acts: [act] })).problems
}

/** At each of these writes two runs: one process dies before the request is sent, another before it receives the answer. All writes if none is named. */
export async function dieAt(name: Name, variant: Variant, chosen: (writes: number) => readonly number[] = every): Promise<void> {
  const it = await scenario(name, variant)
  const writes = await writesOf(it)
  expect(writes).toBeGreaterThan(0)
  const die = async (write: number, what: 'killed before' | 'killed after') => ({
    ...{ write, what, problems: await survive(it, { write, what }) },
  })
  for (const write of chosen(writes)) {
    const survived = await Promise.all([die(write, 'killed before'), die(write, 'killed after')])
    expect(survived.filter(({ problems }) => problems.length > 0)).toEqual([])
  }
}

const every = (writes: number): readonly number[] => Array.from({ length: writes }, (_, write) => write)
