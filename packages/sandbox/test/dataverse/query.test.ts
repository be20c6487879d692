import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { find, readXml } from '../../src/exchange/xml.ts'
import { error, record, rows } from '../fixedAzure.ts'
import { hmaApp, ids } from '../wholeWorld.ts'
import { bodies, type Client, client, paths, putProfile } from './client.ts'

let dataverse: Client
beforeAll(async () => {
  dataverse = await client()
  await putProfile(dataverse)
  for (const [index, name] of ["O'Hara", 'Beta', 'alpha'].entries()) {
    const body = { name, incomingportnumber: 443 + index, ...(index === 0 ? {} : { description: `nr ${index}` }) }
    await dataverse.send('POST', 'emailserverprofiles', { body })
  }
})
afterAll(() => dataverse.close())

const hma = bodies.profile.name
const query = (options: Readonly<Record<string, string>>): string =>
  `emailserverprofiles?${Object.entries(options)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')}`

const names = async (filter: string): Promise<readonly unknown[]> =>
  rows(await dataverse.send('GET', query({ $select: 'name', $filter: filter, $orderby: 'name' }))).map(({ name }) => name)

describe('$filter', () => {
  const cases: readonly [string, readonly string[]][] = [
    ["name eq 'beta'", ['Beta']],
    ["name eq 'O''Hara'", ["O'Hara"]],
    ["name ne 'Beta'", ['alpha', hma, "O'Hara"]],
    ["description ne 'nr 1'", ['alpha', hma, "O'Hara"]],
    ['description eq null', [hma, "O'Hara"]],
    ['description ne null and incomingportnumber gt 444', ['alpha']],
    ["startswith(name,'AL') or endswith(name,'hara')", ['alpha', "O'Hara"]],
    ["not contains(name,'a')", []],
    ["(name eq 'Beta' or name eq 'alpha') and not (incomingportnumber eq 444)", ['alpha']],
    ["name eq 'Beta' or name eq 'alpha' and incomingportnumber eq 1", ['Beta']],
    [`emailserverprofileid eq ${ids.profile}`, [hma]],
    [`_managedidentityid_value eq ${ids.identity}`, [hma]],
    ["managedidentityid/name eq 'kv-app'", [hma]],
    ['useautodiscover eq false and usedefaulttenantid eq false', [hma]],
    ['createdon ge 2026-03-01T10:00:00Z and createdon lt 2026-03-02', ['alpha', 'Beta', hma, "O'Hara"]],
    [`oauthclientid eq '${hmaApp}'`, [hma]],
  ]
  test.each(cases)('%s', async (filter, expected) => {
    expect(await names(filter)).toEqual(expected)
  })

  const refused: readonly [string, RegExp][] = [
    ["nickname eq 'x'", /Could not find a property named 'nickname' on type 'Microsoft.Dynamics.CRM.emailserverprofile'/],
    [`emailserverprofileid eq '${ids.profile}'`, /incompatible types .*'Edm.Guid' and 'Edm.String'/],
    ["managedidentityid eq 'x'", /Could not find a property named 'managedidentityid'/],
    ["incomingpassword eq 'x'", /Could not find a property/],
    ["name eq 'x' and", /Syntax error/],
    ['name eq "x"', /Syntax error/],
    ["contains(incomingportnumber,'4')", /No function signature/],
  ]
  test.each(refused)('%s: 400', async (filter, message) => {
    const answer = await dataverse.send('GET', query({ $filter: filter }))
    expect(answer.status).toBe(400)
    expect(error(answer)).toEqual({ code: '0x80060888', message: expect.stringMatching(message) })
  })
})

