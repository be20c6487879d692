import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { at, errorOf, valuesOf } from '../clients/asClient.ts'
import { ownSandbox } from '../clients/ownSandbox.ts'
import { ask, vaultTenant } from '../support/sandbox.ts'

// What other clients ask of Resource Manager, with the source that shows how the service answers.

const { sandbox, client, reader } = ownSandbox({ settings: { registeringDns: 0 } })

const arm = 'https://management.azure.com'
const id = '33333333-3333-3333-3333-333333333333'
const subscription = `${arm}/subscriptions/${id}`
const group = (name: string): string => `${subscription}/resourceGroups/${name}?api-version=2024-11-01`
const roles = (scope: string, rest: string): string => `${arm}${scope}/providers/Microsoft.Authorization/${rest}`

describe('the first requests of az and Terraform', () => {
  // az cloud register, and metadata_host of Terraform's providers, ask without a token, each in its own version
  test.each(['2019-05-01', '2020-06-01', '2022-09-01'])('the endpoints of the cloud, in version %s', async (version) => {
    const { status, text } = await ask(sandbox(), `${arm}/metadata/endpoints?api-version=${version}`)
    expect([status, JSON.parse(text)[0]]).toMatchObject([
      200,
      {
        name: 'AzureCloud',
        resourceManager: `${arm}/`,
        microsoftGraphResourceId: 'https://graph.microsoft.com/',
        suffixes: { keyVaultDns: 'vault.azure.net' },
      },
    ])
  })

  test('the endpoints in the form of old', async () => {
    const { json } = await ask(sandbox(), `${arm}/metadata/endpoints?api-version=2015-01-01`)
    expect(at(json, 'authentication', 'loginEndpoint')).toBe('https://login.microsoftonline.com/')
  })

  // az login --service-principal
  test('tenants and subscriptions', async () => {
    expect(valuesOf(await client('GET', `${arm}/tenants?api-version=2022-12-01`))).toMatchObject([{ tenantId: vaultTenant }])
    expect(valuesOf(await client('GET', `${arm}/subscriptions?api-version=2022-12-01`))).toMatchObject([{ subscriptionId: id }])
    const places = valuesOf(await client('GET', `${subscription}/locations?api-version=2022-12-01`))
    expect(places).toContainEqual(expect.objectContaining({ name: 'westeurope', displayName: 'West Europe' }))
  })

  // azurerm registers what it needs before anything else
  test('providers, and their registration', async () => {
    const all = valuesOf(await client('GET', `${subscription}/providers?api-version=2022-09-01`))
    expect(all).toContainEqual(expect.objectContaining({ namespace: 'Microsoft.KeyVault', registrationState: 'Registered' }))
    const storage = `${subscription}/providers/Microsoft.Storage`
    expect((await client('GET', `${storage}?api-version=2022-09-01`)).json.registrationState).toBe('NotRegistered')
    expect((await client('POST', `${storage}/register?api-version=2022-09-01`)).json.registrationState).toBe('Registered')
    expect((await client('POST', `${subscription}/providers/Microsoft.KeyVault/register?api-version=2021-04-01`)).status).toBe(
      200,
    )
    expect((await reader('POST', `${storage}/register?api-version=2022-09-01`)).status).toBe(403)
    expect(errorOf(await client('GET', `${subscription}/providers/Microsoft.Nowhere?api-version=2022-09-01`)).code).toBe(
      'InvalidResourceNamespace',
    )
  })

  // az group create, list, exists, update, delete --no-wait
  test('resource groups', async () => {
    expect((await client('PUT', group('rg-own'), { location: 'West Europe', tags: { env: 'test' } })).status).toBe(201)
    // https://learn.microsoft.com/rest/api/resources/resource-groups/check-existence
    expect((await client('HEAD', group('rg-own'))).status).toBe(204)
    expect((await client('HEAD', group('rg-none'))).status).toBe(404)
    expect((await client('PATCH', group('rg-own'), { tags: { env: 'prod' } })).json.tags).toEqual({ env: 'prod' })
    const listed = await client(
      'GET',
      `${subscription}/resourcegroups?api-version=2024-11-01&$filter=tagName eq 'env' and tagValue eq 'prod'`,
    )
    expect(valuesOf(listed).map(({ name }) => name)).toEqual(['rg-own'])
    const vault = `${subscription}/resourceGroups/rg-own/providers/Microsoft.KeyVault/vaults/kv-of-group?api-version=2023-07-01`
    const properties = { tenantId: vaultTenant, sku: { family: 'A', name: 'standard' }, accessPolicies: [] }
    await client('PUT', vault, { location: 'westeurope', properties })
    expect(valuesOf(await client('GET', `${subscription}/resourceGroups/rg-own/resources?api-version=2021-04-01`))).toMatchObject(
      [{ name: 'kv-of-group' }],
    )
    const deleting = await client('DELETE', group('rg-own'))
    expect(deleting.status).toBe(202)
    sandbox().advance(2000)
    expect((await client('GET', String(deleting.headers.location))).status).toBe(200)
    expect(errorOf(await client('GET', vault)).code).toBe('ResourceGroupNotFound')
  })

  // az tag update, azurerm tags
  test('tags at any scope', async () => {
    const tags = `${subscription}/providers/Microsoft.Resources/tags/default?api-version=2021-04-01`
    await client('PUT', tags, { properties: { tags: { one: '1', two: '2' } } })
    const merged = await client('PATCH', tags, { operation: 'Merge', properties: { tags: { two: '3' } } })
    expect(at(merged.json, 'properties', 'tags')).toEqual({ one: '1', two: '3' })
    expect((await client('DELETE', tags)).status).toBe(200)
    expect(at((await client('GET', tags)).json, 'properties', 'tags')).toEqual({})
  })
})

