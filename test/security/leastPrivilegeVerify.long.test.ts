import { describe, expect, test } from 'vitest'
import type { Check } from '../../src/core/kind.ts'
import { openDeployment, yaml } from '../support/deployment.ts'
import { grantRights, placeOf, type Right, wordsFor } from '../support/rights.ts'
import { needed, type Setting, variantOf } from '../support/rightsTable.ts'
import { type Verified, verified } from '../support/verify.ts'
import { worldAt } from './leastPrivilege.ts'

const settings: readonly Setting[] = [
  { vault: 'existing, RBAC', consent: 'grant', dynamics: true, copy: true, tenants: 2 },
  { vault: 'existing, RBAC', consent: 'manual', dynamics: false, copy: true, tenants: 1 },
  { vault: 'existing, access policies', consent: 'grant', dynamics: true, copy: true, tenants: 1 },
  { vault: 'existing, access policies', consent: 'grant', dynamics: false, copy: true, tenants: 2 },
]

/** What `hma verify` says with these rights. */
async function verifiedWith(setting: Setting, rights: readonly Right[]): Promise<Verified> {
  const variant = variantOf({ ...setting, consent: 'grant' })
  const here = await openDeployment(variant, {}, await worldAt({ ...setting, consent: 'grant' }, 'standing'))
  try {
    grantRights(here.sandbox.world, rights)
    return await verified(here.sandbox, yaml(variant))
  } finally {
    await here.close()
  }
}

const checks = async (setting: Setting, rights: readonly Right[]): Promise<readonly Check[]> =>
  (await verifiedWith(setting, rights)).checks

const unproven = (found: readonly Check[]): readonly Check[] => found.filter(({ status }) => status !== 'passed')

describe.each(settings)('verify, $vault, Dynamics: $dynamics, $tenants tenants', { concurrent: true }, (setting) => {
  const all = needed('verify', setting)

  test('these rights prove every step', async () => {
    const found = await checks(
      setting,
      all.map(({ right }) => right),
    )
    expect(unproven(found)).toEqual([])
    expect(found.length).toBeGreaterThan(8)
  })

  const without = all.map(({ right }) => [wordsFor(right), placeOf(right, setting.tenants), right] as const)
  test.each(without)('without %s at %s, a step is not proven and names both', async (words, place, right) => {
    const rest = all.flatMap((one) => (one.right === right ? [] : [one.right]))
    const told = unproven(await checks(setting, rest)).map(({ detail, hint = '' }) => `${detail} ${hint}`)
    expect(told.some((one) => one.includes(words) && one.includes(place))).toBe(true)
  })

  test('without any right, verify fails and names the first missing right', async () => {
    const { code, checks } = await verifiedWith(setting, [])
    const failed = checks.filter(({ status }) => status === 'failed')
    expect([code, failed.length]).toEqual([1, 1])
    expect(failed[0]?.detail).toMatch(/^No sign-in could be tried, so nothing is proven\. Could not /)
    expect(all.some(({ right }) => failed[0]?.hint?.includes(wordsFor(right)))).toBe(true)
  })
})
