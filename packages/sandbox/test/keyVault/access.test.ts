import { afterEach, describe, expect, it } from 'vitest'
import { mayRead } from '../../src/keyVault/access.ts'
import { roleIds } from '../../src/resourceManager/roles/role.ts'
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
  vaultUrl,
} from '../vaultCloud.ts'

let cloud: Cloud
afterEach(() => cloud.close())

const data = (as: Person | undefined, method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  cloud.ask(as, method, `${vaultUrl}${path}?api-version=2025-07-01`, body, headers)

const assign = (roleId: string, scope = vaultScope, name = '44444444-4444-4444-8444-444444444444') =>
  cloud.ask(
    'owner',
    'PUT',
    `${armUrl}${scope}/providers/Microsoft.Authorization/roleAssignments/${name}?api-version=2022-04-01`,
    {
      properties: {
        roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
        principalId: people.app.objectId,
        principalType: 'ServicePrincipal',
      },
    },
  )

describe('access', () => {
  it('is named by the challenge', async () => {
    cloud = await startCloud()
    const answer = await data(undefined, 'GET', '/secrets/x', undefined, { 'x-ms-client-request-id': 'mine' })
    expect(answer.status).toBe(401)
    expect(answer.error).toMatchObject({ code: 'Unauthorized', message: expect.stringMatching(/^AKV10000/) })
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer authorization="https://login.microsoftonline.com/${tenant}", resource="https://vault.azure.net"`,
    )
    expect(answer.headers).toMatchObject({
      'x-ms-client-request-id': 'mine',
      'x-ms-keyvault-region': 'westeurope',
      'content-type': 'application/json; charset=utf-8',
    })
  })

  it('is refused with a token of another tenant, for another audience, or out of date', async () => {
    cloud = await startCloud()
    expect((await data('stranger', 'GET', '/secrets/x')).error.message).toContain(otherTenant)
    for (const token of ['owner@https://graph.microsoft.com', 'expired', 'nonsense']) {
      expect((await data(undefined, 'GET', '/secrets/x', undefined, { authorization: `Bearer ${token}` })).status).toBe(401)
    }
  })

  it('is asked to sign in at the host of the same set of names', async () => {
    cloud = await startCloud()
    const url = `https://${vaultName}.vault.sandbox.localhost:8443/secrets/x?api-version=7.5`
    const answer = await cloud.ask(undefined, 'GET', url)
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer authorization="https://login.sandbox.localhost:8443/${tenant}", resource="https://vault.sandbox.localhost"`,
    )
  })
})

describe('role-based access', () => {
  it('names what is missing', async () => {
    cloud = await startCloud()
    const { status, error } = await data('app', 'GET', '/secrets/cert')
    expect(status).toBe(403)
    expect(error.innererror?.code).toBe('ForbiddenByRbac')
    expect(error.message).toContain("Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'\r\n")
    expect(error.message).toContain(
      `Resource: '/subscriptions/${subscription}/resourcegroups/${group}/providers/microsoft.keyvault/vaults/${vaultName}/secrets/cert'`,
    )
    expect(mayRead(cloud.azure.world, vaultName, people.app.objectId)).toEqual({ secrets: false, certificates: false })
  })

  it('shows a Key Vault Reader metadata but no values', async () => {
    cloud = await startCloud()
    await data('owner', 'PUT', '/secrets/s', { value: 'x' })
    expect((await assign(roleIds.keyVaultReader, vaultScope)).status).toBe(201)
    expect((await data('app', 'GET', '/secrets')).status).toBe(200)
    expect((await data('app', 'GET', '/certificates')).status).toBe(200)
    expect((await data('app', 'GET', '/secrets/s')).status).toBe(403)
  })

  it('lets the seeded reader read everything, and write nothing', async () => {
    cloud = await startCloud()
    await data('owner', 'PUT', '/secrets/s', { value: 'x' })
    expect((await data('reader', 'GET', '/certificates')).status).toBe(200)
    expect((await data('reader', 'GET', '/secrets/s')).body.value).toBe('x')
    expect((await data('reader', 'GET', '/deletedsecrets/s')).status).toBe(404)
    expect((await data('reader', 'PUT', '/secrets/s', { value: 'y' })).status).toBe(403)
    expect((await data('reader', 'DELETE', '/secrets/s')).status).toBe(403)
    expect((await data('reader', 'PATCH', '/secrets/s', { tags: {} })).error.message).toContain('secrets/update/action')
    expect((await data('reader', 'POST', '/certificates/c/create', { policy: {} })).status).toBe(403)
  })

  it('counts after its propagation time, and at the scope of an object', async () => {
    cloud = await startCloud({ propagation: 60_000 })
    await data('owner', 'PUT', '/secrets/s', { value: 'x' })
    expect((await assign(roleIds.keyVaultCertificateUser, `${vaultScope}/secrets/s`)).status).toBe(201)
    expect((await data('app', 'GET', '/secrets/s')).status).toBe(403)
    cloud.advance(61_000)
    const answer = await data('app', 'GET', '/secrets/s')
    expect(answer.status).toBe(200)
    expect(answer.headers['x-ms-keyvault-rbac-assignment-id']).toBe('44444444444444448444444444444444')
    expect((await data('app', 'GET', '/secrets/t')).error.innererror?.code).toBe('ForbiddenByRbac')
  })

  it('gives a certificate user secrets and certificates, and a secrets user only secrets', async () => {
    cloud = await startCloud()
    await assign(roleIds.keyVaultSecretsUser)
    expect(mayRead(cloud.azure.world, vaultName, people.app.objectId)).toEqual({ secrets: true, certificates: false })
    await assign(roleIds.keyVaultCertificateUser, vaultScope, '55555555-4444-4444-8444-444444444444')
    expect(mayRead(cloud.azure.world, vaultName, people.app.objectId)).toEqual({ secrets: true, certificates: true })
    expect((await data('app', 'GET', '/certificates/none')).status).toBe(404)
  })
})

// https://learn.microsoft.com/azure/role-based-access-control/deny-assignments: they override role assignments, not access policies.
describe('deny assignments', () => {
  const deny = (
    dataActions: string[],
    scope: string,
    more: { notDataActions?: string[]; doNotApplyToChildScopes?: boolean } = {},
  ) => {
    const { notDataActions = [], ...rest } = more
    const permissions = [{ actions: [], notActions: [], dataActions, notDataActions }]
    const principals = [{ id: people.app.objectId, type: 'ServicePrincipal' }]
    const properties = { denyAssignmentName: 'No secrets', permissions, principals, excludePrincipals: [], ...rest }
    const name = '66666666-4444-4444-8444-444444444444'
    const url = `${armUrl}${scope}/providers/Microsoft.Authorization/denyAssignments/${name}?api-version=2024-07-01-preview`
    return { put: () => cloud.ask('owner', 'PUT', url, { properties }), remove: () => cloud.ask('owner', 'DELETE', url) }
  }
  const getSecret = 'Microsoft.KeyVault/vaults/secrets/getSecret/action'
  const administrator = async (settings: Parameters<typeof startCloud>[0] = {}) => {
    cloud = await startCloud(settings)
    await data('owner', 'PUT', '/secrets/s', { value: 'x' })
    expect((await assign(roleIds.keyVaultAdministrator)).status).toBe(201)
    cloud.advance(settings.propagation ?? 0)
  }

  it('overrides a role in the vault, names itself, and ends with its deletion', async () => {
    await administrator()
    const { put, remove } = deny([getSecret], vaultScope)
    expect((await put()).status).toBe(201)
    const { status, error } = await data('app', 'GET', '/secrets/s')
    expect([status, error.innererror?.code]).toEqual([403, 'ForbiddenByRbac'])
    expect(error.message).toContain("DenyAssignmentId: '66666666444444448444444444444444'")
    expect((await data('app', 'GET', '/secrets')).status).toBe(200)
    expect((await data('owner', 'GET', '/secrets/s')).status).toBe(200)
    expect(mayRead(cloud.azure.world, vaultName, people.app.objectId)).toEqual({ secrets: false, certificates: true })
    expect((await remove()).status).toBe(200)
    expect((await data('app', 'GET', '/secrets/s')).status).toBe(200)
  })

  it('is inherited from the resource group, except where it does not apply to child scopes', async () => {
    await administrator()
    const above = `/subscriptions/${subscription}/resourceGroups/${group}`
    await deny(['*'], above, { notDataActions: ['Microsoft.KeyVault/vaults/certificates/*'] }).put()
    expect((await data('app', 'GET', '/secrets')).status).toBe(403)
    expect((await data('app', 'GET', '/certificates')).status).toBe(200)
    await deny(['*'], above, { doNotApplyToChildScopes: true }).put()
    expect((await data('app', 'GET', '/secrets')).status).toBe(200)
  })

  it('counts after its propagation time', async () => {
    await administrator({ propagation: 60_000 })
    await deny([getSecret], vaultScope).put()
    expect((await data('app', 'GET', '/secrets/s')).status).toBe(200)
    cloud.advance(61_000)
    expect((await data('app', 'GET', '/secrets/s')).status).toBe(403)
  })

  it('does not override an access policy', async () => {
    cloud = await startCloud()
    const accessPolicies = [{ tenantId: tenant, objectId: people.app.objectId, permissions: { secrets: ['list'] } }]
    const properties = { enableRbacAuthorization: false, accessPolicies }
    await cloud.ask('owner', 'PATCH', `${armUrl}${vaultScope}?api-version=2026-02-01`, { properties })
    await deny(['*'], vaultScope).put()
    expect((await data('app', 'GET', '/secrets')).status).toBe(200)
  })
})

describe('access policies', () => {
  const vaultPath = `${armUrl}${vaultScope}`
  const entry = (permissions: Record<string, string[]>, objectId: string = people.app.objectId) => ({
    tenantId: tenant,
    objectId,
    permissions,
  })
  const change = (operation: string, ...accessPolicies: object[]) =>
    cloud.ask('owner', 'PUT', `${vaultPath}/accessPolicies/${operation}?api-version=2023-07-01`, {
      properties: { accessPolicies },
    })

  async function policyVault(settings: Parameters<typeof startCloud>[0] = {}) {
    cloud = await startCloud(settings)
    const properties = { enableRbacAuthorization: false }
    expect((await cloud.ask('owner', 'PATCH', `${vaultPath}?api-version=2026-02-01`, { properties })).status).toBe(200)
  }

  it('distinguish a missing entry from a missing permission', async () => {
    await policyVault()
    const none = await data('app', 'GET', '/certificates/c')
    expect(none).toMatchObject({ status: 403, error: { innererror: { code: 'AccessDenied' } } })
    expect(none.error.message).toContain(
      `does not have certificates get permission on key vault '${vaultName};location=westeurope'`,
    )
    await change('add', entry({ certificates: ['List'] }))
    expect((await data('app', 'GET', '/certificates/c')).error.innererror?.code).toBe('ForbiddenByPolicy')
    expect((await data('app', 'GET', '/certificates')).status).toBe(200)
    await change('add', entry({ secrets: ['all'], certificates: ['Get'] }))
    expect((await data('app', 'GET', '/certificates/c')).status).toBe(404)
    expect((await data('app', 'GET', '/certificates')).status).toBe(200)
    expect((await data('app', 'PUT', '/secrets/c', { value: 'x' })).status).toBe(200)
    expect((await data('app', 'PATCH', '/secrets/c', { tags: { a: 'b' } })).status).toBe(200)
    expect(mayRead(cloud.azure.world, vaultName, people.app.objectId)).toEqual({ secrets: true, certificates: true })
    expect((await data('owner', 'GET', '/certificates')).error.innererror?.code).toBe('AccessDenied')
  })

  it('are overwritten by add where the setting says so', async () => {
    await policyVault({ accessPoliciesAdd: 'overwrite' })
    await change('add', entry({ certificates: ['get'] }))
    await change('add', entry({ secrets: ['get'] }))
    expect(mayRead(cloud.azure.world, vaultName, people.app.objectId)).toEqual({ secrets: true, certificates: false })
  })

  // https://github.com/Azure/azure-rest-api-specs/issues/42963
  it('replace and remove affect only named principals, and remove only in the exact case', async () => {
    await policyVault()
    expect(
      (await change('add', entry({ secrets: ['Get', 'list'] }), entry({ secrets: ['get'] }, people.reader.objectId))).status,
    ).toBe(201)
    await change('remove', entry({ secrets: ['get', 'list'] }))
    const left = cloud.azure.world.resources.vaults[0]?.properties.accessPolicies
    expect(left?.map(({ permissions }) => permissions.secrets)).toEqual([['Get'], ['get']])
    await change('replace', entry({ certificates: ['get'] }))
    await change('remove', entry({ certificates: ['get'] }))
    expect(cloud.azure.world.resources.vaults[0]?.properties.accessPolicies).toHaveLength(1)
  })

  it('are removed in any case where the setting says so', async () => {
    await policyVault({ removedPermissions: 'anyCase' })
    await change('add', entry({ secrets: ['Get', 'list'] }))
    await change('remove', entry({ secrets: ['get', 'list'] }))
    expect(cloud.azure.world.resources.vaults[0]?.properties.accessPolicies).toHaveLength(0)
  })

  it('count after their propagation time, as does the switch to them', async () => {
    await policyVault({ propagation: 60_000 })
    await change('add', entry({ secrets: ['list'] }))
    expect((await data('app', 'GET', '/secrets')).error.innererror?.code).toBe('ForbiddenByRbac')
    expect((await data('owner', 'GET', '/secrets')).status).toBe(200)
    cloud.advance(61_000)
    expect((await data('app', 'GET', '/secrets')).status).toBe(200)
    expect((await data('owner', 'GET', '/secrets')).status).toBe(403)
  })

  it('are refused when they are malformed', async () => {
    await policyVault()
    expect((await change('add', entry({ secrets: ['fly'] }))).status).toBe(400)
    expect((await change('add', { ...entry({}), tenantId: otherTenant })).status).toBe(400)
    expect((await change('mend', entry({}))).status).toBe(400)
  })
})

describe('the network', () => {
  it('keeps callers out', async () => {
    cloud = await startCloud()
    const set = (properties: object) =>
      cloud.ask('owner', 'PATCH', `${armUrl}${vaultScope}?api-version=2026-02-01`, { properties })
    await set({ networkAcls: { defaultAction: 'Deny', ipRules: [] } })
    expect((await data('owner', 'GET', '/secrets')).error.innererror?.code).toBe('ForbiddenByFirewall')
    await set({ publicNetworkAccess: 'Disabled' })
    expect((await data('owner', 'GET', '/secrets')).error.innererror?.code).toBe('ForbiddenByConnection')
  })
})
