import { afterEach, describe, expect, test } from 'vitest'
import { certificatePolicy, secretPolicy } from '../../src/observations/policy.ts'
import { lab } from '../support/customCloud.ts'

let leave: (() => Promise<void>) | undefined
afterEach(async () => {
  await leave?.()
  leave = undefined
})

const renewal = { tenantId: 't', created: '2026-01-01T00:00:00Z', at: new Date('2027-04-28T00:00:00Z'), days: 180 }

describe('a policy that will stop the next renewal', () => {
  test('is remarked with the date, in plan and status, and status --within counts it', async () => {
    const here = await lab({ copy: true })
    leave = here.leave
    for (const tenant of Object.values(here.sandbox.world.directory.tenants))
      tenant.policy = { isEnabled: true, passwordAddition: true }
    const { stdout, code } = await here.hma('plan --json', 'owner')
    expect(code).toBe(0)
    const [{ remarks }] = JSON.parse(stdout).deployments
    expect(remarks).toContainEqual(
      expect.objectContaining({
        address: 'contoso/clientSecret',
        severity: 'warning',
        text: expect.stringMatching(/forbids new client secrets, so the renewal on \d{4}-\d\d-\d\d will fail/),
        date: expect.stringMatching(/^\d{4}-/),
      }),
    )
    expect((await here.hma('status --json --within 30d', 'owner')).code).toBe(0)
    expect((await here.hma('status --json --within 170d', 'owner')).code).toBe(1)
  })

  test('could not be checked without Policy.Read.All, and nothing fails because of it', async () => {
    const here = await lab({ copy: true })
    leave = here.leave
    for (const { servicePrincipals, appRoleAssignments } of Object.values(here.sandbox.world.directory.tenants)) {
      const roles = Object.values(servicePrincipals).flatMap(({ appRoles }) => appRoles)
      const right = roles.find(({ value }) => value === 'Policy.Read.All')?.id
      for (const [id, one] of Object.entries(appRoleAssignments)) if (one.appRoleId === right) delete appRoleAssignments[id]
    }
    const { stdout, code } = await here.hma('plan --json', 'reader')
    expect(code).toBe(0)
    const [{ remarks }] = JSON.parse(stdout).deployments
    const unchecked = remarks.filter(({ text }: { text: string }) => text.includes('could not be checked'))
    expect(unchecked).toMatchObject([{ severity: 'info', hint: expect.stringContaining('Policy.Read.All') }])
  })

  test('counts for registrations that are not older than it says, and only where it is stricter', () => {
    const found = [{ kind: 'secretLifetime' as const, days: 90, createdAfter: '2026-06-01T00:00:00Z' }]
    expect(secretPolicy({ found }, renewal)).toEqual([])
    const later = { ...renewal, created: '2026-07-01T00:00:00Z' }
    expect(secretPolicy({ found }, later)).toMatchObject([{ severity: 'warning', date: '2027-04-28T00:00:00.000Z' }])
    expect(secretPolicy({ found }, { ...later, days: 90 })).toEqual([])
    expect(certificatePolicy({ found }, later)).toEqual([])
    expect(certificatePolicy({ found: [{ kind: 'certificateLifetime', days: 180 }] }, { ...renewal, days: 365 })).toMatchObject([
      { text: expect.stringContaining('limits certificates to 180 days'), hint: expect.stringContaining('validityMonths') },
    ])
  })
})
