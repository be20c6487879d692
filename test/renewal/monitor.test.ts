import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { violations } from '../../packages/sandbox/src/monitor/continuity.ts'
import { day, deliveredSecret, registration } from '../support/credentials.ts'
import { type OpenDeployment, openDeployment, type Variant } from '../support/deployment.ts'
import { newVersion, portal } from '../support/portal.ts'

let here: OpenDeployment
afterEach(() => here.close())

const deploy = async (variant: Variant = {}): Promise<void> => {
  here = await openDeployment(variant)
  await here.apply()
  expect(here.sandbox.violations).toEqual([])
}
/** Key Vault Certificate User (https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security). */
const certificateUser = 'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba'

const seen = () =>
  here.sandbox.violations.map(({ invariant, cause: { service, method, url } }) => ({
    ...{ invariant, service, method, path: new URL(url).pathname },
  }))

describe('the monitor names the request at which a naive order breaks sign-in', () => {
  beforeEach(() => deploy())

  test('a version that is current before it is trusted', async () => {
    await newVersion(here)
    expect(seen()).toEqual([
      { invariant: 'certificate', service: 'keyVault', method: 'GET', path: '/certificates/HMA-Cert/pending' },
    ])
  })

  test('a secret that is removed before another one is delivered', async () => {
    const keyId = deliveredSecret(here.sandbox.world)?.keyId
    const path = `/applications/${registration(here.sandbox.world, 'kv-app')?.id}/removePassword`
    await portal(here).graph('POST', path, { keyId })
    expect(seen()).toEqual([{ invariant: 'secret', service: 'graph', method: 'POST', path: `/v1.0${path}` }])
  })

  test('access that is removed', async () => {
    const assignment = here.sandbox.world.resources.roleAssignments.find(
      ({ roleId, scope }) => roleId === certificateUser && /vaults/i.test(scope),
    )
    const path = `${assignment?.scope}/providers/Microsoft.Authorization/roleAssignments/${assignment?.name}`
    await portal(here).resourceManager('DELETE', path)
    expect(seen()).toEqual([{ invariant: 'access', service: 'management', method: 'DELETE', path }])
  })
})

describe('a certificate that an issuer of the vault makes', () => {
  beforeEach(() => deploy({ issuer: 'Self' }))

  test('leaves a gap at its renewal: the plan says so, the monitor detects it, and the same run closes it', async () => {
    for (const days of [151, 160, 310, 336]) {
      here.sandbox.advance(days * day - (here.sandbox.now().getTime() - Date.parse(here.sandbox.log[0]?.at ?? '')))
      const { changes } = await (await here.process()).apply()
      if (days < 336) expect(changes.find(({ address }) => address === 'contoso/certificate')?.action).toBe('none')
      else
        expect(changes.find(({ address }) => address === 'contoso/certificate')).toMatchObject({
          ...{ action: 'update', reason: 'expiring' },
          differences: [{ field: 'expires', why: expect.stringContaining('sign-in fails in between') }],
        })
    }
    expect(seen()).toEqual([expect.objectContaining({ invariant: 'certificate', service: 'keyVault' })])
    expect(violations(here.sandbox.world, here.sandbox.now())).toEqual([])
  })

  test('leaves a gap at a rotation, too', async () => {
    const changes = await here.plan({ rotate: 'certificate' })
    expect(changes.find(({ address }) => address === 'contoso/certificate')).toMatchObject({
      ...{ action: 'update', reason: 'requested' },
      differences: [{ field: 'version', why: expect.stringContaining('sign-in fails in between') }],
    })
  })
})
