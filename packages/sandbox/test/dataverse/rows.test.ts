import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { error, record, rows, sha256 } from '../fixedAzure.ts'
import { ids, onlyOrganization } from '../wholeWorld.ts'
import { bodies, type Client, client, paths, putProfile } from './client.ts'

let dataverse: Client
beforeEach(async () => {
  dataverse = await client()
})
afterEach(() => dataverse.close())

const root = 'http://contoso.crm4.dynamics.com/api/data/v9.2'
const nowhere = '99999999-0000-4000-8000-000000000009'

describe('creating', () => {
  test('answers 204 with the row as OData-EntityId; the platform fills in defaults', async () => {
    const created = await dataverse.send('POST', 'managedidentities', {
      body: { ...bodies.identity, managedidentityid: ids.identity },
    })
    expect(created.status).toBe(204)
    expect(created.headers['odata-entityid']).toBe(`${root}/${paths.identity}`)
    const row = record(await dataverse.send('GET', paths.identity))
    expect(row).toMatchObject({ managedidentityid: ids.identity, name: 'kv-app', subjectscope: 0, statecode: 0, statuscode: 1 })
    expect(row.createdon).toBe('2026-03-01T10:00:00Z')
  })

  test('gives an id of its own where the client chooses none', async () => {
    const created = await dataverse.send('POST', 'emailserverprofiles', { body: { name: 'one' } })
    expect(created.headers['odata-entityid']).toMatch(/emailserverprofiles\([0-9a-f-]{36}\)$/)
  })

  test('shows the row with return=representation, and no OData-EntityId then', async () => {
    const created = await dataverse.send('POST', 'emailserverprofiles?$select=name', {
      body: { name: 'one' },
      headers: { Prefer: 'return=representation' },
    })
    expect(created.status).toBe(201)
    expect(created.headers['odata-entityid']).toBeUndefined()
    expect(created.headers['preference-applied']).toBe('return=representation')
    expect(Object.keys(record(created)).toSorted()).toEqual(['@odata.context', '@odata.etag', 'emailserverprofileid', 'name'])
  })

  test('refuses an id that is taken', async () => {
    await putProfile(dataverse)
    const again = await dataverse.send('POST', 'managedidentities', {
      body: { ...bodies.identity, managedidentityid: ids.identity },
    })
    expect(again.status).toBe(412)
    expect(error(again)).toEqual({ code: '0x80040237', message: 'A record with matching key values already exists.' })
  })

  test('makes nested rows with it (deep insert)', async () => {
    const body = { keyvaulturi: 'https://v.vault.azure.net/', managedidentityid: { name: 'inner', applicationid: ids.profile } }
    await dataverse.send('POST', 'keyvaultreferences', { body })
    const [reference] = rows(await dataverse.send('GET', 'keyvaultreferences?$expand=managedidentityid($select=name)'))
    expect(reference?.managedidentityid).toMatchObject({ name: 'inner' })
  })

  test('passes over columns that a create does not cover', async () => {
    await dataverse.send('PATCH', paths.profile, { body: { name: 'one', statecode: 1, createdon: '2000-01-01T00:00:00Z' } })
    const row = record(await dataverse.send('GET', paths.profile))
    expect(row).toMatchObject({ statecode: 0, createdon: '2026-03-01T10:00:00Z' })
  })
})

