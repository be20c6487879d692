import { describe, test } from 'vitest'
import { dieAt } from '../support/killPoints.ts'
import type { Name } from '../support/scenarios.ts'

/** Writes midway, where something exists and is not in use yet. `npm run test:long` tries all. */
const middle = (writes: number): readonly number[] => [Math.floor(writes / 2)]

const sampled: readonly Name[] = ['first apply', 'certificate renewal', 'rotation of the secret', 'destroy']

describe('after a process is killed midway, the next one converges, with nothing broken or left over', () => {
  test.each(sampled)('%s', (name) => dieAt(name, {}, middle))
})
