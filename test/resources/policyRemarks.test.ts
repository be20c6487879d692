import { afterEach, describe, expect, test } from 'vitest'
import type { AssignedPolicy } from '../../packages/sandbox/src/directory/state.ts'
import { certificatePolicy, secretPolicy } from '../../src/observations/policy.ts'
import { lab } from '../support/customCloud.ts'

let leave: (() => Promise<void>) | undefined
afterEach(async () => {
  await leave?.()
  leave = undefined
})

const renewal = { tenantId: 't', created: '2026-01-01T00:00:00Z', at: new Date('2027-04-28T00:00:00Z'), days: 180 }

describe('a policy that will stop the next renewal', () => {
  test('is a remark with the date in plan and status, and status --within counts it', async () => {
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

  test('is also a remark before the first secret and the first certificate', async () => {
    const here = await lab({ copy: true })
    leave = here.leave
    for (const tenant of Object.values(here.sandbox.world.directory.tenants)) {
      tenant.policy = { isEnabled: true, passwordAddition: false, passwordLifetimeDays: 90, keyLifetimeDays: 180 }
      for (const { id, uniqueName } of Object.values(tenant.applications))
        if (uniqueName?.startsWith('hma-')) delete tenant.applications[id]
    }
    const { stdout } = await here.hma('plan --json', 'owner')
    const [{ remarks }] = JSON.parse(stdout).deployments
    const first = (remarks as { text: string }[]).filter(({ text }) => text.includes('hma cannot create the first one'))
    expect(first).toMatchObject([
      { address: 'contoso/certificateCredential', text: expect.stringContaining('limits certificates to 180 days') },
      { address: 'contoso/clientSecret', text: expect.stringContaining('limits client secrets to 90 days') },
    ])
  })

  test('is not a remark if a policy assigned to KV-App lifts it, and is one if only that policy restricts', async () => {
    const here = await lab({ copy: true })
    leave = here.leave
    const remarks = async (): Promise<string[]> => {
      const { stdout } = await here.hma('plan --json', 'owner')
      return JSON.parse(stdout).deployments[0].remarks.map(({ text }: { text: string }) => text)
    }
    const tenants = Object.values(here.sandbox.world.directory.tenants)
    const assign = (own: Partial<AssignedPolicy>): void => {
      for (const tenant of tenants)
        for (const id of Object.keys(tenant.applications))
          tenant.assignedPolicies = {
            ...tenant.assignedPolicies,
            [id]: { id: 'p', displayName: 'Mail', isEnabled: true, ...own },
          }
    }
    for (const tenant of tenants) tenant.policy = { isEnabled: true, passwordAddition: true }
    assign({ passwordAddition: false })
    expect((await remarks()).filter((text) => text.includes('app management policy'))).toEqual([])
    expect(await here.hma('rotate clientSecret --yes', 'owner')).toMatchObject({ code: 0 })

    for (const tenant of tenants) tenant.policy = { isEnabled: false, passwordAddition: false }
    assign({ passwordAddition: true })
    expect(await remarks()).not.toContainEqual(expect.stringMatching(/forbids new client secrets/)) // not asked for yet
    const soon = new Date(Date.now() + 100 * 86_400_000).toISOString()
    for (const { applications } of tenants)
      for (const { passwordCredentials } of Object.values(applications))
        for (const secret of passwordCredentials) secret.endDateTime = soon
    expect(await remarks()).toContainEqual(expect.stringMatching(/forbids new client secrets/))
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

test('a Power Platform managed identity on the profile is a remark in plan, status and verify', async () => {
  const here = await lab({ copy: true })
  leave = here.leave
  for (const { tables } of here.sandbox.world.dataverse.organizations)
    for (const row of Object.values(tables.emailserverprofile))
      row.cells.powerplatformmanagedidentityid = 'aaaaaaaa-0000-4000-8000-000000000001'
  for (const line of ['plan', 'status', 'verify'])
    expect((await here.hma(line, 'owner')).stdout.replace(/\s+/g, ' '), line).toMatch(/managed identity of Power Platform/)
})
