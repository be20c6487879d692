import { describe, expect, test } from 'vitest'
import type { Variant } from '../support/deployment.ts'
import { names, scenario } from '../support/scenarios.ts'
import { survive, writesOf } from '../support/survival.ts'

const variants: readonly (readonly [string, Variant])[] = [
  ['with Dynamics', {}],
  ['without Dynamics: the vault keeps the secret', { dynamics: false }],
]

describe.each(variants)('a process dies at each of its writes, %s', (_name, variant) => {
  test.concurrent.each(names)(
    '%s: the next one arrives, with nothing broken and nothing left over',
    async (name) => {
      const it = await scenario(name, variant)
      const writes = await writesOf(it)
      expect(writes).toBeGreaterThan(0)
      const die = async (write: number, what: 'killed before' | 'killed after') => ({
        ...{ write, what, problems: await survive(it, [{ write, what, pause: 0 }]) },
      })
      for (let write = 0; write < writes; write++) {
        const survived = await Promise.all([die(write, 'killed before'), die(write, 'killed after')])
        expect(survived.filter(({ problems }) => problems.length > 0)).toEqual([])
      }
    },
    300_000,
  )
})
