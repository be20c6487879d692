import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox.ts'
import { errorOf, fieldsOf, type Graph, graphAs, graphUrl, listOf, newClient } from '../support/graph.ts'
import { type Answer, ask, bearer, mailTenant, principal, seed, startSandbox, vaultTenant } from '../support/sandbox.ts'

const exchangeAppId = '00000002-0000-0ff1-ce00-000000000000'
const fullAccessAsApp = 'dc890d15-9560-4a4c-9b7f-a736ec74ec40'

let sandbox: Sandbox
let graph: Graph
let exchange: Record<string, unknown>

beforeAll(async () => {
  sandbox = await startSandbox()
  graph = await graphAs(sandbox, principal(sandbox, mailTenant))
  exchange = (await graph('GET', `/servicePrincipals(appId='${exchangeAppId}')`)).json
})
afterAll(() => sandbox.close())

describe('service principals', () => {
  test('of Microsoft exist in every tenant, each with its own id', async () => {
    const vaults = await graphAs(sandbox, principal(sandbox, vaultTenant, 'reader'))
    const other = (await vaults('GET', `/servicePrincipals(appId='${exchangeAppId}')`)).json
    expect(exchange).toMatchObject({ displayName: 'Office 365 Exchange Online', appId: exchangeAppId })
    expect(other).toMatchObject({ displayName: 'Office 365 Exchange Online', appId: exchangeAppId })
    expect(other.id).not.toBe(exchange.id)
    expect(listOf(exchange.appRoles).find(({ value }) => value === 'full_access_as_app')).toMatchObject({
      id: fullAccessAsApp,
      allowedMemberTypes: ['Application'],
      isEnabled: true,
    })
    expect(exchange.servicePrincipalNames).toContain('https://mail.contoso.com/')
    expect(other.servicePrincipalNames).not.toContain('https://mail.contoso.com/')
  })

  test('are made of an application, with its tags, in the order of Graph', async () => {
    const { json: application } = await graph('POST', '/applications', { displayName: 'KV-App', tags: ['hma'] })
    const { status, json, headers } = await graph('POST', '/servicePrincipals', {
      appId: application.appId,
      accountEnabled: true,
    })
    expect(status).toBe(201)
    expect(Object.keys(json)).toEqual(shape)
    expect(json).toMatchObject({
      appDisplayName: 'KV-App',
      appOwnerOrganizationId: mailTenant,
      servicePrincipalNames: [application.appId],
      servicePrincipalType: 'Application',
      tags: ['hma'],
      createdDateTime: expect.stringMatching(/:\d\dZ$/),
    })
    expect(headers.location).toMatch(/Microsoft\.DirectoryServices\.ServicePrincipal$/)
    expect((await graph('GET', `/servicePrincipals/${json.id}`)).json).toEqual(json)
    const again = await graph('POST', '/servicePrincipals', { appId: application.appId })
    expect([again.status, errorOf(again).code]).toEqual([409, 'Request_MultipleObjectsWithSameKeyValue'])
  })

  const shape = (
    '@odata.context,id,deletedDateTime,accountEnabled,alternativeNames,appDisplayName,appDescription,appId,applicationTemplateId,' +
    'appOwnerOrganizationId,appRoleAssignmentRequired,createdDateTime,description,disabledByMicrosoftStatus,displayName,homepage,loginUrl,' +
    'logoutUrl,notes,notificationEmailAddresses,preferredSingleSignOnMode,preferredTokenSigningKeyThumbprint,replyUrls,' +
    'servicePrincipalNames,servicePrincipalType,signInAudience,tags,tokenEncryptionKeyId,samlSingleSignOnSettings,addIns,appRoles,info,' +
    'keyCredentials,oauth2PermissionScopes,passwordCredentials,resourceSpecificApplicationPermissions,verifiedPublisher'
  ).split(',')

  test('are refused without an application', async () => {
    const appId = randomUUID()
    const answer = await graph('POST', '/servicePrincipals', { appId })
    expect([answer.status, errorOf(answer).message]).toEqual([
      400,
      `The appId '${appId}' of the service principal does not reference a valid application object.`,
    ])
    expect(listOf(errorOf(answer).details)[0]).toMatchObject({ code: 'NoBackingApplicationObject', target: 'appId' })
    expect((await graph('POST', '/servicePrincipals', {})).status).toBe(400)
    expect((await graph('POST', '/servicePrincipals', { appId: 'x' })).status).toBe(400)
  })

  test('are upserted by appId', async () => {
    const { json: application } = await graph('POST', '/applications', { displayName: 'Upserted' })
    const put = (): Promise<Answer> =>
      graph('PATCH', `/servicePrincipals(appId='${application.appId}')`, { tags: ['HideApp'] }, { Prefer: 'create-if-missing' })
    expect((await put()).status).toBe(201)
    expect((await put()).status).toBe(204)
    const { json } = await graph('GET', `/servicePrincipals?$filter=appId eq '${application.appId}'`)
    expect(listOf(json.value)).toHaveLength(1)
  })
})

