import type { Settings } from '../../../packages/sandbox/src/azure.ts'
import { HmaError } from '../../../src/core/errors.ts'
import type { Scenario } from '../../support/scenarios.ts'
import { theatre } from './virtualTime.ts'

const second = 1000
const minute = 60 * second

/** Nothing goes wrong: the services take their time, as Entra, Azure and the names of new vaults do. */
const slow: readonly Partial<Settings>[] = [
  { replicationLag: 4 * second, propagation: 2 * minute },
  { replicationLag: 45 * second, registeringDns: 30 * second },
  { replicationLag: 2 * minute, propagation: 20 * second },
]

/** What fails in a single run, although more patience would have been enough. */
export async function failures(scenario: Scenario, seeds: readonly number[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const settings of slow)
    for (const seed of seeds)
      for (const failure of await failuresOf(scenario, settings, seed))
        found.push(`${JSON.stringify(settings)}, seed ${seed}: ${failure}`)
  return found
}

async function failuresOf({ variant, world, asked }: Scenario, settings: Partial<Settings>, seed: number) {
  const { here, wire } = await theatre({ variant, world: structuredClone(world), settings, seed })
  try {
    // Whoever runs hma was given their rights long ago.
    here.sandbox.advance(10 * minute)
    const { events } = await (await here.process(wire)).apply(asked)
    return events.flatMap((event) => (event.type === 'failed' ? [`${event.address}: ${String(event.error)}`] : []))
  } catch (error) {
    if (error instanceof HmaError) return [`not begun: ${error.message}`]
    throw error
  } finally {
    await here.close()
  }
}
