import { describe, test } from 'vitest'
import { dieAt } from '../support/killPoints.ts'
import type { Name } from '../support/scenarios.ts'

/** The writes in the middle: where something is made and not yet in use. `npm run test:long` tries every one. */
const middle = (writes: number): readonly number[] => [Math.floor(writes / 2)]

const sampled: readonly Name[] = ['first apply', 'certificate renewal', 'rotation of the secret', 'destroy']

describe('a process dies midway, and the next one converges, with nothing broken or left over', () => {
  test.each(sampled)('%s', (name) => dieAt(name, {}, middle))
})
