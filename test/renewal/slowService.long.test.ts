import { expect, test } from 'vitest'
import type { Variant } from '../support/deployment.ts'
import { names, scenario } from '../support/scenarios.ts'
import { failures } from './simulation/slow.ts'

const variants: readonly Variant[] = [
  { copy: true },
  { copy: true, create: 'accessPolicy' },
  { dynamics: false, create: false },
  { mailboxes: ['a@contoso.com'] },
]

test.each(names.flatMap((name) => variants.map((variant) => [name, variant] as const)))(
  '%s %j: one run is enough, however long the services take',
  { timeout: 120_000 },
  async (name, variant) => {
    expect(await failures(await scenario(name, variant), [1, 2, 3, 4, 5])).toEqual([])
  },
)

/**
 * Of two runs that remove a vault at once, one finds it gone; and one that begins before rights on the other's new vault are effective
 * cannot read it. The next run can.
 */
const together = names.filter((name) => !name.startsWith('destroy') && name !== 'first apply')

test.each(together)('%s, two runs at once: neither fails', { timeout: 120_000 }, async (name) => {
  for (const second of [0, 2000, 15_000]) expect(await failures(await scenario(name, { copy: true }), [1, 2], second)).toEqual([])
})
