import { describe, test } from 'vitest'
import { dieAt } from '../support/killPoints.ts'
import { names } from '../support/scenarios.ts'

const minutes = 60_000

describe('after a process is killed at any of its writes, the next one converges, with nothing broken or left over', () => {
  test.concurrent.each(names)('%s, with Dynamics', (name) => dieAt(name, {}), 15 * minutes)

  test.concurrent.each(names)(
    '%s, without Dynamics: the vault keeps the secret',
    (name) => dieAt(name, { dynamics: false }),
    15 * minutes,
  )

  test.concurrent(
    'first apply, with a vault that hma has to let itself into',
    () => dieAt('first apply', { create: 'accessPolicy' }),
    15 * minutes,
  )
})