describe('refuses invalid values', () => {
  const cases: readonly [string, string, object, string, RegExp][] = [
    ['an unknown column', 'emailserverprofiles', { keyvaulturi: 'x' }, '0x80048d19', /Invalid property 'keyvaulturi' was found/],
    [
      'a wrong type',
      'emailserverprofiles',
      { incomingportnumber: '443' },
      '0x80048d19',
      /literal '443' to the expected type 'Edm.Int32'/,
    ],
    ['a malformed GUID', 'managedidentities', { applicationid: 'app' }, '0x80048d19', /expected type 'Edm.Guid'/],
    [
      'a text that is too long',
      'keyvaultreferences',
      { keyvaulturi: 'x'.repeat(101) },
      '0x80044331',
      /maximum allowed length of '100'/,
    ],
    ['a number out of range', 'emailserverprofiles', { maxconcurrentconnections: 301 }, '0x8004432f', /outside the valid range/],
    ['an option that is none', 'keyvaultreferences', { keyvaulturi: 'x', keytype: 9 }, '0x8004431a', /Accepted Values: 0,1,2$/],
    [
      'a missing text that the system requires',
      'keyvaultreferences',
      { keyname: 'x' },
      '0x80040203',
      /keyvaulturi cannot be null/,
    ],
    [
      'a lookup by its value',
      'emailserverprofiles',
      { _managedidentityid_value: ids.identity },
      '0x80048d19',
      /Use Navigation properties/,
    ],
    ['an unknown navigation', 'emailserverprofiles', { 'vault@odata.bind': '/x' }, '0x80048d19', /undeclared property 'vault'/],
    [
      'a reference of another table',
      'emailserverprofiles',
      { 'managedidentityid@odata.bind': `/mailboxes(${nowhere})` },
      '0x80048d19',
      /does not fit/,
    ],
  ]
  test.each(cases)('%s: 400', async (_name, set, body, code, message) => {
    const answer = await dataverse.send('POST', set, { body })
    expect(answer.status).toBe(400)
    expect(error(answer)).toEqual({ code, message: expect.stringMatching(message) })
  })

  test('a body that is no JSON', async () => {
    const answer = await dataverse.send('POST', 'emailserverprofiles', { body: '{"name":' })
    expect([answer.status, error(answer).code]).toEqual([400, '0x80048d19'])
  })

  test('a link to a missing row is 404, and nothing is created', async () => {
    const body = { name: 'one', 'managedidentityid@odata.bind': `/managedidentities(${nowhere})` }
    const answer = await dataverse.send('POST', 'emailserverprofiles', { body })
    expect(answer.status).toBe(404)
    expect(error(answer)).toEqual({ code: '0x80040217', message: `Entity 'managedidentity' With Id = ${nowhere} Does Not Exist` })
    expect(rows(await dataverse.send('GET', 'emailserverprofiles'))).toEqual([])
  })

  test('the long form of an error answers odata.include-annotations="*"', async () => {
    const headers = { Prefer: 'odata.include-annotations="*"' }
    const answer = await dataverse.send('GET', paths.profile, { headers })
    expect(record(answer).error).toMatchObject({
      code: '0x80040217',
      '@Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus': '0',
      '@Microsoft.PowerApps.CDS.HelpLink': expect.stringContaining('80040217'),
    })
  })
})

describe('PATCH', () => {
  test('creates, then updates only what it names', async () => {
    await putProfile(dataverse)
    dataverse.azure.advance(60_000)
    const updated = await dataverse.send('PATCH', paths.profile, { body: { description: 'second' } })
    expect([updated.status, updated.headers['odata-entityid']]).toEqual([204, `${root}/${paths.profile}`])
    const row = record(await dataverse.send('GET', paths.profile))
    expect(row).toMatchObject({ name: bodies.profile.name, description: 'second', modifiedon: '2026-03-01T10:01:00Z' })
  })

  test('If-Match: * never creates', async () => {
    const answer = await dataverse.send('PATCH', paths.profile, { body: { name: 'x' }, headers: { 'If-Match': '*' } })
    expect([answer.status, error(answer).code]).toEqual([404, '0x80040217'])
  })

  test('If-None-Match: * never updates', async () => {
    await putProfile(dataverse)
    const answer = await dataverse.send('PATCH', paths.profile, { body: { name: 'x' }, headers: { 'If-None-Match': '*' } })
    expect([answer.status, error(answer).code]).toEqual([412, '0x80040237'])
  })

  test('If-None-Match: null, which many clients send, says nothing', async () => {
    await putProfile(dataverse)
    const answer = await dataverse.send('PATCH', paths.profile, { body: { name: 'x' }, headers: { 'If-None-Match': 'null' } })
    expect(answer.status).toBe(204)
  })

  test('an etag that is no longer the row’s: 412', async () => {
    await putProfile(dataverse)
    const etag = String(record(await dataverse.send('GET', paths.profile))['@odata.etag'])
    const first = await dataverse.send('PATCH', paths.profile, { body: { description: 'a' }, headers: { 'If-Match': etag } })
    const second = await dataverse.send('PATCH', paths.profile, { body: { description: 'b' }, headers: { 'If-Match': etag } })
    expect([first.status, second.status, error(second).code]).toEqual([204, 412, '0x80060882'])
  })

  test('state and status go together', async () => {
    await putProfile(dataverse)
    const wrong = await dataverse.send('PATCH', paths.profile, { body: { statecode: 1, statuscode: 1 } })
    expect([wrong.status, error(wrong).code]).toEqual([400, '0x80040203'])
    await dataverse.send('PATCH', paths.profile, { body: { statecode: 1 } })
    expect(record(await dataverse.send('GET', paths.profile))).toMatchObject({ statecode: 1, statuscode: 2 })
  })
})

