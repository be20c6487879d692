import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox.ts'
import { errorOf, fieldsOf, type Graph, graphAs, graphUrl, listOf, newClient } from '../support/graph.ts'
import { type Answer, ask, bearer, mailTenant, principal, startSandbox } from '../support/sandbox.ts'

const day = 86_400_000
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

let sandbox: Sandbox
let graph: Graph
beforeAll(async () => {
  sandbox = await startSandbox()
  graph = await graphAs(sandbox, principal(sandbox, mailTenant))
})
afterAll(() => sandbox.close())

const create = async (displayName: string, more: object = {}): Promise<Record<string, unknown>> => {
  const answer = await graph('POST', '/applications', { displayName, ...more })
  expect(answer.status).toBe(201)
  return answer.json
}

const upsert = (name: string, body: object, method = 'PATCH'): Promise<Answer> =>
  graph(method, `/applications(uniqueName='${name}')`, body, { Prefer: 'create-if-missing' })

describe('creation', () => {
  test('answers with every property in the order of Graph, and where the object is', async () => {
    const { status, headers, json } = await graph('POST', '/applications', { displayName: 'Shape', tags: ['one'] })
    expect(status).toBe(201)
    expect(Object.keys(json)).toEqual(shape)
    expect(json).toMatchObject({
      '@odata.context': `${graphUrl}/v1.0/$metadata#applications/$entity`,
      id: expect.stringMatching(guid),
      appId: expect.stringMatching(guid),
      createdDateTime: expect.stringMatching(/\.\d{7}Z$/),
      signInAudience: 'AzureADMyOrg',
      tags: ['one'],
      uniqueName: null,
      web: { implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false }, redirectUris: [] },
    })
    expect(headers.location).toBe(
      `${graphUrl}/v2/${mailTenant}/directoryObjects/${json.id}/Microsoft.DirectoryServices.Application`,
    )
    const read = await graph('GET', `/applications/${json.id}`)
    expect(Object.keys(read.json)).toEqual(shape)
    expect(read.json).toEqual({ ...json, createdDateTime: String(json.createdDateTime).replace(/\.\d+Z/, 'Z') })
  })

  const shape = (
    '@odata.context,id,deletedDateTime,appId,applicationTemplateId,disabledByMicrosoftStatus,createdDateTime,displayName,description,' +
    'groupMembershipClaims,identifierUris,isDeviceOnlyAuthSupported,isFallbackPublicClient,nativeAuthenticationApisEnabled,notes,' +
    'publisherDomain,serviceManagementReference,signInAudience,tags,tokenEncryptionKeyId,uniqueName,samlMetadataUrl,defaultRedirectUri,' +
    'certification,optionalClaims,servicePrincipalLockConfiguration,requestSignatureVerification,addIns,api,appRoles,info,' +
    'keyCredentials,parentalControlSettings,passwordCredentials,publicClient,requiredResourceAccess,verifiedPublisher,web,spa'
  ).split(',')

  test.each([
    ['no name', {}, /displayName/],
    ['no name but null', { displayName: null }, /displayName/],
    ['an unknown property', { displayName: 'x', color: 'red' }, /'color'/],
    ['an unknown property inside', { displayName: 'x', web: { color: 'red' } }, /'color'/],
    ['a property that is made by the directory', { displayName: 'x', appId: randomUUID(), id: randomUUID() }, /'id'/],
    ['a unique name', { displayName: 'x', uniqueName: 'x' }, /'uniqueName'/],
    ['a secret of its own', { displayName: 'x', passwordCredentials: [{ secretText: 's' }] }, /service actions/],
    ['tags with a space', { displayName: 'x', tags: ['a b'] }, /'tags'/],
    ['the same tag twice', { displayName: 'x', tags: ['a', 'a'] }, /'tags'/],
    ['another audience', { displayName: 'x', signInAudience: 'Everybody' }, /'signInAudience'/],
    [
      'a permission of no kind',
      { displayName: 'x', requiredResourceAccess: [{ resourceAppId: randomUUID(), resourceAccess: [{ id: randomUUID() }] }] },
      /'requiredResourceAccess'/,
    ],
  ])('is refused for %s', async (_what, body, message) => {
    const answer = await graph('POST', '/applications', body)
    expect(answer.status).toBe(400)
    expect(errorOf(answer)).toMatchObject({ code: 'Request_BadRequest', message: expect.stringMatching(message) })
  })

  test('is refused for a body that is no JSON object', async () => {
    expect(errorOf(await graph('POST', '/applications', [])).code).toBe('Request_BadRequest')
  })
})

