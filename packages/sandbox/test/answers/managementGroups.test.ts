import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { at, errorOf, valuesOf } from '../clients/asClient.ts'
import { ownSandbox } from '../clients/ownSandbox.ts'
import { vaultTenant } from '../support/sandbox.ts'

// `az account management-group` as recorded (https://github.com/Azure/azure-cli, resource/tests/latest/recordings), and azurerm_management_group.

const { sandbox, client, reader } = ownSandbox({ settings: { registeringDns: 0 } })

const arm = 'https://management.azure.com'
const id = '33333333-3333-3333-3333-333333333333'
const management = (rest: string, query = ''): string =>
  `${arm}/providers/Microsoft.Management/${rest}?api-version=2021-04-01${query}`
const groupId = (name: string): string => `/providers/Microsoft.Management/managementGroups/${name}`
const group = (name: string, query = ''): string => management(`managementGroups/${name}`, query)
const create = (name: string, parent?: string, properties: object = {}) =>
  client('PUT', group(name), {
    name,
    properties: { ...properties, details: { parent: parent === undefined ? {} : { id: groupId(parent) } } },
  })

describe('a management group', () => {
  // test_create_managementgroup_with_displayname_and_parentid, test_add_remove_subscription_under_mg
  test('can be created below the root by anyone, who owns it; the operation is accepted, then done', async () => {
    const made = await create('made', undefined, { displayName: 'Made' })
    const status = `${arm}/providers/Microsoft.Management/operationResults/create/asyncOperation/status/managementGroups/made?api-version=2021-04-01`
    expect([made.status, made.json, made.headers['azure-asyncoperation']]).toEqual([
      202,
      { id: groupId('made'), type: 'Microsoft.Management/managementGroups', name: 'made', status: 'NotStarted' },
      status,
    ])
    expect((await client('GET', status)).json).toMatchObject({
      name: 'made',
      status: 'Succeeded',
      properties: { displayName: 'Made' },
    })
    expect((await client('GET', String(made.headers.location))).json).toMatchObject({
      id: groupId('made'),
      status: 'Succeeded',
    })
    const root = { id: groupId(vaultTenant), name: vaultTenant, displayName: 'Tenant Root Group' }
    expect((await client('GET', group('made'))).json).toMatchObject({
      id: groupId('made'),
      properties: { tenantId: vaultTenant, displayName: 'Made', details: { version: 1, parent: root } },
    })
    // Whoever may not read it is not told whether it is there: https://github.com/Azure/azure-rest-api-specs/issues/9549
    for (const name of ['made', 'nowhere', vaultTenant])
      expect(errorOf(await reader('GET', group(name))).code).toBe('AuthorizationFailed')
    expect((await client('GET', group('nowhere'))).status).toBe(403)
    expect((await reader('PUT', group('made'), { properties: {} })).status).toBe(403)
  })

  // test_show_managementgroup_with_expand_and_recurse
  test('shows what is below it and above it', async () => {
    await create('upper')
    await create('middle', 'upper')
    await create('lower', 'middle')
    await client('PUT', group('middle').replace('?', `/subscriptions/${id}?`))
    const children = async (query: string) => at((await client('GET', group('upper', query))).json, 'properties', 'children')
    expect(await children('&$expand=children')).toEqual([
      { id: groupId('middle'), type: 'Microsoft.Management/managementGroups', name: 'middle', displayName: 'middle' },
    ])
    expect(await children('&$expand=children&$recurse=true')).toMatchObject([
      {
        name: 'middle',
        children: [
          { name: 'lower', children: null },
          { id: `/subscriptions/${id}`, type: '/subscriptions' },
        ],
      },
    ])
    // azurerm_management_group
    expect(await children('&$expand=children&$recurse=true&$filter=children.childType%20eq%20Subscription')).toBeNull()
    expect(at((await client('GET', group('lower', '&$expand=path'))).json, 'properties', 'details', 'path')).toMatchObject([
      { name: vaultTenant },
      { name: 'upper' },
      { name: 'middle' },
      { name: 'lower' },
    ])
    const above = at((await client('GET', group('lower', '&$expand=ancestors'))).json, 'properties', 'details')
    expect(above).toMatchObject({ managementGroupAncestors: ['middle', 'upper', vaultTenant] })
    await client('DELETE', group('middle').replace('?', `/subscriptions/${id}?`))
  })

  // test_update_managementgroup_with_displayname_and_parentid, test_list_managementgroups
  test('is changed, moved, listed, and deleted once it is empty', async () => {
    await create('first')
    await create('second')
    const changed = await client('PATCH', group('second'), { displayName: 'Second', parentGroupId: groupId('first') })
    expect(changed.json).toMatchObject({
      properties: { displayName: 'Second', details: { version: 2, parent: { name: 'first' } } },
    })
    expect((await client('PATCH', group('first'), { parentGroupId: groupId('second') })).status).toBe(400)
    const listed = await client('GET', management('managementGroups'))
    expect(listed.json['@nextLink']).toBeNull()
    expect(valuesOf(listed).map(({ name }) => name)).toEqual(expect.arrayContaining(['first', 'second']))
    expect(valuesOf(await reader('GET', management('managementGroups')))).toEqual([])
    expect((await client('DELETE', group('first'))).status).toBe(400)
    for (const name of ['second', 'first']) expect((await client('DELETE', group(name))).status).toBe(202)
    expect((await client('GET', group('first'))).status).toBe(403)
  })

  test('names and requests that are refused', async () => {
    expect((await create('ends.')).status).toBe(400)
    expect((await create('below', 'nowhere')).status).toBe(403)
    expect((await client('PUT', group('one'), { name: 'two' })).status).toBe(400)
    expect((await client('PUT', `${arm}${groupId('one')}?api-version=2019-01-01`, {})).status).toBe(400)
    expect((await client('DELETE', group(vaultTenant))).status).toBe(403)
    const free = (name: string) =>
      client('POST', management('checkNameAvailability'), { name, type: 'Microsoft.Management/managementGroups' })
    expect((await free('free')).json).toEqual({ nameAvailable: true })
    await create('taken')
    expect((await free('taken')).json).toMatchObject({ nameAvailable: false, reason: 'AlreadyExists' })
    expect((await client('POST', management('tenantBackfillStatus'))).json).toEqual({
      tenantId: vaultTenant,
      status: 'Completed',
    })
  })
})

