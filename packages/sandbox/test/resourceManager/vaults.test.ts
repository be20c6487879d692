import { KeyVaultManagementClient } from '@azure/arm-keyvault'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  armUrl,
  type Cloud,
  group,
  otherTenant,
  type Person,
  people,
  startCloud,
  subscription,
  tenant,
  vaultName,
  vaultScope,
} from '../vaultCloud.ts'

let cloud: Cloud
beforeEach(async () => {
  cloud = await startCloud({ registeringDns: 500 })
})
afterEach(() => cloud.close())

const client = (as: Person = 'owner') =>
  new KeyVaultManagementClient(cloud.credential(as), subscription, {
    httpClient: cloud.httpClient,
    retryOptions: { maxRetries: 0 },
    credentials: { scopes: [`${armUrl}/.default`] },
  })

const arm = (as: Person | undefined, method: string, path: string, body?: unknown, version = '2026-02-01') =>
  cloud.ask(as, method, `${armUrl}${path}${path.includes('?') ? '&' : '?'}api-version=${version}`, body)

const groupPath = `/subscriptions/${subscription}/resourceGroups/${group}`
const pathOf = (name: string) => `${groupPath}/providers/Microsoft.KeyVault/vaults/${name}`
const locationPath = `/subscriptions/${subscription}/providers/Microsoft.KeyVault/locations/westeurope`
const parameters = (more: object = {}) => ({
  location: 'westeurope',
  properties: { tenantId: tenant, sku: { family: 'A' as const, name: 'standard' as const }, accessPolicies: [], ...more },
})

describe('the life of a vault', () => {
  it('is led by a plain client', async () => {
    const sdk = client()
    const made = await sdk.vaults.createOrUpdate(
      group,
      'kv-new',
      { ...parameters(), tags: { a: 'b' } },
      { updateIntervalInMs: 100 },
    )
    expect(made.properties).toMatchObject({
      vaultUri: 'https://kv-new.vault.azure.net/',
      provisioningState: 'Succeeded',
      enableRbacAuthorization: true,
      softDeleteRetentionInDays: 90,
    })
    const names: string[] = []
    for await (const { name } of sdk.vaults.listByResourceGroup(group)) names.push(name ?? '')
    expect(names).toEqual([vaultName, 'kv-new'])
    expect(
      (await sdk.vaults.updateAccessPolicy(group, 'kv-new', 'add', { properties: { accessPolicies: [policy] } })).properties,
    ).toMatchObject({
      accessPolicies: [{ objectId: people.app.objectId, permissions: { secrets: ['get'] } }],
    })
    expect((await sdk.vaults.update(group, 'kv-new', { tags: { c: 'd' } })).tags).toEqual({ c: 'd' })
    await sdk.vaults.delete(group, 'kv-new')
    await expect(sdk.vaults.get(group, 'kv-new')).rejects.toMatchObject({ statusCode: 404, code: 'ResourceNotFound' })
    expect((await sdk.vaults.getDeleted('kv-new', 'westeurope')).properties).toMatchObject({ tags: { c: 'd' } })
    await expect(sdk.vaults.createOrUpdate(group, 'kv-new', parameters())).rejects.toMatchObject({
      statusCode: 409,
      code: 'ConflictError',
    })
    const recovered = await sdk.vaults.createOrUpdate(group, 'kv-new', parameters({ createMode: 'recover' }))
    expect(recovered.properties.accessPolicies).toHaveLength(1)
    await sdk.vaults.delete(group, 'kv-new')
    await sdk.vaults.purgeDeleted('kv-new', 'westeurope', { updateIntervalInMs: 200 })
    await expect(sdk.vaults.getDeleted('kv-new', 'westeurope')).rejects.toMatchObject({ statusCode: 404 })
  })

  const policy = { tenantId: tenant, objectId: people.app.objectId, permissions: { secrets: ['get'] } }

  it('begins with a name that is being registered, and an address without a slash', async () => {
    const { body, headers } = await arm('owner', 'PUT', pathOf('kv-new'), parameters())
    expect(body.properties).toMatchObject({ vaultUri: 'https://kv-new.vault.azure.net', provisioningState: 'RegisteringDns' })
    expect(headers).toMatchObject({
      'x-ms-ratelimit-remaining-subscription-writes': '199',
      'x-ms-request-id': expect.any(String),
      'x-ms-keyvault-service-version': expect.any(String),
    })
    cloud.advance(500)
    expect((await arm('owner', 'GET', pathOf('KV-New'))).body.properties).toMatchObject({ provisioningState: 'Succeeded' })
  })

  it('ends in a purge of its own accord, unless it is protected from an earlier one', async () => {
    expect((await arm('owner', 'DELETE', vaultScope)).status).toBe(200)
    expect((await arm('owner', 'DELETE', vaultScope)).status).toBe(204)
    const deleted = await arm('owner', 'GET', `${locationPath}/deletedVaults/${vaultName}`)
    expect(deleted.body.properties).toMatchObject({ purgeProtectionEnabled: true, vaultId: vaultScope })
    expect((await arm('owner', 'POST', `${locationPath}/deletedVaults/${vaultName}/purge`)).status).toBe(405)
    cloud.advance(91 * 86_400_000)
    const list = await arm('owner', 'GET', `/subscriptions/${subscription}/providers/Microsoft.KeyVault/deletedVaults`)
    expect(list.body.value).toEqual([])
    expect((await arm('owner', 'PUT', vaultScope, parameters())).status).toBe(200)
  })

  it('takes its role assignments along', async () => {
    const name = '44444444-4444-4444-8444-444444444444'
    const assignment = `${vaultScope}/providers/Microsoft.Authorization/roleAssignments/${name}`
    const roleDefinitionId = '/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6'
    const properties = { roleDefinitionId, principalId: people.app.objectId }
    expect((await arm('owner', 'PUT', assignment, { properties }, '2022-04-01')).status).toBe(201)
    await arm('owner', 'DELETE', vaultScope)
    await arm('owner', 'PUT', vaultScope, parameters({ createMode: 'recover' }))
    expect((await arm('owner', 'GET', assignment, undefined, '2022-04-01')).error.code).toBe('RoleAssignmentNotFound')
  })
})