describe('reading', () => {
  test('goes by object id, appId and unique name; quotes are doubled in a key', async () => {
    await upsert("o''brien", { displayName: 'Quoted' })
    const { json } = await graph('GET', "/applications(uniqueName='o''brien')")
    expect(json).toMatchObject({ displayName: 'Quoted', uniqueName: "o'brien" })
    for (const key of [`/${json.id}`, `('${json.id}')`, `(appId='${json.appId}')`, `(appId=%27${json.appId}%27)`]) {
      expect((await graph('GET', `/applications${key}`)).json.id).toBe(json.id)
    }
  })

  test('of a missing object is 404 with its key, and of a malformed id 400', async () => {
    const id = randomUUID()
    for (const path of [`/applications/${id}`, `/applications(appId='${id}')`, `/applications(uniqueName='${id}')`]) {
      const answer = await graph('GET', path)
      expect(answer.status).toBe(404)
      expect(errorOf(answer)).toMatchObject({
        code: 'Request_ResourceNotFound',
        message: `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
      })
    }
    const malformed = await graph('GET', '/applications/KV-App')
    expect([malformed.status, errorOf(malformed).message]).toEqual([400, "Invalid object identifier 'KV-App'."])
  })

  test('an error carries ids and a date without a zone, and a content type without more', async () => {
    const client = randomUUID()
    const answer = await graph('GET', `/applications/${randomUUID()}`, undefined, { 'client-request-id': client })
    expect(fieldsOf(errorOf(answer).innerError)).toEqual({
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
      'request-id': answer.headers['request-id'],
      'client-request-id': client,
    })
    expect(answer.headers['content-type']).toBe('application/json')
    expect(answer.headers['client-request-id']).toBe(client)
  })

  test('a success carries the headers of Graph', async () => {
    const { headers } = await graph('GET', '/applications')
    expect(headers).toMatchObject({
      'content-type': 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
      'odata-version': '4.0',
      'cache-control': 'no-cache',
      'x-ms-resource-unit': '2',
    })
  })

  test('only what is selected, and nothing that does not exist', async () => {
    const { id } = await create('Selected')
    const { json } = await graph('GET', `/applications/${id}?$select=id,displayName`)
    expect(json).toEqual({
      '@odata.context': `${graphUrl}/v1.0/$metadata#applications(id,displayName)/$entity`,
      id,
      displayName: 'Selected',
    })
    expect((await graph('GET', `/applications/${id}?$select=colour`)).status).toBe(400)
  })

  test('filters by equality, beginnings, membership, and, or', async () => {
    const { id, appId } = await create("Filter O'Hara", { tags: ['filtered'] })
    const other = await create('Filter other')
    const idsBy = async (filter: string): Promise<unknown[]> => {
      const { json, text } = await graph('GET', `/applications?$filter=${encodeURIComponent(filter)}`)
      expect(text).toContain('value')
      return listOf(json.value)
        .map((each) => each.id)
        .sort()
    }
    expect(await idsBy("displayName eq 'filter o''hara'")).toEqual([id])
    expect(await idsBy(`appId eq '${appId}'`)).toEqual([id])
    expect(await idsBy(`id eq '${id}' and displayName eq 'Filter other'`)).toEqual([])
    expect(await idsBy("startswith(displayName,'Filter ')")).toEqual([id, other.id].sort())
    expect(await idsBy("startswith(displayName, 'Filter ') and tags/any(t:t eq 'filtered')")).toEqual([id])
    expect(await idsBy(`(appId eq '${appId}') or id eq '${other.id}'`)).toEqual([id, other.id].sort())
    for (const wrong of [
      "displayName eq 'x",
      'displayName',
      "colour eq 'x'",
      "contains(displayName,'x')",
      "displayName like 'x'",
    ]) {
      expect((await graph('GET', `/applications?$filter=${encodeURIComponent(wrong)}`)).status).toBe(400)
    }
  })

  test('requires the header for queries that only the index answers', async () => {
    const eventual = { ConsistencyLevel: 'eventual' }
    for (const query of ['?$count=true', '/$count', '?$search=%22displayName:x%22', "?$filter=displayName ne 'x'"]) {
      const answer = await graph('GET', `/applications${query}`)
      expect([answer.status, errorOf(answer).code]).toEqual([400, 'Request_UnsupportedQuery'])
    }
    const all = await graph('GET', '/applications?$count=true&$top=1', undefined, eventual)
    const count = await graph('GET', '/applications/$count', undefined, eventual)
    expect(count.headers['content-type']).toMatch(/^text\/plain/)
    expect(Number(count.text)).toBe(all.json['@odata.count'])
    const ends = encodeURIComponent("endsWith(displayName,'lected')")
    const found = await graph('GET', `/applications?$count=true&$filter=${ends}`, undefined, eventual)
    expect(listOf(found.json.value).map(({ displayName }) => displayName)).toEqual(['Selected'])
  })

  test('pages, each object once, with absolute links', async () => {
    for (let number = 0; number < 7; number += 1) await create(`Page ${number}`)
    const seen: unknown[] = []
    let path: string | undefined = "/applications?$filter=startswith(displayName,'Page')&$top=3&$select=displayName"
    const sizes: number[] = []
    while (path !== undefined) {
      const { json } = await graph('GET', path)
      sizes.push(listOf(json.value).length)
      seen.push(...listOf(json.value).map(({ displayName }) => displayName))
      const next = json['@odata.nextLink']
      path = typeof next === 'string' ? next.replace(`${graphUrl}/v1.0`, '') : undefined
      if (path !== undefined) expect(String(next)).toContain('https://graph.microsoft.com/v1.0/applications?')
    }
    expect(sizes).toEqual([3, 3, 1])
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6].map((number) => `Page ${number}`))
    for (const query of ['$top=0', '$top=1000', '$top=x', '$skip=1', '$skiptoken=x'])
      expect((await graph('GET', `/applications?${query}`)).status).toBe(400)
  })
})

