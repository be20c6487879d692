import { expect, test } from 'vitest'
import { asClient, at, errorOf, valuesOf } from '../clients/asClient.ts'
import { ownSandbox } from '../clients/ownSandbox.ts'
import { principal, vaultTenant } from '../support/sandbox.ts'

// `Get-MgDirectoryRole` and its like (https://learn.microsoft.com/graph/api/resources/directoryrole), azuread_directory_role,
// azuread_directory_role_member, azuread_directory_role_assignment and azuread_custom_directory_role.

const { sandbox, client, reader } = ownSandbox()

const graph = 'https://graph.microsoft.com/v1.0'
const management = `${graph}/roleManagement/directory`
const template = {
  global: '62e90394-69f5-4237-9190-012177145e10',
  users: 'fe930be7-5e62-47db-91af-98c3a49a38b1',
  groups: 'fdd7a751-b60b-444a-984c-02652fe8fa1c',
}
const link = (id: string) => ({ '@odata.id': `${graph}/directoryObjects/${id}` })

async function readerId(): Promise<string> {
  const { clientId } = principal(sandbox(), vaultTenant, 'reader')
  return String((await client('GET', `${graph}/servicePrincipals(appId='${clientId}')`)).json.id)
}

test('roles are activated from templates; that of Global Administrators always is', async () => {
  const templates = valuesOf(await client('GET', `${graph}/directoryRoleTemplates`))
  expect(templates).toContainEqual(expect.objectContaining({ id: template.users, displayName: 'User Administrator' }))
  const roles = async () => valuesOf(await client('GET', `${graph}/directoryRoles`)).map(({ displayName }) => displayName)
  expect(await roles()).toEqual(['Global Administrator'])
  const made = await client('POST', `${graph}/directoryRoles`, { roleTemplateId: template.users })
  expect([made.status, made.json]).toMatchObject([201, { displayName: 'User Administrator', roleTemplateId: template.users }])
  expect(await roles()).toEqual(['Global Administrator', 'User Administrator'])
  expect((await client('GET', `${graph}/directoryRoles(roleTemplateId='${template.users}')`)).json.id).toBe(made.json.id)
  expect((await client('GET', `${graph}/directoryRoles/roleTemplateId=${template.users}`)).json.id).toBe(made.json.id)
  expect((await client('POST', `${graph}/directoryRoles`, { roleTemplateId: template.users })).status).toBe(400)
  expect((await client('GET', `${graph}/directoryRoles/${template.groups}`)).status).toBe(404)
  expect((await reader('GET', `${graph}/directoryRoles`)).status).toBe(403)
})

test('a member of a role may do what the role allows until it is removed', async () => {
  const id = await readerId()
  const before = await reader('POST', `${graph}/groups`, {
    displayName: 'g',
    mailNickname: 'g',
    mailEnabled: false,
    securityEnabled: true,
  })
  expect(before.status).toBe(403)
  await client('POST', `${graph}/directoryRoles`, { roleTemplateId: template.groups })
  const members = `${graph}/directoryRoles(roleTemplateId='${template.groups}')/members`
  expect((await client('POST', `${members}/$ref`, link(id))).status).toBe(204)
  expect((await client('POST', `${members}/$ref`, link(id))).status).toBe(400)
  expect(valuesOf(await client('GET', members))).toMatchObject([{ '@odata.type': '#microsoft.graph.servicePrincipal', id }])
  const made = await reader('POST', `${graph}/groups`, {
    displayName: 'g',
    mailNickname: 'g',
    mailEnabled: false,
    securityEnabled: true,
  })
  expect(made.status).toBe(201)
  // https://learn.microsoft.com/graph/api/directoryobject-getmemberobjects: groups, administrative units and roles
  const held = valuesOf(await client('GET', `${graph}/servicePrincipals/${id}/memberOf`))
  expect(held).toMatchObject([{ '@odata.type': '#microsoft.graph.directoryRole', displayName: 'Groups Administrator' }])
  const ids = async (kind: string) =>
    (await client('POST', `${graph}/servicePrincipals/${id}/getMember${kind}`, { securityEnabledOnly: false })).json.value
  expect([await ids('Objects'), await ids('Groups')]).toEqual([[held[0]?.id], []])
  expect((await client('DELETE', `${members}/${id}/$ref`)).status).toBe(204)
  expect((await reader('DELETE', `${graph}/groups/${made.json.id}`)).status).toBe(403)
})