// https://learn.microsoft.com/azure/role-based-access-control/elevate-access-global-admin
test('a Global Administrator can elevate its access to the root, where missing objects are 404', async () => {
  const elevate = () => client('POST', `${arm}/providers/Microsoft.Authorization/elevateAccess?api-version=2016-07-01`)
  expect(errorOf(await elevate()).code).toBe('AuthorizationFailed')
  const { clientId } = sandbox().principals.find(({ rights, tenantId }) => rights === 'owner' && tenantId === vaultTenant) ?? {}
  const { json } = await client('GET', `https://graph.microsoft.com/v1.0/servicePrincipals(appId='${clientId}')`)
  const roleDefinitionId = '62e90394-69f5-4237-9190-012177145e10'
  const assignments = 'https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments'
  const made = await client('POST', assignments, { principalId: json.id, roleDefinitionId, directoryScopeId: '/' })
  expect((await client('GET', group('nowhere'))).status).toBe(403)
  expect([(await elevate()).status, (await elevate()).status]).toEqual([200, 200])
  expect((await client('GET', group('nowhere'))).status).toBe(404)
  expect((await client('GET', group(vaultTenant))).json).toMatchObject({ name: vaultTenant })
  const roots = valuesOf(
    await client('GET', `${arm}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=atScope()`),
  )
  const [root] = roots
  expect(roots).toHaveLength(1)
  expect(
    (await client('DELETE', `${arm}/providers/Microsoft.Authorization/roleAssignments/${root?.name}?api-version=2022-04-01`))
      .status,
  ).toBe(200)
  await client('DELETE', `${assignments}/${made.json.id}`)
})