describe('the settings of a vault', () => {
  it('have the access of their api-version where the request names none', async () => {
    const [old, young] = await Promise.all([
      arm('owner', 'PUT', pathOf('kv-old'), parameters(), '2023-07-01'),
      arm('owner', 'PUT', pathOf('kv-young'), parameters(), '2026-02-01'),
    ])
    expect(old.body.properties).not.toHaveProperty('enableRbacAuthorization')
    expect(young.body.properties).toMatchObject({ enableRbacAuthorization: true })
    const again = await arm('owner', 'PUT', pathOf('kv-old'), parameters(), '2026-02-01')
    expect(again.body.properties).not.toHaveProperty('enableRbacAuthorization')
  })

  it.each([
    ['soft delete off', { enableSoftDelete: false }],
    ['purge protection off', { enablePurgeProtection: false }],
    ['another retention', { softDeleteRetentionInDays: 7 }],
    ['too many days', { softDeleteRetentionInDays: 91 }],
    ['another tenant', { tenantId: otherTenant }],
  ])('refuse %s', async (_what, more) => {
    expect(await arm('owner', 'PUT', vaultScope, parameters(more))).toMatchObject({ status: 400, error: { code: 'BadRequest' } })
  })

  it('refuse another place', async () => {
    const moved = { ...parameters(), location: 'northeurope' }
    expect((await arm('owner', 'PUT', vaultScope, moved)).error.code).toBe('InvalidResourceLocation')
    expect((await arm('owner', 'PUT', pathOf('kv-new'), { properties: {} })).error.code).toBe('LocationRequired')
  })
})

describe('names', () => {
  it('are global, and a deleted vault keeps its own', async () => {
    await arm('owner', 'PUT', `/subscriptions/${subscription}/resourcegroups/other`, { location: 'westeurope' }, '2021-04-01')
    const elsewhere = vaultScope.replace(group, 'other')
    expect((await arm('owner', 'PUT', elsewhere, parameters())).error.code).toBe('VaultAlreadyExists')
    const check = `/subscriptions/${subscription}/providers/Microsoft.KeyVault/checkNameAvailability`
    const type = 'Microsoft.KeyVault/vaults'
    expect((await arm('owner', 'POST', check, { name: vaultName, type })).body).toMatchObject({
      nameAvailable: false,
      reason: 'AlreadyExists',
    })
    expect((await arm('owner', 'POST', check, { name: 'kv-free', type })).body).toEqual({ nameAvailable: true })
    expect((await arm('owner', 'POST', check, { name: 'a--b', type })).body).toMatchObject({ reason: 'AccountNameInvalid' })
  })

  it.each(['1kv', 'kv-', 'a--b', 'ab', 'a'.repeat(25)])('may not be %s', async (name) => {
    expect((await arm('owner', 'PUT', pathOf(name), parameters())).error.code).toBe('VaultNameNotValid')
  })
})