describe('consent', () => {
  const grantOn = (side: string, at: unknown, principalId: unknown, appRoleId = fullAccessAsApp): Promise<Answer> =>
    graph('POST', `/servicePrincipals/${at}/${side}`, { principalId, resourceId: exchange.id, appRoleId })

  test('is an assignment that both sides show, and that a token then carries', async () => {
    const client = await newClient(graph, mailTenant, 'HMA-App')
    const { status, json } = await grantOn('appRoleAssignedTo', exchange.id, client.principalId)
    expect(status).toBe(201)
    expect(json).toEqual({
      '@odata.context': `${graphUrl}/v1.0/$metadata#servicePrincipals('${exchange.id}')/appRoleAssignedTo/$entity`,
      id: expect.stringMatching(/^[\w-]{43}$/),
      deletedDateTime: null,
      appRoleId: fullAccessAsApp,
      createdDateTime: expect.stringMatching(/Z$/),
      principalDisplayName: 'HMA-App',
      principalId: client.principalId,
      principalType: 'ServicePrincipal',
      resourceDisplayName: 'Office 365 Exchange Online',
      resourceId: exchange.id,
    })
    // The first half of the id is the principal's, in the byte order of Windows.
    const bytes = Buffer.from(String(json.id), 'base64url')
    expect(bytes.readUInt32LE(0).toString(16).padStart(8, '0')).toBe(client.principalId.slice(0, 8))

    const mine = await graph('GET', `/servicePrincipals/${client.principalId}/appRoleAssignments`)
    expect(mine.json['@odata.context']).toBe(`${graphUrl}/v1.0/$metadata#appRoleAssignments`)
    expect(listOf(mine.json.value).map(({ id }) => id)).toEqual([json.id])
    const theirs = await graph('GET', `/servicePrincipals/${exchange.id}/appRoleAssignedTo?$filter=resourceId eq ${exchange.id}`)
    expect(listOf(theirs.json.value).map(({ id }) => id)).toContain(json.id)
    const expanded = await graph('GET', `/servicePrincipals/${client.principalId}?$expand=appRoleAssignments`)
    expect(listOf(expanded.json.appRoleAssignments)).toHaveLength(1)

    const token = await bearer(sandbox, client, 'https://mail.contoso.com')
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    expect(claims.roles).toEqual(['full_access_as_app'])
  })

  test('is refused twice, for a role that is not there, and for principals that are not', async () => {
    const { principalId } = await newClient(graph, mailTenant, 'Twice')
    expect((await grantOn('appRoleAssignments', principalId, principalId)).status).toBe(201)
    const again = await grantOn('appRoleAssignedTo', exchange.id, principalId)
    expect([again.status, errorOf(again).message]).toEqual([400, 'Permission being assigned already exists on the object'])
    const role = await grantOn('appRoleAssignments', principalId, principalId, randomUUID())
    expect(errorOf(role).message).toBe('Permission being assigned was not found on application.')
    const nobody = await grantOn('appRoleAssignedTo', exchange.id, randomUUID())
    expect([nobody.status, errorOf(nobody).message]).toEqual([400, 'Not a valid reference update.'])
    expect((await grantOn('appRoleAssignments', principalId, randomUUID())).status).toBe(400)
    expect((await grantOn('appRoleAssignments', principalId, 'x')).status).toBe(400)
  })

  test('is revoked, and never changed', async () => {
    const { principalId } = await newClient(graph, mailTenant, 'Revoked')
    const { json } = await grantOn('appRoleAssignments', principalId, principalId)
    const path = `/servicePrincipals/${principalId}/appRoleAssignments/${json.id}`
    expect((await graph('GET', path)).json.appRoleId).toBe(fullAccessAsApp)
    const patched = await graph('PATCH', path, { appRoleId: randomUUID() })
    expect([patched.status, errorOf(patched).message]).toEqual([
      405,
      'Specified HTTP method is not allowed for the request target.',
    ])
    expect((await graph('DELETE', path)).status).toBe(204)
    expect((await graph('DELETE', path)).status).toBe(404)
    const malformed = await graph('DELETE', `/servicePrincipals/${principalId}/appRoleAssignments/x`)
    expect(errorOf(malformed).message).toBe('Invalid resource identifier for EntitlementGrant.')
  })
})