test('the same as assignments, whose ids name the role and the principal', async () => {
  const id = await readerId()
  const body = { principalId: id, roleDefinitionId: template.users, directoryScopeId: '/' }
  const made = await client('POST', `${management}/roleAssignments`, body)
  expect([made.status, made.json]).toMatchObject([201, body])
  expect(made.json.id).toMatch(/^[\w-]{43}-1$/)
  // As the ids in https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments#example-1 begin for Global Administrators.
  const global = await client('POST', `${management}/roleAssignments`, { ...body, roleDefinitionId: template.global })
  expect(global.json.id).toMatch(/^lAPpYvVpN0KRkAEhdxReE/)
  await client('DELETE', `${management}/roleAssignments/${global.json.id}`)
  expect((await client('GET', `${management}/roleAssignments/${made.json.id}`)).json).toMatchObject(body)
  const filtered = (filter: string) => client('GET', `${management}/roleAssignments?$filter=${filter}`)
  expect(valuesOf(await filtered(`principalId eq '${id}'`))).toMatchObject([body])
  expect(valuesOf(await filtered(`roleDefinitionId eq '${template.global}'`))).toEqual([])
  expect(valuesOf(await client('GET', `${graph}/directoryRoles(roleTemplateId='${template.users}')/members`))).toMatchObject([
    { id },
  ])
  expect(errorOf(await client('POST', `${management}/roleAssignments`, body)).message).toContain('conflicting object')
  for (const wrong of [
    { principalId: template.users },
    { directoryScopeId: '/administrativeUnits/1' },
    { roleDefinitionId: 'x' },
  ])
    expect((await client('POST', `${management}/roleAssignments`, { ...body, ...wrong })).status).toBeGreaterThanOrEqual(400)
  expect((await client('DELETE', `${management}/roleAssignments/${made.json.id}`)).status).toBe(204)
  expect(valuesOf(await filtered(`principalId eq '${id}'`))).toEqual([])
})

test('built-in and custom definitions', async () => {
  const filter = "$filter=displayName eq 'Global Administrator'"
  const [found] = valuesOf(await client('GET', `${management}/roleDefinitions?${filter}`))
  expect(found).toMatchObject({ id: template.global, templateId: template.global, isBuiltIn: true })
  const rolePermissions = [{ allowedResourceActions: ['microsoft.directory/applications/standard/read'] }]
  const made = await client('POST', `${management}/roleDefinitions`, {
    displayName: 'Custom',
    isEnabled: true,
    version: '1.0',
    rolePermissions,
  })
  expect([made.status, made.json]).toMatchObject([201, { isBuiltIn: false, rolePermissions }])
  const url = `${management}/roleDefinitions/${made.json.id}`
  expect((await client('PATCH', url, { displayName: 'Changed' })).status).toBe(204)
  expect((await client('GET', url)).json).toMatchObject({ displayName: 'Changed', templateId: made.json.id })
  const { json } = await client('POST', `${management}/roleAssignments`, {
    principalId: await readerId(),
    roleDefinitionId: made.json.id,
    directoryScopeId: '/',
  })
  expect((await client('DELETE', url)).status).toBe(400)
  await client('DELETE', `${management}/roleAssignments/${json.id}`)
  expect((await client('DELETE', url)).status).toBe(204)
  expect((await client('DELETE', `${management}/roleDefinitions/${template.global}`)).status).toBe(400)
  expect(at((await client('GET', url)).json, 'error', 'code')).toBe('Request_ResourceNotFound')
  expect(
    (
      await asClient(sandbox(), 'reader')('POST', `${management}/roleDefinitions`, {
        displayName: 'x',
        isEnabled: true,
        rolePermissions,
      })
    ).status,
  ).toBe(403)
})
