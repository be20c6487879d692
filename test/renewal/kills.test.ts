import { describe, expect, test } from 'vitest'
import type { Variant } from '../support/deployment.ts'
import { survive, writesOf } from '../support/killPoints.ts'
import { type Name, names, scenario } from '../support/scenarios.ts'

/** At each write two runs: one process dies before the request is sent, another before it hears the answer. */
async function dieEverywhere(name: Name, variant: Variant): Promise<void> {
  const it = await scenario(name, variant)
  const writes = await writesOf(it)
  expect(writes).toBeGreaterThan(0)
  const die = async (write: number, what: 'killed before' | 'killed after') => ({
    ...{ write, what, problems: await survive(it, { write, what }) },
  })
  for (let write = 0; write < writes; write++) {
    const survived = await Promise.all([die(write, 'killed before'), die(write, 'killed after')])
    expect(survived.filter(({ problems }) => problems.length > 0)).toEqual([])
  }
}

const minutes = 60_000

describe('a process dies at each of its writes, and the next one arrives, with nothing broken and nothing left over', () => {
  test.concurrent.each(names)('%s, with Dynamics', (name) => dieEverywhere(name, {}), 15 * minutes)

  test.concurrent.each(names)(
    '%s, without Dynamics: the vault keeps the secret',
    (name) => dieEverywhere(name, { dynamics: false }),
    15 * minutes,
  )

  test.concurrent(
    'first apply, with a vault that hma has to let itself into',
    () => dieEverywhere('first apply', { create: 'accessPolicy' }),
    15 * minutes,
  )
})