test('the organization is the tenant of the token', async () => {
  const { json } = await graph('GET', '/organization')
  expect(listOf(json.value)[0]).toMatchObject({ id: mailTenant, verifiedDomains: [{ isInitial: true }] })
  expect((await graph('GET', `/organization/${mailTenant}`)).json.id).toBe(mailTenant)
  expect((await graph('GET', `/organization/${vaultTenant}`)).status).toBe(404)
})

test('registrations of the seed are there, with a service principal and without a mark', async () => {
  const registration = { tenantId: mailTenant, appId: randomUUID().toUpperCase(), displayName: 'Made in the portal' }
  const deployments = seed.deployments.map((deployment) => ({ ...deployment, registrations: [registration] }))
  const other = await startSandbox({ seed: { ...seed, deployments } })
  const reader = await graphAs(other, principal(other, mailTenant, 'reader'))
  const { json } = await reader('GET', `/applications(appId='${registration.appId}')`)
  expect(json).toMatchObject({
    appId: registration.appId.toLowerCase(),
    displayName: 'Made in the portal',
    tags: [],
    uniqueName: null,
  })
  expect((await reader('GET', `/servicePrincipals(appId='${registration.appId}')`)).status).toBe(200)
  await other.close()
})

describe('a batch', () => {
  test('answers each request by itself, and those that depend on a failure with 424', async () => {
    const requests = [
      { id: '1', method: 'GET', url: `/servicePrincipals(appId='${exchangeAppId}')?$select=id` },
      { id: '2', method: 'GET', url: `applications/${randomUUID()}` },
      { id: '3', method: 'GET', url: '/organization', dependsOn: ['2'] },
      {
        id: '4',
        method: 'POST',
        url: '/applications',
        headers: { 'Content-Type': 'application/json' },
        body: { displayName: 'In a batch' },
      },
    ]
    const { status, json } = await graph('POST', '/$batch', { requests })
    expect(status).toBe(200)
    const byId = Object.fromEntries(listOf(json.responses).map((each) => [String(each.id), each]))
    expect(Object.values(byId).map((each) => each.status)).toEqual([200, 404, 424, 201])
    expect(fieldsOf(byId['1']?.body).id).toBe(exchange.id)
    expect(fieldsOf(fieldsOf(byId['2']?.body).error).code).toBe('Request_ResourceNotFound')
  })

  test.each([
    [{}],
    [{ requests: Array.from({ length: 21 }, (_, id) => ({ id: String(id), method: 'GET', url: '/organization' })) }],
    [{ requests: [{ id: '1', method: 'POST', url: '/applications', body: {} }] }],
    [{ requests: [{ id: '1', url: '/applications' }] }],
    [{ requests: [1, 2].map(() => ({ id: '1', method: 'GET', url: '/organization' })) }],
  ])('is refused in a form such as %j', async (body) => {
    expect((await graph('POST', '/$batch', body)).status).toBe(400)
  })

  test('is not a way in without a token', async () => {
    const url = `${graphUrl}/v1.0/$batch`
    expect((await ask(sandbox, url, { method: 'POST', body: { requests: [] } })).status).toBe(401)
  })
})
