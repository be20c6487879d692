import { describe, test } from 'vitest'
import { dieAt } from '../support/killPoints.ts'
import { names } from '../support/scenarios.ts'

const minutes = 60_000

describe('a process dies at each of its writes, and the next one converges, with nothing broken or left over', () => {
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