describe('change', () => {
  test('replaces the collections that are named and leaves the rest, and answers nothing', async () => {
    const { id } = await create('Changed', { tags: ['a', 'b'], notes: 'kept' })
    const access = [{ resourceAppId: randomUUID(), resourceAccess: [{ id: randomUUID(), type: 'Role' }] }]
    const answer = await graph('PATCH', `/applications/${id}`, {
      tags: ['c'],
      requiredResourceAccess: access,
      web: { logoutUrl: 'https://x' },
    })
    expect([answer.status, answer.text]).toEqual([204, ''])
    const { json } = await graph('GET', `/applications/${id}`)
    expect(json).toMatchObject({ displayName: 'Changed', tags: ['c'], notes: 'kept', requiredResourceAccess: access })
    expect(json.web).toMatchObject({ logoutUrl: 'https://x', redirectUris: [] })
  })

  test('of the name reaches the service principal', async () => {
    const { principalId, applicationId } = await newClient(graph, mailTenant, 'Before')
    await graph('PATCH', `/applications/${applicationId}`, { displayName: 'After' })
    expect((await graph('GET', `/servicePrincipals/${principalId}`)).json).toMatchObject({
      displayName: 'After',
      appDisplayName: 'After',
    })
  })

  test('is not allowed by another method', async () => {
    const { id } = await create('Method')
    expect((await graph('PUT', `/applications/${id}`, {})).status).toBe(405)
    expect((await graph('DELETE', '/applications')).status).toBe(405)
  })
})

describe('the unique name', () => {
  test('makes one object of two creations', async () => {
    const first = await upsert('twice', { displayName: 'Twice' })
    expect([first.status, first.json.uniqueName]).toEqual([201, 'twice'])
    const second = await upsert('twice', { displayName: 'Twice again' })
    expect([second.status, second.text]).toEqual([204, ''])
    const { json } = await graph('GET', "/applications(uniqueName='twice')")
    expect(json).toMatchObject({ id: first.json.id, displayName: 'Twice again' })
  })

  test('creates only with the preference, and with a name', async () => {
    expect((await graph('PATCH', "/applications(uniqueName='absent')", { displayName: 'x' })).status).toBe(404)
    expect((await upsert('absent', {})).status).toBe(400)
    expect((await upsert('absent', { displayName: 'x', uniqueName: 'other' })).status).toBe(400)
    expect((await graph('GET', "/applications(uniqueName='absent')")).status).toBe(404)
  })

  test('is given once to an application that has none', async () => {
    const { id } = await create('Adopted')
    expect((await graph('PATCH', `/applications/${id}`, { uniqueName: 'adopted' })).status).toBe(204)
    expect((await graph('GET', "/applications(uniqueName='adopted')")).json.id).toBe(id)
    expect((await graph('PATCH', `/applications/${id}`, { uniqueName: 'adopted' })).status).toBe(204)
    expect((await graph('PATCH', `/applications/${id}`, { uniqueName: 'changed' })).status).toBe(400)
  })

  test('is held by a deleted application until it is purged or its 30 days are over', async () => {
    const { id } = (await upsert('held', { displayName: 'Held' })).json
    await graph('DELETE', `/applications/${id}`)
    const taken = await upsert('held', { displayName: 'Held again' })
    expect(taken.status).toBe(400)
    expect(errorOf(taken).message).toBe('Another object with the same value for property uniqueName already exists.')
    const { id: other } = await create('Other')
    expect((await graph('PATCH', `/applications/${other}`, { uniqueName: 'held' })).status).toBe(400)
    expect((await graph('DELETE', `/directory/deletedItems/${id}`)).status).toBe(204)
    expect((await upsert('held', { displayName: 'Held again' })).status).toBe(201)

    const late = await startSandbox()
    const early = await graphAs(late, principal(late, mailTenant))
    const made = await early('POST', '/applications', { displayName: 'Old' })
    await early('DELETE', `/applications/${made.json.id}`)
    late.advance(30 * day)
    const after = await graphAs(late, principal(late, mailTenant))
    expect((await after('GET', `/directory/deletedItems/${made.json.id}`)).status).toBe(404)
    await late.close()
  })
})

