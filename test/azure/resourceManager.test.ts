import { describe, expect, test } from 'vitest'
import type { Received } from './server.ts'
import { tenant, world } from './world.ts'

const id = { subscriptionId: '33333333-3333-3333-3333-333333333333', resourceGroup: 'rg-mail', name: 'kv-contoso' }
const path = `/subscriptions/${id.subscriptionId}/resourceGroups/rg-mail/providers/Microsoft.KeyVault/vaults/kv-contoso`
const permissions = { secrets: ['Get'], certificates: ['get'], keys: [], storage: [] }
const policy = { tenantId: tenant, objectId: 'kv-app', ...permissions }

const vault = {
  id: path,
  name: 'kv-contoso',
  location: 'westeurope',
  tags: { owner: 'x' },
  properties: {
    tenantId: tenant,
    sku: { family: 'A', name: 'premium' },
    accessPolicies: [{ tenantId: tenant, objectId: 'kv-app', permissions }],
    vaultUri: 'https://kv-contoso.vault.lab.localhost/',
    enableRbacAuthorization: true,
    softDeleteRetentionInDays: 7,
    provisioningState: 'RegisteringDns',
  },
}

const settings = {
  tenantId: tenant,
  location: 'westeurope',
  sku: 'standard',
  authorization: 'accessPolicy',
  softDeleteRetentionDays: 90,
  purgeProtection: false,
  tags: { owner: 'x' },
} as const

const refusal = (status: number, code: string, message = 'no') => ({ status, body: { error: { code, message } } })
const body = (request: Received | undefined): unknown => JSON.parse(request?.body ?? '')

describe('a vault', () => {
  test('is read', async () => {
    const at = await world(() => ({ status: 200, body: vault }))
    expect(await at.clients.resourceManager.vault(tenant, id)).toEqual({
      id: path,
      name: 'kv-contoso',
      tenantId: tenant,
      location: 'westeurope',
      sku: 'premium',
      uri: 'https://kv-contoso.vault.lab.localhost',
      authorization: 'rbac',
      accessPolicies: [policy],
      purgeProtection: false,
      publicAccess: 'open',
      softDeleteRetentionDays: 7,
      provisioningState: 'RegisteringDns',
      tags: { owner: 'x' },
    })
    expect(at.asked()).toEqual([`GET ${path}?api-version=2026-02-01`])
  })

  test('is in the same region and of the same tier however they are written', async () => {
    const properties = { ...vault.properties, sku: { family: 'A', name: 'Premium' }, tenantId: tenant.toUpperCase() }
    const at = await world(() => ({ status: 200, body: { ...vault, location: 'West Europe', properties } }))
    expect(await at.clients.resourceManager.vault(tenant, id)).toMatchObject({
      location: 'westeurope',
      sku: 'premium',
      tenantId: tenant,
    })
  })

  test('that is missing is undefined, a missing subscription is an error', async () => {
    for (const code of ['ResourceNotFound', 'ResourceGroupNotFound']) {
      const at = await world(() => refusal(404, code))
      expect(await at.clients.resourceManager.vault(tenant, id)).toBeUndefined()
      expect(await at.clients.resourceManager.deletedVault(tenant, id, 'westeurope')).toBeUndefined()
    }
    const at = await world(() => refusal(404, 'SubscriptionNotFound'))
    await expect(at.clients.resourceManager.vault(tenant, id)).rejects.toMatchObject({
      hint: expect.stringContaining('subscriptionId'),
    })
  })

  test.each([200, 202, 204])('is deleted, and so is a role assignment, where Azure answers %i', async (status) => {
    const at = await world(() => ({ status }))
    await at.clients.resourceManager.deleteVault(tenant, id)
    await at.clients.resourceManager.removeRoleAssignment(tenant, id, 'assignment')
    expect(at.asked().map((line) => line.split(' ')[0])).toEqual(['DELETE', 'DELETE'])
  })

  test('is created with an explicit access model, without waiting', async () => {
    const at = await world(() => ({ status: 200, body: vault }))
    await at.clients.resourceManager.createVault(tenant, id, settings)
    expect(at.asked()).toEqual([`PUT ${path}?api-version=2026-02-01`])
    const sent = body(at.server.received.at(-1))
    expect(sent).toMatchObject({
      location: 'westeurope',
      tags: { owner: 'x' },
      properties: {
        enableRbacAuthorization: false,
        sku: { family: 'A', name: 'standard' },
        softDeleteRetentionInDays: 90,
        accessPolicies: [],
      },
    })
    expect(sent).not.toHaveProperty('properties.enablePurgeProtection')
  })

  test('is recovered under its own name', async () => {
    const at = await world(() => ({ status: 200, body: vault }))
    await at.clients.resourceManager.recoverVault(tenant, id, { ...settings, authorization: 'rbac' })
    expect(body(at.server.received.at(-1))).toMatchObject({
      properties: { createMode: 'recover', enableRbacAuthorization: true },
    })
  })

  test('that cannot be created says why', async () => {
    const at = await world(() => refusal(409, 'VaultAlreadyExists', 'The name is in use'))
    await expect(at.clients.resourceManager.createVault(tenant, id, settings)).rejects.toMatchObject({
      code: 'VaultAlreadyExists',
      hint: expect.stringContaining('unique'),
    })
  })

  test('is changed only where asked', async () => {
    const at = await world(() => ({ status: 200, body: vault }))
    await at.clients.resourceManager.updateVault(tenant, id, { purgeProtection: true })
    expect(body(at.server.received.at(-1))).toEqual({ properties: { enablePurgeProtection: true } })
  })
})