describe('$select and $expand', () => {
  test('show what they name, the key and the etag', async () => {
    const [row] = rows(await dataverse.send('GET', query({ $select: 'name,servertype', $filter: `name eq '${hma}'` })))
    expect(Object.keys(row ?? {}).toSorted()).toEqual(['@odata.etag', 'emailserverprofileid', 'name', 'servertype'])
  })

  test('follow lookups, and lookups of those', async () => {
    const $expand =
      'keyvaultreferenceid($select=keyname;$expand=managedidentityid($select=name,applicationid)),managedidentityid($select=tenantid)'
    const answer = await dataverse.send('GET', query({ $select: 'name', $expand, $orderby: 'name desc' }))
    const byName = new Map(rows(answer).map((row) => [row.name, row]))
    expect(byName.get(hma)).toMatchObject({
      keyvaultreferenceid: { keyname: 'HMA-Cert', keyvaultreferenceid: ids.reference, managedidentityid: { name: 'kv-app' } },
      managedidentityid: { tenantid: bodies.identity.tenantid },
    })
    expect(byName.get('Beta')).toMatchObject({ keyvaultreferenceid: null, managedidentityid: null })
    expect(record(answer)['@odata.context']).toContain(
      '#emailserverprofiles(name,keyvaultreferenceid(keyname,managedidentityid(name,applicationid)),managedidentityid(tenantid))',
    )
  })

  test('refuse what the table does not have', async () => {
    const column = await dataverse.send('GET', query({ $select: 'name,keyvaulturi' }))
    const lookup = await dataverse.send('GET', query({ $expand: 'vault($select=name)' }))
    const nested = await dataverse.send('GET', query({ $expand: 'managedidentityid($select=keyname)' }))
    expect([column.status, lookup.status, nested.status]).toEqual([400, 400, 400])
    expect(error(nested).message).toContain("'keyname' on type 'Microsoft.Dynamics.CRM.managedidentity'")
  })

  test('a row by its id takes them too, and a lookup can be walked', async () => {
    const row = record(await dataverse.send('GET', `${paths.profile}?$select=name&$expand=managedidentityid($select=name)`))
    expect(row).toMatchObject({ managedidentityid: { name: 'kv-app' } })
    expect(record(await dataverse.send('GET', `${paths.profile}/keyvaultreferenceid?$select=keyname`))).toMatchObject({
      keyname: 'HMA-Cert',
    })
  })
})

describe('pages', () => {
  test('follow each other by @odata.nextLink', async () => {
    const headers = { Prefer: 'odata.maxpagesize=3' }
    const first = await dataverse.send('GET', query({ $select: 'name', $orderby: 'name', $count: 'true' }), { headers })
    expect(record(first)['@odata.count']).toBe(4)
    expect(first.headers['preference-applied']).toBe('odata.maxpagesize=3')
    const link = new URL(String(record(first)['@odata.nextLink']))
    expect(link.search).toContain('$skiptoken=')
    const second = await dataverse.send('GET', `emailserverprofiles${link.search}`, { headers })
    expect([...rows(first), ...rows(second)].map(({ name }) => name)).toEqual(['alpha', 'Beta', hma, "O'Hara"])
    expect(record(second)['@odata.nextLink']).toBeUndefined()
    // dynamics-web-api asks for the size of the first page alone
    const unsized = await dataverse.send('GET', `emailserverprofiles${link.search}`)
    expect(rows(unsized)).toEqual(rows(second))
  })

  test('$top takes the first ones and pages no further', async () => {
    const answer = await dataverse.send('GET', query({ $select: 'name', $orderby: 'incomingportnumber desc', $top: '2' }))
    expect(rows(answer).map(({ name }) => name)).toEqual(['alpha', 'Beta'])
    expect(record(answer)['@odata.nextLink']).toBeUndefined()
  })

  test('$skip is refused; $count as a path counts', async () => {
    const answer = await dataverse.send('GET', query({ $skip: '1' }))
    expect([answer.status, error(answer).message]).toEqual([400, 'Skip Clause is not supported in CRM'])
    expect((await dataverse.send('GET', 'emailserverprofiles/$count')).text).toBe('4')
  })
})

