import { AuthorizationManagementClient } from '@azure/arm-authorization'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { roleIds } from '../../src/resourceManager/roles/role.ts'
import { armUrl, type Cloud, group, type Person, people, startCloud, subscription, vaultScope } from '../vaultCloud.ts'

let cloud: Cloud
beforeEach(async () => {
  cloud = await startCloud()
})
afterEach(() => cloud.close())

const first = '44444444-4444-4444-8444-444444444444'
const second = '55555555-4444-4444-8444-444444444444'
const definition = (roleId: string) =>
  `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`
const client = () =>
  new AuthorizationManagementClient(cloud.credential('owner'), subscription, {
    httpClient: cloud.httpClient,
    endpoint: armUrl,
    retryOptions: { maxRetries: 0 },
  })

const put = (as: Person, name: string, properties: object, scope = vaultScope) =>
  cloud.ask(as, 'PUT', `${armUrl}${scope}/providers/Microsoft.Authorization/roleAssignments/${name}?api-version=2022-04-01`, {
    properties,
  })
const secretsUser = (more: object = {}) => ({
  roleDefinitionId: definition(roleIds.keyVaultSecretsUser),
  principalId: people.app.objectId,
  ...more,
})

describe('role assignments', () => {
  it('are created, found and deleted by a plain client', async () => {
    const { roleAssignments } = client()
    const principalType = 'ServicePrincipal'
    const made = await roleAssignments.create(vaultScope, first, { ...secretsUser(), principalType })
    expect(made).toMatchObject({
      id: `${vaultScope}/providers/Microsoft.Authorization/roleAssignments/${first}`,
      scope: vaultScope,
    })
    expect(made.createdBy ?? null).toBeNull()
    expect((await roleAssignments.get(vaultScope, first)).createdBy).toBe(people.owner.objectId)
    const found: string[] = []
    for await (const { name } of roleAssignments.listForScope(vaultScope, { filter: `principalId eq '${people.app.objectId}'` }))
      found.push(name ?? '')
    expect(found).toEqual([first])
    expect((await roleAssignments.delete(vaultScope, first))?.name).toBe(first)
    expect((await roleAssignments.delete(vaultScope, first))?.name).toBeUndefined()
  })

  it('are refused with the reason', async () => {
    expect((await put('owner', first, secretsUser())).status).toBe(201)
    expect((await put('owner', first, secretsUser())).status).toBe(200)
    expect((await put('owner', second, secretsUser())).error).toEqual({
      code: 'RoleAssignmentExists',
      message: `The role assignment already exists. The ID of the conflicting role assignment is ${first.replaceAll('-', '')}.`,
    })
    expect((await put('owner', first, secretsUser({ principalId: people.reader.objectId }))).error.code).toBe(
      'RoleAssignmentUpdateNotPermitted',
    )
    const nobody = await put('owner', second, secretsUser({ principalId: second }))
    expect(nobody).toMatchObject({
      status: 400,
      error: { code: 'PrincipalNotFound', message: expect.stringContaining(second.replaceAll('-', '')) },
    })
    expect((await put('owner', second, secretsUser({ roleDefinitionId: definition(second) }))).error.code).toBe(
      'RoleDefinitionDoesNotExist',
    )
    expect((await put('owner', 'name', secretsUser())).error.code).toBe('InvalidRoleAssignmentId')
    expect(
      (await put('owner', second, secretsUser({ principalId: people.reader.objectId, principalType: 'User' }))).error.code,
    ).toBe('UnmatchedPrincipalType')
    expect((await put('owner', second, secretsUser(), `${vaultScope}x`)).error.code).toBe('ResourceNotFound')
    expect((await put('reader', second, secretsUser())).error.code).toBe('AuthorizationFailed')
  })

  it('are created again with 201 where the setting says so', async () => {
    await cloud.close()
    cloud = await startCloud({ repeatedRoleAssignment: 201 })
    await put('owner', first, secretsUser())
    expect((await put('owner', first, secretsUser())).status).toBe(201)
  })

  it('are listed at, above and below a scope, or with atScope() not below it', async () => {
    const objectScope = `${vaultScope}/secrets/one`
    await put('owner', first, secretsUser(), objectScope)
    await put('owner', second, secretsUser())
    const list = async (scope: string, filter: string) => {
      const path = `${armUrl}/${scope}/providers/microsoft.authorization/RoleAssignments`
      const { body } = await cloud.ask('owner', 'GET', `${path}?api-version=2022-04-01&$filter=${encodeURIComponent(filter)}`)
      const value: unknown = body.value
      return Array.isArray(value) ? value.length : -1
    }
    const mine = `assignedTo('${people.app.objectId}')`
    expect(await list(vaultScope, mine)).toBe(2)
    expect(await list(vaultScope, `atScope() and ${mine}`)).toBe(1)
    expect(await list(`/subscriptions/${subscription}/resourceGroups/${group.toUpperCase()}`, mine)).toBe(2)
    expect(await list(objectScope, 'atScope()')).toBe(9)
    expect(await list(vaultScope, 'nonsense')).toBe(-1)
  })

  it('of some roles may be assigned only by principals with that right', async () => {
    await put('owner', first, secretsUser({ roleDefinitionId: definition(roleIds.keyVaultDataAccessAdministrator) }))
    const reader = { principalId: people.reader.objectId }
    expect(
      (await put('app', second, secretsUser({ ...reader, roleDefinitionId: definition(roleIds.keyVaultCertificateUser) })))
        .status,
    ).toBe(403)
    expect((await put('app', second, secretsUser(reader))).status).toBe(201)
  })

  it('give rights in Resource Manager at once', async () => {
    const get = () => cloud.ask('app', 'GET', `${armUrl}${vaultScope}?api-version=2026-02-01`)
    const patch = () => cloud.ask('app', 'PATCH', `${armUrl}${vaultScope}?api-version=2026-02-01`, { tags: { a: 'b' } })
    await put('owner', first, secretsUser({ roleDefinitionId: definition(roleIds.reader) }))
    expect((await get()).status).toBe(200)
    expect((await patch()).status).toBe(403)
    await put('owner', second, secretsUser({ roleDefinitionId: definition(roleIds.contributor) }))
    expect((await patch()).status).toBe(200)
    expect((await put('app', '66666666-4444-4444-8444-444444444444', secretsUser())).error.code).toBe('AuthorizationFailed')
  })
})

describe('role definitions', () => {
  it('are found by name and by id', async () => {
    const { roleDefinitions } = client()
    const found: (string | undefined)[] = []
    for await (const { name } of roleDefinitions.list(vaultScope, { filter: "roleName eq 'Key Vault Certificate User'" }))
      found.push(name)
    expect(found).toEqual([roleIds.keyVaultCertificateUser])
    expect((await roleDefinitions.get(vaultScope, roleIds.owner)).permissions).toMatchObject([{ actions: ['*'] }])
  })
})