describe('access policies', () => {
  test.each([
    ['replace', 'setAccessPolicy'],
    ['remove', 'removeAccessPolicy'],
  ] as const)('%s one principal, in the case that they have', async (operation, call) => {
    const at = await world(() => ({ status: 200, body: { properties: { accessPolicies: [] } } }))
    await at.clients.resourceManager[call](tenant, id, policy)
    expect(at.asked()).toEqual([`PUT ${path}/accessPolicies/${operation}?api-version=2026-02-01`])
    expect(body(at.server.received.at(-1))).toEqual({
      properties: { accessPolicies: [{ tenantId: tenant, objectId: 'kv-app', permissions }] },
    })
  })
})

describe('role assignments', () => {
  const at = (scope: string, name: string) => ({
    name,
    properties: { scope, roleDefinitionId: 'role', principalId: 'kv-app' },
  })

  test('are those at the vault and above it', async () => {
    const value = [
      at(path.toLowerCase(), 'here'),
      at(`/subscriptions/${id.subscriptionId}`, 'above'),
      at(`${path}/secrets/x`, 'below'),
      at(`${path}-other`, 'beside'),
    ]
    const asked = await world(() => ({ status: 200, body: { value } }))
    const found = await asked.clients.resourceManager.roleAssignments(tenant, id, 'kv-app')
    expect(found.map(({ name }) => name)).toEqual(['here', 'above'])
    expect(asked.asked()[0]).toContain("$filter=principalId eq 'kv-app'")
  })

  test.each([
    [201, undefined],
    [200, undefined],
    [409, 'RoleAssignmentExists'],
  ] as const)('answered by %i are made', async (status, code) => {
    const asked = await world(() => (code === undefined ? { status, body: at(path, 'guid') } : refusal(status, code)))
    await asked.clients.resourceManager.assignRole(tenant, id, {
      name: 'guid',
      roleId: 'role',
      principalId: 'kv-app',
      description: 'ours',
    })
    expect(asked.asked()[0]).toMatch(/^PUT \/+subscriptions.*\/roleAssignments\/guid\?/)
    expect(body(asked.server.received.at(-1))).toMatchObject({
      properties: {
        principalId: 'kv-app',
        principalType: 'ServicePrincipal',
        roleDefinitionId: expect.stringMatching(/roleDefinitions\/role$/),
      },
    })
  })
})

test('the caller is the identity in the token', async () => {
  const asked = await world(() => ({ status: 500 }))
  expect(await asked.clients.resourceManager.callerId(tenant)).toBe('the-caller')
  expect(asked.asked()).toEqual([])
})