describe('subscriptions in a management group', () => {
  const inGroup = (name: string): string => group(name).replace('?', `/subscriptions/${id}?`)

  // test_add_remove_subscription_under_mg
  test('are put into it, listed, and go back to the root', async () => {
    await create('holder')
    const put = await client('PUT', inGroup('holder'))
    expect([put.status, put.json]).toMatchObject([
      200,
      {
        name: id,
        type: 'Microsoft.Management/managementGroups/subscriptions',
        properties: { state: 'Active', tenant: vaultTenant },
      },
    ])
    expect((await client('GET', inGroup('holder'))).json).toEqual(put.json)
    expect(valuesOf(await client('GET', group('holder').replace('?', '/subscriptions?')))).toHaveLength(1)
    const entities = valuesOf(await client('POST', management('getEntities')))
    expect(entities.map(({ name }) => name)).toEqual(expect.arrayContaining(['holder', id]))
    expect((await client('DELETE', group('holder'))).status).toBe(400)
    expect((await reader('DELETE', inGroup('holder'))).status).toBe(403)
    expect([(await client('DELETE', inGroup('holder'))).status, (await client('DELETE', inGroup('holder'))).status]).toEqual([
      200, 204,
    ])
    expect((await client('GET', inGroup('holder'))).status).toBe(404)
    expect((await client('PUT', inGroup('nowhere'))).status).toBe(403)
  })

  // https://learn.microsoft.com/azure/role-based-access-control/overview#scope; azurerm_role_assignment, test "managementGroup"
  test('inherit its role assignments, deny assignments and custom roles, and those of the groups above', async () => {
    await create('above')
    await create('within', 'above')
    await client('PUT', inGroup('within'))
    const readerId = await idOfReader()
    const role = randomUUID()
    const scoped = (scope: string, rest: string, version = '2022-04-01') =>
      `${arm}${scope}/providers/Microsoft.Authorization/${rest}?api-version=${version}`
    const contributor = '/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c'
    const properties = { roleDefinitionId: contributor, principalId: readerId, principalType: 'ServicePrincipal' }
    const newGroup = `${arm}/subscriptions/${id}/resourceGroups/rg-inherited?api-version=2024-11-01`
    expect((await reader('PUT', newGroup, { location: 'westeurope' })).status).toBe(403)
    const assignment = scoped(groupId('above'), `roleAssignments/${role}`)
    expect((await client('PUT', assignment, { properties })).status).toBe(201)
    expect((await client('GET', assignment)).json).toMatchObject({
      id: `${groupId('above')}/providers/Microsoft.Authorization/roleAssignments/${role}`,
    })
    expect((await reader('PUT', newGroup, { location: 'westeurope' })).status).toBe(201)
    const listed = valuesOf(await client('GET', scoped(`/subscriptions/${id}`, 'roleAssignments')))
    expect(listed).toContainEqual(expect.objectContaining({ name: role }))
    const denied = scoped(groupId('above'), `denyAssignments/${randomUUID()}`, '2024-07-01-preview')
    const permissions = [{ actions: ['*/write'], notActions: [], dataActions: [], notDataActions: [] }]
    const principals = [{ id: readerId, type: 'ServicePrincipal' }]
    await client('PUT', denied, { properties: { denyAssignmentName: 'No writes', permissions, principals } })
    expect(errorOf(await reader('PUT', newGroup, { location: 'westeurope' })).code).toBe('DenyAssignmentAuthorizationFailed')
    await client('DELETE', denied)
    // azurerm_role_definition, test "managementGroup"
    const definition = randomUUID()
    const custom = { roleName: 'Of a group', assignableScopes: [groupId('above')], permissions: [{ actions: ['*/read'] }] }
    expect((await client('PUT', scoped(groupId('above'), `roleDefinitions/${definition}`), { properties: custom })).status).toBe(
      201,
    )
    const roles = valuesOf(
      await client('GET', `${scoped(`/subscriptions/${id}`, 'roleDefinitions')}&$filter=type eq 'CustomRole'`),
    )
    expect(roles).toContainEqual(expect.objectContaining({ name: definition }))
    await client('DELETE', inGroup('within'))
    expect((await reader('PUT', newGroup, { location: 'westeurope' })).status).toBe(403)
    const nowhere = scoped(groupId('nowhere'), `roleAssignments/${randomUUID()}`)
    expect((await client('PUT', nowhere, { properties })).status).toBe(403)
  })

  async function idOfReader(): Promise<string> {
    const { clientId } =
      sandbox().principals.find(({ rights, tenantId }) => rights === 'reader' && tenantId === vaultTenant) ?? {}
    const found = await client('GET', `https://graph.microsoft.com/v1.0/servicePrincipals(appId='${clientId}')`)
    return String(found.json.id)
  }
})