describe('annotations', () => {
  test('label options and lookups on request', async () => {
    const headers = { Prefer: 'odata.include-annotations="OData.Community.Display.V1.FormattedValue"' }
    const row = record(await dataverse.send('GET', paths.profile, { headers }))
    expect(row).toMatchObject({
      'incomingcredentialretrieval@OData.Community.Display.V1.FormattedValue': 'Exchange Hybrid Modern Auth (HMA)',
      'servertype@OData.Community.Display.V1.FormattedValue': 'Exchange Server (Hybrid)',
      '_managedidentityid_value@OData.Community.Display.V1.FormattedValue': 'kv-app',
    })
    expect(Object.keys(row).filter((name) => name.includes('lookuplogicalname'))).toEqual([])
  })

  test('"*" names the target of a lookup as well', async () => {
    const row = record(await dataverse.send('GET', paths.profile, { headers: { Prefer: 'odata.include-annotations="*"' } }))
    expect(row['_managedidentityid_value@Microsoft.Dynamics.CRM.lookuplogicalname']).toBe('managedidentity')
    expect(row['_managedidentityid_value@Microsoft.Dynamics.CRM.associatednavigationproperty']).toBe('managedidentityid')
  })
})

describe('the model', () => {
  test('names navigation properties, columns and keys of a table', async () => {
    const table = "EntityDefinitions(LogicalName='emailserverprofile')"
    const select = '$select=ReferencingAttribute,ReferencingEntityNavigationPropertyName'
    const lookups = rows(await dataverse.send('GET', `${table}/ManyToOneRelationships?${select}`))
    expect(lookups).toContainEqual({
      MetadataId: expect.any(String),
      ReferencingAttribute: 'keyvaultreferenceid',
      ReferencingEntityNavigationPropertyName: 'keyvaultreferenceid',
    })
    const columns = rows(await dataverse.send('GET', `${table}/Attributes?$select=LogicalName,MaxLength`))
    expect(columns).toContainEqual({ MetadataId: expect.any(String), LogicalName: 'exchangeonlinetenantid', MaxLength: 36 })
    const definition = record(await dataverse.send('GET', `${table}?$select=IsOptimisticConcurrencyEnabled&$expand=Keys`))
    expect(definition).toMatchObject({ IsOptimisticConcurrencyEnabled: true, Keys: [] })
  })

  test('the service document lists the entity sets', async () => {
    const sets = rows(await dataverse.send('GET', '')).map(({ name }) => name)
    expect(sets).toEqual(expect.arrayContaining(['emailserverprofiles', 'keyvaultreferences', 'managedidentities', 'mailboxes']))
  })

  test('$metadata is well-formed and describes the relationships', async () => {
    const answer = await dataverse.send('GET', '$metadata')
    expect(answer.headers['content-type']).toBe('application/xml')
    const schema = find(readXml(answer.text), 'DataServices', 'Schema')
    const table = schema?.children.find(({ attributes }) => attributes.Name === 'emailserverprofile')
    const attributes = table?.children.map((child) => child.attributes)
    expect(attributes).toContainEqual({ Name: 'keyvaultreferenceid', Type: 'mscrm.keyvaultreference', Nullable: 'true' })
    expect(attributes).toContainEqual({ Name: 'aadresourceid', Type: 'Edm.String', MaxLength: '1024', Unicode: 'true' })
  })

  test('an unknown entity set or table: 404', async () => {
    const set = await dataverse.send('GET', 'emailserverprofile')
    const table = await dataverse.send('GET', "EntityDefinitions(LogicalName='nothing')")
    expect([set.status, error(set)]).toEqual([
      404,
      { code: '0x8006088a', message: "Resource not found for the segment 'emailserverprofile'." },
    ])
    expect(table.status).toBe(404)
  })

  test('a key that is no GUID, and an alternate key, which these tables lack: 400', async () => {
    const malformed = await dataverse.send('GET', 'emailserverprofiles(42)')
    const alternate = await dataverse.send('GET', "emailserverprofiles(name='x')")
    const primary = await dataverse.send('GET', `emailserverprofiles(emailserverprofileid=${ids.profile})?$select=name`)
    expect([malformed.status, alternate.status, primary.status]).toEqual([400, 400, 200])
  })
})
