import type { Settings } from '../../../packages/sandbox/src/azure.ts'
import { HmaError } from '../../../src/core/errors.ts'
import type { Scenario } from '../../support/scenarios.ts'
import { virtualSandbox } from './virtualTime.ts'

const seconds = 1000
const minute = 60 * seconds

/** Nothing goes wrong: the services take their time, as Entra, Azure and the names of new vaults do. */
const slow: readonly Partial<Settings>[] = [
  { replicationLag: 4 * seconds, propagation: 2 * minute },
  { replicationLag: 45 * seconds, registeringDns: 30 * seconds },
  { replicationLag: 2 * minute, propagation: 20 * seconds },
]

/** What fails, although more patience would have been enough. With `second`, another run begins so many milliseconds later. */
export async function failures(scenario: Scenario, seeds: readonly number[], second?: number): Promise<readonly string[]> {
  const found: string[] = []
  for (const settings of slow)
    for (const seed of seeds)
      for (const failure of await failuresOf(scenario, { settings, seed, second }))
        found.push(`${JSON.stringify(settings)}, seed ${seed}: ${failure}`)
  return found
}

interface Circumstances {
  readonly settings: Partial<Settings>
  readonly seed: number
  readonly second: number | undefined
}

async function failuresOf({ variant, world, asked }: Scenario, { settings, seed, second }: Circumstances): Promise<string[]> {
  const { here, wire, sleep } = await virtualSandbox({ variant, world: structuredClone(world), settings, seed })
  const run = async (): Promise<string[]> => {
    try {
      const { events } = await (await here.process(wire)).apply(asked)
      return events.flatMap((event) => (event.type === 'failed' ? [`${event.address}: ${String(event.error)}`] : []))
    } catch (error) {
      if (error instanceof HmaError) return [`not begun: ${error.message}`]
      throw error
    }
  }
  try {
    // The identity of hma received its rights long ago.
    here.sandbox.advance(10 * minute)
    const runs = [run(), ...(second === undefined ? [] : [sleep(second).then(run)])]
    return (await Promise.all(runs)).flat()
  } finally {
    await here.close()
  }
}