describe('write-only columns', () => {
  test('the secret comes back nowhere, and only its hash is kept', async () => {
    await putProfile(dataverse)
    const shown = await dataverse.send('GET', paths.identity)
    expect(shown.text).not.toContain('clientsecret')
    const selected = await dataverse.send('GET', `${paths.identity}?$select=clientsecret`)
    expect([selected.status, error(selected).code]).toEqual([400, '0x80060888'])
    expect(JSON.stringify(dataverse.azure.world)).not.toContain('secret-1')
    expect(onlyOrganization(dataverse.azure).tables.managedidentity[ids.identity]?.sealed.clientsecret).toBe(sha256('secret-1'))
  })

  test('a flag shows whether a password is set', async () => {
    await dataverse.send('PATCH', paths.profile, { body: { name: 'x', oauthclientsecret: 'hush' } })
    expect(record(await dataverse.send('GET', paths.profile))).toMatchObject({
      isoauthclientsecretset: true,
      isincomingpasswordset: false,
    })
    await dataverse.send('PATCH', paths.profile, { body: { oauthclientsecret: null } })
    expect(record(await dataverse.send('GET', paths.profile))).toMatchObject({ isoauthclientsecretset: false })
  })
})

describe('lookups', () => {
  beforeEach(() => putProfile(dataverse))
  const linked = async (): Promise<unknown> => record(await dataverse.send('GET', paths.profile))._managedidentityid_value

  test('null unlinks, by @odata.bind and by the navigation property', async () => {
    await dataverse.send('PATCH', paths.profile, { body: { 'managedidentityid@odata.bind': null } })
    expect(await linked()).toBeNull()
    await dataverse.send('PATCH', paths.profile, { body: { 'managedidentityid@odata.bind': `${root}/${paths.identity}` } })
    expect(await linked()).toBe(ids.identity)
    await dataverse.send('PATCH', paths.profile, { body: { managedidentityid: null } })
    expect(await linked()).toBeNull()
  })

  test('$ref is read, written and deleted', async () => {
    const path = `${paths.profile}/managedidentityid/$ref`
    expect(record(await dataverse.send('GET', path))['@odata.id']).toBe(`${root}/${paths.identity}`)
    expect((await dataverse.send('DELETE', path)).status).toBe(204)
    expect(await linked()).toBeNull()
    expect((await dataverse.send('PUT', path, { body: { '@odata.id': `${root}/${paths.identity}` } })).status).toBe(204)
    expect(await linked()).toBe(ids.identity)
  })

  test('deleting the target empties the lookups that point to it', async () => {
    expect((await dataverse.send('DELETE', paths.identity)).status).toBe(204)
    expect(await linked()).toBeNull()
    expect(record(await dataverse.send('GET', paths.reference))._managedidentityid_value).toBeNull()
    expect((await dataverse.send('DELETE', paths.identity)).status).toBe(404)
  })

  test('single columns are read, put and deleted', async () => {
    const path = `${paths.profile}/description`
    expect((await dataverse.send('PUT', path, { body: { value: 'text' } })).status).toBe(204)
    expect(record(await dataverse.send('GET', path)).value).toBe('text')
    expect((await dataverse.send('GET', `${path}/$value`)).text).toBe('text')
    expect((await dataverse.send('DELETE', path)).status).toBe(204)
    expect((await dataverse.send('GET', path)).status).toBe(204)
  })
})
