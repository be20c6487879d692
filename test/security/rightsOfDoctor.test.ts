import { expect, test } from 'vitest'
import { purposes, type Right, rightsFor } from '../../src/deployment/rights.ts'
import { type Guarded, needed } from '../support/rightsTable.ts'

const vaults: readonly Guarded[] = [
  'existing, RBAC',
  'existing, access policies',
  'made by hma, RBAC',
  'made by hma, access policies',
]

const inOrder = (rights: readonly Right[]): readonly string[] =>
  rights.map((right) => JSON.stringify(Object.entries(right).sort())).sort()

test('`hma doctor` looks for the rights that the other tests of this folder hold to be enough, and for no more', () => {
  let compared = 0
  for (const vault of vaults)
    for (const consent of ['grant', 'manual'] as const)
      for (const dynamics of [true, false])
        for (const copy of [true, false])
          for (const tenants of [1, 2] as const)
            for (const purpose of purposes) {
              const authorization = vault.endsWith('RBAC') ? 'rbac' : 'accessPolicy'
              const mine = rightsFor(purpose, { made: vault.startsWith('made'), authorization, consent, dynamics, copy, tenants })
              const theirs = needed(purpose, { vault, consent, dynamics, copy, tenants }).map(({ right }) => right)
              expect(inOrder(mine), [purpose, vault].join()).toEqual(inOrder(theirs))
              compared++
            }
  expect(compared).toBe(4 * 2 * 2 * 2 * 2 * 3)
})