describe('deletion', () => {
  test('is soft, takes the service principal along, and is undone one by one', async () => {
    const { applicationId, principalId, clientId } = await newClient(graph, mailTenant, 'Deleted', ['Policy.Read.All'])
    expect((await graph('DELETE', `/applications(appId='${clientId}')`)).status).toBe(204)
    for (const path of [`/applications/${applicationId}`, `/servicePrincipals/${principalId}`])
      expect((await graph('GET', path)).status).toBe(404)
    expect((await graph('DELETE', `/applications/${applicationId}`)).status).toBe(404)

    const found = async (type: string): Promise<unknown> => {
      const { json } = await graph('GET', `/directory/deletedItems/microsoft.graph.${type}?$filter=appId eq '${clientId}'`)
      return listOf(json.value).map(({ id }) => id)
    }
    expect(await found('application')).toEqual([applicationId])
    expect(await found('servicePrincipal')).toEqual([principalId])
    const early = await graph('POST', `/directory/deletedItems/${principalId}/restore`)
    expect(early.status).toBe(400)

    const restored = await graph('POST', `/directory/deletedItems/${applicationId}/restore`)
    expect(restored.json).toMatchObject({
      '@odata.type': '#microsoft.graph.application',
      id: applicationId,
      deletedDateTime: null,
    })
    expect((await graph('GET', `/applications/${applicationId}`)).status).toBe(200)
    expect((await graph('GET', `/servicePrincipals/${principalId}`)).status).toBe(404)
    const taken = await graph('POST', '/servicePrincipals', { appId: clientId })
    expect([taken.status, errorOf(taken).code]).toEqual([409, 'Request_MultipleObjectsWithSameKeyValue'])
    expect((await graph('POST', `/directory/deletedItems/${principalId}/restore`)).status).toBe(200)
    expect((await graph('GET', `/servicePrincipals/${principalId}`)).status).toBe(200)
    expect((await graph('GET', `/directory/deletedItems/${applicationId}`)).status).toBe(404)
  })

  test('is listed with its time, and found by object id alone', async () => {
    const { id, appId } = await create('Gone')
    await graph('DELETE', `/applications/${id}`)
    const { json } = await graph('GET', `/directory/deletedItems/${id}`)
    expect(json).toMatchObject({
      id,
      deletedDateTime: expect.stringMatching(/Z$/),
      '@odata.type': '#microsoft.graph.application',
    })
    expect((await graph('GET', `/directory/deletedItems/${appId}`)).status).toBe(404)
    expect((await graph('GET', '/directory/deletedItems/x')).status).toBe(400)
  })
})

test('a request without a usable token is refused in the words of Graph', async () => {
  const messageFor = async (authorization?: string): Promise<unknown[]> => {
    const headers = authorization === undefined ? {} : { authorization }
    const answer = await ask(sandbox, `${graphUrl}/v1.0/applications`, { headers })
    expect(answer.headers['www-authenticate']).toContain('authorization_uri=')
    return [answer.status, errorOf(answer).code, errorOf(answer).message]
  }
  expect(await messageFor()).toEqual([401, 'InvalidAuthenticationToken', 'Access token is empty.'])
  expect(await messageFor('Bearer x')).toEqual([
    401,
    'InvalidAuthenticationToken',
    'CompactToken parsing failed with error code: 80049217',
  ])
})

test('what is not served is refused by name', async () => {
  const segment = await graph('GET', '/applications/x/y/z')
  expect([segment.status, errorOf(segment).message]).toEqual([400, "Resource not found for the segment 'z'."])
  const authorization = await bearer(sandbox, principal(sandbox, mailTenant), graphUrl)
  const version = await ask(sandbox, `${graphUrl}/v9.9/applications`, { headers: { authorization } })
  expect([version.status, errorOf(version).message]).toEqual([400, 'Invalid version: v9.9'])
})