describe('what az asks', () => {
  // az resource list -g, and az keyvault list
  test('lists of resources are filtered, and show the requested times', async () => {
    const list = async (filter: string, expand = '') =>
      client('GET', `${arm}/subscriptions/${id}/resources?api-version=2022-09-01&$filter=${encodeURIComponent(filter)}${expand}`)
    const [found] = valuesOf(await list("resourceGroup eq 'RG-MAIL'", '&$expand=createdTime,changedTime,provisioningState'))
    expect(found).toMatchObject({ name: 'kv-contoso-mail', provisioningState: 'Succeeded', createdTime: expect.any(String) })
    expect(valuesOf(await list("resourceGroup eq 'rg-other'"))).toEqual([])
    expect(valuesOf(await list("resourceType eq 'Microsoft.Storage/storageAccounts'"))).toEqual([])
    expect(valuesOf(await list("tagName eq 'env' and tagValue eq 'prod'"))).toEqual([])
    expect(errorOf(await list("colour eq 'red'")).code).toBe('InvalidFilterInQueryString')
  })
})

describe('requests of HashiCorp’s tests of azurerm', () => {
  // azurerm_role_definition without a scope
  test('whoever is signed in reads built-in roles at the root', async () => {
    const query = `api-version=2022-04-01&$filter=${encodeURIComponent("roleName eq 'Network Contributor'")}`
    const [role] = valuesOf(await reader('GET', roles('', `roleDefinitions?${query}`)))
    expect(role?.id).toBe('/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7')
  })

  // azurerm_role_definition, tests "basic" and "update"
  test('a custom role is effective, and can be deleted only while it is not assigned', async () => {
    const [roleId, assignmentId] = [randomUUID(), randomUUID()]
    const definition = roles(`/subscriptions/${id}`, `roleDefinitions/${roleId}?api-version=2022-04-01`)
    const properties = {
      roleName: 'Vault Lister',
      type: 'CustomRole',
      permissions: [
        { actions: ['Microsoft.KeyVault/vaults/read', 'Microsoft.Resources/subscriptions/resourceGroups/write'], notActions: [] },
      ],
      assignableScopes: [`/subscriptions/${id}`],
    }
    const made = await client('PUT', definition, { properties })
    expect([made.status, at(made.json, 'properties', 'type')]).toEqual([201, 'CustomRole'])
    expect(
      (
        await client('PUT', roles(`/subscriptions/${id}`, `roleDefinitions/${randomUUID()}?api-version=2022-04-01`), {
          properties,
        })
      ).status,
    ).toBe(409)
    expect((await reader('PUT', group('rg-by-role'), { location: 'westeurope' })).status).toBe(403)
    const principalId = Object.values(sandbox().world.directory.tenants[vaultTenant]?.servicePrincipals ?? {}).find(
      ({ displayName }) => displayName === 'Automation (reader)',
    )?.id
    const assignment = roles(`/subscriptions/${id}`, `roleAssignments/${assignmentId}?api-version=2022-04-01`)
    const roleDefinitionId = `/subscriptions/${id}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`
    expect((await client('PUT', assignment, { properties: { roleDefinitionId, principalId } })).status).toBe(201)
    expect((await reader('PUT', group('rg-by-role'), { location: 'westeurope' })).status).toBe(201)
    expect(errorOf(await client('DELETE', definition)).code).toBe('RoleDefinitionHasAssignments')
    await client('DELETE', assignment)
    expect((await client('DELETE', definition)).status).toBe(200)
    expect((await client('GET', definition)).status).toBe(404)
  })

  // azurerm_role_assignment for a group
  test('a role of a group is one of its members', async () => {
    const v1 = 'https://graph.microsoft.com/v1.0'
    const { json: made } = await client('POST', `${v1}/groups`, {
      displayName: 'G',
      mailEnabled: false,
      mailNickname: 'g',
      securityEnabled: true,
    })
    const [principal] = valuesOf(await client('GET', `${v1}/servicePrincipals?$filter=displayName eq 'Automation (reader)'`))
    await client('POST', `${v1}/groups/${made.id}/members/$ref`, { '@odata.id': `${v1}/directoryObjects/${principal?.id}` })
    const assignment = roles(`/subscriptions/${id}`, `roleAssignments/${randomUUID()}?api-version=2022-04-01`)
    const roleDefinitionId = '/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c'
    const given = await client('PUT', assignment, { properties: { roleDefinitionId, principalId: made.id } })
    expect(at(given.json, 'properties', 'principalType')).toBe('Group')
    expect((await reader('PUT', group('rg-by-group'), { location: 'westeurope' })).status).toBe(201)
    await client('DELETE', assignment)
    expect((await reader('PUT', group('rg-by-nothing'), { location: 'westeurope' })).status).toBe(403)
  })

  // azurerm's TestAccRoleDefinitionDataSource_builtIn_…; https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
  test('built-in roles have the permissions that Microsoft publishes', async () => {
    const permissionsOf = async (name: string) => {
      const query = `api-version=2022-05-01-preview&$filter=${encodeURIComponent(`roleName eq '${name}'`)}`
      const [role] = valuesOf(await client('GET', roles('', `roleDefinitions?${query}`)))
      return { name: role?.name, ...Object(at(role, 'properties', 'permissions', '0')) }
    }
    expect((await permissionsOf('Contributor')).notActions).toHaveLength(11)
    const publisher = { dataActions: ['Microsoft.EventGrid/topicSpaces/publish/action'], notActions: [] }
    expect(await permissionsOf('EventGrid TopicSpaces Publisher')).toMatchObject(publisher)
    expect((await permissionsOf('Site Recovery Reader')).actions).toHaveLength(32)
    const user = { name: '12338af0-0e69-4776-bea7-57ae8d297424' }
    expect(await permissionsOf('Key Vault Crypto User')).toMatchObject(user)
    const condition = expect.stringContaining(
      '[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals{',
    )
    expect(await permissionsOf('Key Vault Data Access Administrator')).toMatchObject({ conditionVersion: '2.0', condition })
  })

  // azurerm_role_definition, test "emptyPermissions"
  test('a custom role without permissions has none', async () => {
    const definition = roles(`/subscriptions/${id}`, `roleDefinitions/${randomUUID()}?api-version=2022-04-01`)
    const properties = { roleName: 'Nothing', permissions: [], assignableScopes: [`/subscriptions/${id}`] }
    expect((await client('PUT', definition, { properties })).status).toBe(201)
    expect(at((await client('GET', definition)).json, 'properties', 'permissions')).toEqual([])
    await client('DELETE', definition)
  })

  // azurerm_role_assignment, test "conditionUpdate"
  test('an assignment keeps its condition until it is written without', async () => {
    await client('PUT', group('rg-condition'), { location: 'westeurope' })
    const scope = `/subscriptions/${id}/resourceGroups/rg-condition`
    const assignment = roles(scope, `roleAssignments/${randomUUID()}?api-version=2022-04-01`)
    const [principalId = ''] = Object.keys(sandbox().world.directory.tenants[vaultTenant]?.servicePrincipals ?? {})
    const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/43d0d8ad-25c7-4714-9337-8ba259a9fe05`
    const properties = { roleDefinitionId, principalId }
    const condition = "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEqualsIgnoreCase 'foo'"
    const conditional = { ...properties, description: 'some', condition, conditionVersion: '2.0' }
    expect((await client('PUT', assignment, { properties: conditional })).status).toBe(201)
    expect((await client('GET', assignment)).json.properties).toMatchObject({ condition, conditionVersion: '2.0' })
    expect((await client('PUT', assignment, { properties })).status).toBe(200)
    const plain = { condition: null, conditionVersion: null, description: null }
    expect((await client('GET', assignment)).json.properties).toMatchObject(plain)
  })

  // az keyvault check-name, which asks of managed HSMs alone
  test('names of managed HSMs, of which there are none, are free', async () => {
    const check = `${subscription}/providers/Microsoft.KeyVault/checkMhsmNameAvailability?api-version=2023-07-01`
    expect((await client('POST', check, { name: 'hsm-1' })).json).toEqual({ nameAvailable: true })
    expect((await client('POST', check, {})).status).toBe(400)
  })

  // azurerm_management_lock; az lock create
  test('locks take effect', async () => {
    await client('PUT', group('rg-locked'), { location: 'westeurope' })
    const lock = `${subscription}/resourceGroups/rg-locked/providers/Microsoft.Authorization/locks/keep?api-version=2020-05-01`
    expect((await client('PUT', lock, { properties: { level: 'CanNotDelete', notes: 'ours' } })).status).toBe(201)
    const refused = await client('DELETE', group('rg-locked'))
    expect([refused.status, errorOf(refused).code]).toEqual([409, 'ScopeLocked'])
    expect((await client('PATCH', group('rg-locked'), { tags: {} })).status).toBe(200)
    await client('PUT', lock, { properties: { level: 'ReadOnly' } })
    expect(errorOf(await client('PATCH', group('rg-locked'), { tags: {} })).code).toBe('ScopeLocked')
    const all = await client('GET', `${subscription}/providers/Microsoft.Authorization/locks?api-version=2016-09-01`)
    expect(valuesOf(all)).toMatchObject([{ name: 'keep', properties: { level: 'ReadOnly' } }])
    expect((await client('DELETE', lock)).status).toBe(200)
    expect((await client('DELETE', group('rg-locked'))).status).toBe(202)
  })

  // az role deny-assignment create and delete (https://github.com/Azure/azure-cli/pull/33109)
  test('a deny assignment overrides every role until it is deleted', async () => {
    const scope = `/subscriptions/${id}/resourceGroups/rg-denied`
    await client('PUT', group('rg-denied'), { location: 'westeurope' })
    const [owner, other] = valuesOf(
      await client(
        'GET',
        "https://graph.microsoft.com/v1.0/servicePrincipals?$filter=startswith(displayName,'Automation')&$orderby=displayName&$count=true",
        undefined,
        { ConsistencyLevel: 'eventual' },
      ),
    )
    const denial = (version: string) => roles(scope, `denyAssignments/${denialId}?api-version=${version}`)
    const denialId = randomUUID()
    const preview = '2024-07-01-preview'
    const deny = (properties: object) => client('PUT', denial(preview), { properties })
    const permissions = [
      {
        actions: ['Microsoft.Resources/subscriptions/resourceGroups/write'],
        notActions: [],
        dataActions: [],
        notDataActions: [],
      },
    ]
    const mine = { denyAssignmentName: 'No tags', permissions, principals: [{ id: owner?.id, type: 'ServicePrincipal' }] }
    expect((await client('PUT', denial('2022-04-01'), { properties: mine })).status).toBe(404)
    const everyone = [{ id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' }]
    for (const wrong of [
      { principals: everyone },
      { principals: [{ id: owner?.id, type: 'Group' }] },
      { permissions: [] },
      { denyAssignmentName: '' },
    ])
      expect(errorOf(await deny({ ...mine, ...wrong })).code).toBe('InvalidCreateDenyAssignmentRequest')
    expect((await deny(mine)).status).toBe(201)
    const tag = () => client('PATCH', group('rg-denied'), { tags: { one: '1' } })
    expect(errorOf(await tag())).toMatchObject({
      code: 'DenyAssignmentAuthorizationFailed',
      message: expect.stringContaining("because of the deny assignment with name 'No tags'"),
    })
    const listed = await client(
      'GET',
      roles(scope, "denyAssignments?api-version=2022-04-01&$filter=denyAssignmentName eq 'No tags'"),
    )
    expect(valuesOf(listed)).toMatchObject([{ name: denialId, properties: { scope, isSystemProtected: false } }])
    expect(
      (await deny({ ...mine, principals: everyone, excludePrincipals: [{ id: owner?.id, type: 'ServicePrincipal' }] })).status,
    ).toBe(200)
    expect((await tag()).status).toBe(200)
    expect(
      (await deny({ ...mine, principals: everyone, excludePrincipals: [{ id: other?.id, type: 'ServicePrincipal' }] })).status,
    ).toBe(200)
    expect((await tag()).status).toBe(403)
    expect((await client('DELETE', denial(preview))).status).toBe(200)
    expect([(await tag()).status, (await client('GET', denial(preview))).status]).toEqual([200, 404])
    // With a group goes what extends it (https://learn.microsoft.com/azure/azure-resource-manager/management/extension-resource-types).
    await deny(mine)
    await client('DELETE', group('rg-denied'))
    await client('PUT', group('rg-denied'), { location: 'westeurope' })
    expect((await tag()).status).toBe(200)
  })

  // azurerm_role_assignment asks for schedules of Privileged Identity Management; az role deny-assignment list
  test('schedules, of which there are none, and deny assignments', async () => {
    const scope = `/subscriptions/${id}`
    for (const rest of [
      'roleEligibilitySchedules?api-version=2020-10-01',
      'roleAssignmentScheduleInstances?api-version=2020-10-01-preview',
      'denyAssignments?api-version=2022-04-01',
    ])
      expect([rest, (await client('GET', roles(scope, rest))).json]).toEqual([rest, { value: [] }])
    expect(valuesOf(await reader('GET', roles(scope, 'permissions?api-version=2022-04-01'))).length).toBeGreaterThan(0)
  })
})
