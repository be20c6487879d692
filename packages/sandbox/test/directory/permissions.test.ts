import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox.ts'
import { errorOf, type Graph, graphAs, graphUrl, listOf, newClient } from '../support/graph.ts'
import { mailTenant, principal, startSandbox } from '../support/sandbox.ts'

let sandbox: Sandbox
let owner: Graph
let target: Awaited<ReturnType<typeof newClient>>
let exchangeId: string

beforeAll(async () => {
  sandbox = await startSandbox()
  owner = await graphAs(sandbox, principal(sandbox, mailTenant))
  target = await newClient(owner, mailTenant, 'Target')
  exchangeId = String((await owner('GET', "/servicePrincipals(appId='00000002-0000-0ff1-ce00-000000000000')")).json.id)
})
afterAll(() => sandbox.close())

const holding = async (...roles: string[]): Promise<Graph> =>
  graphAs(sandbox, await newClient(owner, mailTenant, `Holder of ${roles.length}`, roles))

type Operation = (graph: Graph) => ReturnType<Graph>

const grant = { appRoleId: 'dc890d15-9560-4a4c-9b7f-a736ec74ec40' }

/** Operations on objects that someone else owns. */
const operations: Record<string, Operation> = {
  list: (graph) => graph('GET', '/applications'),
  get: (graph) => graph('GET', `/applications/${target.applicationId}`),
  assignments: (graph) => graph('GET', `/servicePrincipals/${target.principalId}/appRoleAssignments`),
  create: (graph) => graph('POST', '/applications', { displayName: 'New' }),
  upsert: (graph) =>
    graph('PATCH', "/applications(uniqueName='upserted')", { displayName: 'New' }, { Prefer: 'create-if-missing' }),
  change: (graph) => graph('PATCH', `/applications/${target.applicationId}`, { notes: 'x' }),
  addPassword: (graph) => graph('POST', `/applications/${target.applicationId}/addPassword`),
  addOwner: (graph) =>
    graph('POST', `/applications/${target.applicationId}/owners/$ref`, {
      '@odata.id': `${graphUrl}/v1.0/directoryObjects/${exchangeId}`,
    }),
  grant: (graph) =>
    graph('POST', `/servicePrincipals/${target.principalId}/appRoleAssignments`, {
      ...grant,
      principalId: target.principalId,
      resourceId: exchangeId,
    }),
  deleted: (graph) => graph('GET', '/directory/deletedItems/microsoft.graph.application'),
  organization: (graph) => graph('GET', '/organization'),
  policy: (graph) => graph('GET', '/policies/defaultAppManagementPolicy'),
}

describe('permissions', () => {
  test.each<[string[], string[]]>([
    [[], []],
    [['Application.Read.All'], ['list', 'get', 'assignments', 'deleted']],
    [['Directory.Read.All'], ['list', 'get', 'assignments', 'deleted', 'organization']],
    [['Application.ReadWrite.OwnedBy'], ['list', 'get', 'assignments', 'create', 'upsert']],
    [['Application.ReadWrite.All'], ['list', 'get', 'assignments', 'create', 'upsert', 'change', 'addPassword', 'deleted']],
    [['AppRoleAssignment.ReadWrite.All'], []],
    [
      ['AppRoleAssignment.ReadWrite.All', 'Application.Read.All'],
      ['list', 'get', 'assignments', 'grant', 'deleted'],
    ],
    [['Organization.Read.All'], ['organization']],
    [['Policy.Read.All'], ['policy']],
  ])('%j allow %j and nothing else', async (roles, expected) => {
    const graph = await holding(...roles)
    const allowed: string[] = []
    for (const [name, operation] of Object.entries(operations)) {
      const answer = await operation(graph)
      if (answer.status < 400) allowed.push(name)
      else expect([name, answer.status, errorOf(answer).code]).toEqual([name, 403, 'Authorization_RequestDenied'])
    }
    expect(allowed.sort()).toEqual([...expected].sort())
    await owner('DELETE', "/applications(uniqueName='upserted')")
    const { json } = await owner('GET', '/directory/deletedItems/microsoft.graph.application')
    for (const { id } of listOf(json.value)) await owner('DELETE', `/directory/deletedItems/${id}`)
  })

  test('are reported as missing in Graph’s words', async () => {
    const answer = await operations.create?.(await holding('Application.Read.All'))
    expect(answer && errorOf(answer).message).toBe('Insufficient privileges to complete the operation.')
  })
})