describe('refuses what does not exist or is not allowed', () => {
  it('is told apart', async () => {
    expect((await arm('owner', 'GET', pathOf('kv-none'))).error).toEqual({
      code: 'ResourceNotFound',
      message: `The Resource 'Microsoft.KeyVault/vaults/kv-none' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    })
    expect((await arm('owner', 'GET', vaultScope.replace(group, 'rg-none'))).error).toEqual({
      code: 'ResourceGroupNotFound',
      message: "Resource group 'rg-none' could not be found.",
    })
    expect((await arm('owner', 'GET', vaultScope.replace(subscription, people.app.objectId))).error.code).toBe(
      'SubscriptionNotFound',
    )
    expect(await arm('stranger', 'GET', vaultScope)).toMatchObject({
      status: 401,
      error: { code: 'InvalidAuthenticationTokenTenant' },
    })
    expect(await arm(undefined, 'GET', vaultScope)).toMatchObject({ status: 401, error: { code: 'AuthenticationFailed' } })
    expect((await arm('app', 'GET', vaultScope)).error).toEqual({
      code: 'AuthorizationFailed',
      message: expect.stringContaining("'Microsoft.KeyVault/vaults/read' over scope"),
    })
    expect((await arm('reader', 'GET', vaultScope)).status).toBe(200)
    expect((await arm('reader', 'DELETE', vaultScope)).error.message).toContain("'Microsoft.KeyVault/vaults/delete'")
    expect((await arm('owner', 'PUT', `${pathOf('kv-none')}/accessPolicies/add`, {})).error.code).toBe('ParentResourceNotFound')
  })

  it('is an api-version that the provider does not know', async () => {
    expect((await cloud.ask('owner', 'GET', `${armUrl}${vaultScope}`)).error.code).toBe('MissingApiVersionParameter')
    expect((await arm('owner', 'GET', vaultScope, undefined, '2014-01-01')).error.code).toBe('NoRegisteredProviderFound')
    expect((await arm('owner', 'GET', groupPath, undefined, '1999-01-01')).error.code).toBe('InvalidApiVersionParameter')
    cloud.advance(Date.parse('2027-03-01T00:00:00Z') - cloud.azure.now().getTime())
    expect((await arm('owner', 'GET', vaultScope, undefined, '2023-07-01')).error.code).toBe('NoRegisteredProviderFound')
    expect((await arm('owner', 'GET', vaultScope)).status).toBe(200)
  })
})

describe('paths and hosts', () => {
  it('are read without regard to case and double slashes', async () => {
    const path = `//SUBSCRIPTIONS/${subscription}//ResourceGroups/${group.toUpperCase()}/Providers/microsoft.keyvault/VAULTS/${vaultName}`
    expect((await arm('owner', 'GET', path)).body.id).toBe(vaultScope)
  })

  it('name the vault in the cloud of the Resource Manager request', async () => {
    const url = `https://management.sandbox.localhost:8443${vaultScope}?api-version=2026-02-01`
    const { body } = await cloud.ask('owner', 'GET', url)
    expect(body.properties).toMatchObject({ vaultUri: `https://${vaultName}.vault.sandbox.localhost:8443/` })
  })
})

describe('subscriptions and resource groups', () => {
  it('are read, and groups are made', async () => {
    expect((await arm('reader', 'GET', `/subscriptions/${subscription}`, undefined, '2022-12-01')).body).toMatchObject({
      tenantId: tenant,
      state: 'Enabled',
    })
    expect((await arm('reader', 'GET', groupPath, undefined, '2021-04-01')).body).toMatchObject({
      name: group,
      location: 'westeurope',
    })
    const path = `/subscriptions/${subscription}/resourcegroups/rg-new`
    expect((await arm('reader', 'PUT', path, { location: 'westeurope' }, '2021-04-01')).status).toBe(403)
    expect((await arm('owner', 'PUT', path, { location: 'westeurope' }, '2021-04-01')).status).toBe(201)
    expect((await arm('owner', 'PUT', path, { location: 'westeurope' }, '2021-04-01')).status).toBe(200)
    const filter = encodeURIComponent("resourceType eq 'Microsoft.KeyVault/vaults'")
    const listed = await arm(
      'reader',
      'GET',
      `/subscriptions/${subscription}/resources?$filter=${filter}`,
      undefined,
      '2015-11-01',
    )
    expect(listed.body.value).toMatchObject([{ name: vaultName }])
  })
})
