import { expect, test } from 'vitest'
import { asClient, at, valuesOf } from '../clients/asClient.ts'
import { ownSandbox } from '../clients/ownSandbox.ts'
import { mailTenant, principal } from '../support/sandbox.ts'

// https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/role, and the requests of power-platform's resource "user"

const { sandbox, client } = ownSandbox({}, mailTenant)

const api = 'https://contoso.crm4.dynamics.com/api/data/v9.2'
const roleNamed = async (name: string) =>
  valuesOf(await client('GET', `${api}/roles?$select=name&$filter=name eq '${name}'`))[0]?.roleid
const userOf = async (rights: 'owner' | 'reader') => {
  const { clientId } = principal(sandbox(), mailTenant, rights)
  return String(valuesOf(await client('GET', `${api}/systemusers?$filter=applicationid eq ${clientId}`))[0]?.systemuserid)
}

test('the administrator is a role, known by its template', async () => {
  const [role] = valuesOf(
    await client('GET', `${api}/roles?$filter=_roletemplateid_value eq 627090ff-40a3-4053-8790-584edc5be201`),
  )
  expect(role).toMatchObject({ name: 'System Administrator', ismanaged: true })
  const named = valuesOf(await client('GET', `${api}/roles(${role?.roleid})/roleprivileges_association?$select=name`))
  expect(named.map(({ name }) => name)).toEqual(expect.arrayContaining(['prvWriteEmailServerProfile', 'prvAssignRole']))
  expect((await client('POST', `${api}/roles`, { name: 'mine' })).status).toBe(405)
})

test('a user shows its roles, and a role its users', async () => {
  const [owner, id] = [await userOf('owner'), await roleNamed('System Administrator')]
  const expanded = await client(
    'GET',
    `${api}/systemusers(${owner})?$select=fullname&$expand=systemuserroles_association($select=name)`,
  )
  expect(at(expanded.json, 'systemuserroles_association', '0', 'name')).toBe('System Administrator')
  const listed = await client('GET', `${api}/systemusers(${owner})/systemuserroles_association?$select=name`)
  expect(valuesOf(listed)).toMatchObject([{ name: 'System Administrator', roleid: id }])
  const users = valuesOf(await client('GET', `${api}/roles(${id})/systemuserroles_association?$select=fullname`))
  expect(users.map(({ systemuserid }) => systemuserid)).toEqual([owner])
  expect((await client('GET', `${api}/systemusers(${owner})/systemuserroles_association?$top=1`)).status).toBe(400)
})

test('a role is given and taken, and counts', async () => {
  const [user, id] = [await userOf('reader'), await roleNamed('System Administrator')]
  const reader = asClient(sandbox(), 'reader', mailTenant)
  const path = `${api}/systemusers(${user})/systemuserroles_association`
  const write = () => reader('POST', `${api}/emailserverprofiles`, { name: 'of the reader', servertype: 0 })
  expect((await write()).status).toBe(403)
  expect((await reader('POST', `${path}/$ref`, { '@odata.id': `${api}/roles(${id})` })).status).toBe(403)
  expect((await client('POST', `${path}/$ref`, { '@odata.id': `${api}/roles(${id})` })).status).toBe(204)
  expect([(await write()).status, valuesOf(await client('GET', path)).length]).toEqual([204, 2])
  expect((await client('DELETE', `${path}(${id})/$ref`)).status).toBe(204)
  expect([(await write()).status, (await client('DELETE', `${path}(${id})/$ref`)).status]).toEqual([403, 404])
  const other = await roleNamed('Sandbox Reader')
  expect((await client('DELETE', `${path}/$ref?$id=${encodeURIComponent(`${api}/roles(${other})`)}`)).status).toBe(204)
  expect((await reader('GET', `${api}/mailboxes`)).status).toBe(403)
})

test('what a user may do, and how it is related to roles', async () => {
  const { json } = await client(
    'GET',
    `${api}/systemusers(${await userOf('owner')})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()`,
  )
  const [privilege] = valuesOf(await client('GET', `${api}/privileges?$filter=name eq 'prvReadMailbox'`))
  expect(json.RolePrivileges).toContainEqual(
    expect.objectContaining({ PrivilegeName: 'prvReadMailbox', PrivilegeId: privilege?.privilegeid, Depth: 'Global' }),
  )
  const relationships = await client('GET', `${api}/EntityDefinitions(LogicalName='systemuser')/ManyToManyRelationships`)
  expect(valuesOf(relationships)).toMatchObject([{ SchemaName: 'systemuserroles_association', Entity2LogicalName: 'role' }])
})