describe('a caller that manages what it owns', () => {
  test('owns what it creates, with the rights of an owner', async () => {
    const graph = await holding('Application.ReadWrite.OwnedBy')
    const { json } = await graph('POST', '/applications', { displayName: 'Mine' })
    const owners = await graph('GET', `/applications/${json.id}/owners`)
    expect(listOf(owners.json.value)).toMatchObject([{ '@odata.type': '#microsoft.graph.servicePrincipal' }])
    expect((await graph('PATCH', `/applications/${json.id}`, { notes: 'x' })).status).toBe(204)
    expect((await graph('POST', `/applications/${json.id}/addPassword`)).status).toBe(200)
    const made = await graph('POST', '/servicePrincipals', { appId: json.appId })
    expect(made.status).toBe(201)
    expect((await graph('PATCH', `/servicePrincipals/${made.json.id}`, { tags: ['HideApp'] })).status).toBe(204)
    expect((await graph('DELETE', `/applications/${json.id}`)).status).toBe(204)
    expect((await graph('GET', `/directory/deletedItems/${json.id}`)).status).toBe(403)
    expect((await graph('POST', `/directory/deletedItems/${json.id}/restore`)).status).toBe(200)
  })

  test('may not create a service principal for an application that it does not own or that does not exist', async () => {
    const graph = await holding('Application.ReadWrite.OwnedBy')
    const { json } = await owner('POST', '/applications', { displayName: 'Not mine' })
    expect((await graph('POST', '/servicePrincipals', { appId: json.appId })).status).toBe(403)
    const absent = await graph('POST', '/servicePrincipals', { appId: target.applicationId })
    expect([absent.status, errorOf(absent).message]).toEqual([
      403,
      'When using this permission, the backing application of the service principal being created must in the local tenant',
    ])
  })

  test('may write what it owns, until it is no longer an owner', async () => {
    const client = await newClient(owner, mailTenant, 'Promoted', ['Application.ReadWrite.OwnedBy'])
    const graph = await graphAs(sandbox, client)
    const { json } = await owner('POST', '/applications', { displayName: 'Shared' })
    const change = async (): Promise<number> => (await graph('PATCH', `/applications/${json.id}`, { notes: 'x' })).status
    const link = { '@odata.id': `${graphUrl}/v1.0/directoryObjects/${client.principalId}` }
    expect(await change()).toBe(403)
    expect((await owner('POST', `/applications/${json.id}/owners/$ref`, link)).status).toBe(204)
    expect((await owner('POST', `/applications/${json.id}/owners/$ref`, link)).status).toBe(400)
    expect(await change()).toBe(204)
    expect((await owner('DELETE', `/applications/${json.id}/owners/${client.principalId}/$ref`)).status).toBe(204)
    expect(await change()).toBe(403)
  })

  test('can be bound as an owner at the creation', async () => {
    const client = await newClient(owner, mailTenant, 'Bound', ['Application.ReadWrite.OwnedBy'])
    const link = `${graphUrl}/v1.0/directoryObjects/${client.principalId}`
    const { json } = await owner('POST', '/applications', { displayName: 'Bound to', 'owners@odata.bind': [link] })
    const { json: expanded } = await owner('GET', `/applications/${json.id}?$expand=owners`)
    expect(listOf(expanded.owners).map(({ appId }) => appId)).toContain(client.clientId)
    const stray = 'https://graph.example.com/v1.0/directoryObjects/x'
    expect((await owner('POST', '/applications', { displayName: 'x', 'owners@odata.bind': [stray] })).status).toBe(400)
  })
})
