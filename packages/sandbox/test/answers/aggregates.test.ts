import { beforeAll, describe, expect, test } from 'vitest'
import { valuesOf } from '../clients/asClient.ts'
import { ownSandbox } from '../clients/ownSandbox.ts'
import { mailTenant } from '../support/sandbox.ts'

// https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/aggregate-data, and fetchxml/aggregate-data

const { sandbox, client } = ownSandbox({}, mailTenant)
beforeAll(async () => {
  for (const [name, servertype, retries] of [
    ['one', 0, 2],
    ['two', 0, 4],
    ['three', 2, 6],
  ] as const) {
    const body = { name, servertype, maxconcurrentconnections: retries, exchangeversion: 5 }
    const made = await client('POST', `${api}/emailserverprofiles`, body)
    if (made.status !== 204) throw new Error(made.text)
  }
})

const api = 'https://contoso.crm4.dynamics.com/api/data/v9.2'
const formatted = { prefer: 'odata.include-annotations="OData.Community.Display.V1.FormattedValue"' }
const apply = (text: string, set = 'emailserverprofiles', headers = {}) =>
  client('GET', `${api}/${set}?$apply=${encodeURIComponent(text)}`, undefined, headers)
const byServer = (rows: readonly Record<string, unknown>[]) =>
  rows.toSorted((a, b) => Number(a.servertype) - Number(b.servertype))

describe('$apply', () => {
  test('values that there are', async () => {
    const { json } = await apply('groupby((servertype))')
    expect(json['@odata.context']).toBe(`${api}/$metadata#emailserverprofiles`)
    expect(byServer(valuesOf(await apply('groupby((servertype))')))).toEqual([{ servertype: 0 }, { servertype: 2 }])
  })

  test('rows and numbers, by group, with their labels', async () => {
    const found = await apply(
      'groupby((servertype),aggregate($count as count,maxconcurrentconnections with sum as total))',
      undefined,
      formatted,
    )
    const label = (name: string) => `${name}@OData.Community.Display.V1.FormattedValue`
    expect(byServer(valuesOf(found))).toEqual([
      {
        [label('servertype')]: 'Exchange Server',
        servertype: 0,
        [label('count')]: '2',
        count: 2,
        [label('total')]: '6',
        total: 6,
      },
      {
        [label('servertype')]: 'Exchange Server (Hybrid)',
        servertype: 2,
        [label('count')]: '1',
        count: 1,
        [label('total')]: '6',
        total: 6,
      },
    ])
  })

  test('all rows, or those that a filter leaves', async () => {
    const all = 'aggregate(maxconcurrentconnections with average as mean,createdon with max as last)'
    const [found] = valuesOf(await apply(all))
    expect(found).toEqual({ mean: 4, last: expect.stringMatching(/^\d{4}-.*Z$/) })
    const filtered = await apply("filter(name ne 'one' and contains(name,'o'))/aggregate($count as n)")
    expect(valuesOf(filtered)).toEqual([{ n: 1 }])
    expect(
      valuesOf(await apply("filter(name eq 'none')/aggregate($count as n,maxconcurrentconnections with sum as total)")),
    ).toEqual([{ n: 0 }])
  })

  test('a column of the row to which a lookup points is named by its table', async () => {
    const plain = await apply('groupby((regardingobjectid_systemuser/fullname),aggregate($count as n))', 'mailboxes')
    expect(valuesOf(plain)).toContainEqual({ systemuser_fullname: 'sales', n: 1 })
  })

  test('refuses what it does not support', async () => {
    for (const text of [
      'groupby((createdon))',
      'groupby((color))',
      'aggregate(name with sum as x)',
      'aggregate(servertype with countdistinct as x)',
      'compute(1)',
      'groupby(servertype)',
    ])
      expect([text, (await apply(text)).status]).toEqual([text, 400])
    const ordered = await client('GET', `${api}/emailserverprofiles?$apply=aggregate($count as n)&$orderby=n`)
    expect([ordered.status, ordered.text]).toEqual([400, expect.stringContaining('SingleValueOpenPropertyAccess')])
    expect((await client('GET', `${api}/emailserverprofiles?$apply=aggregate($count as n)&$top=1`)).status).toBe(400)
  })
})

describe('FetchXML', () => {
  const fetch = (xml: string, set = 'emailserverprofiles') => client('GET', `${api}/${set}?fetchXml=${encodeURIComponent(xml)}`)
  const whole = (content: string, attributes = "aggregate='true'") =>
    fetch(`<fetch ${attributes}><entity name='emailserverprofile'>${content}</entity></fetch>`)
  const number = (alias: string, method: string, more = '') =>
    `<attribute name='maxconcurrentconnections' alias='${alias}' aggregate='${method}' ${more}/>`

  test('sums, by group, in order', async () => {
    const grouped = `${number('Total', 'sum')}${number('Rows', 'count')}<attribute name='servertype' alias='Server' groupby='true'/><order alias='Total'/><order alias='Server' descending='true'/>`
    expect(valuesOf(await whole(grouped))).toEqual([
      { Server: 2, Total: 6, Rows: 1 },
      { Server: 0, Total: 6, Rows: 2 },
    ])
    const all = ['avg', 'min', 'max', 'countcolumn'].map((method) => number(method, method)).join('')
    expect(valuesOf(await whole(all))).toEqual([{ avg: 4, min: 2, max: 6, countcolumn: 3 }])
    const names = "<attribute name='servertype' alias='n' aggregate='countcolumn' distinct='true'/>"
    expect(valuesOf(await whole(names))).toEqual([{ n: 2 }])
  })

  test('by part of a date; of what a filter leaves; up to a limit', async () => {
    const year = "<attribute name='createdon' alias='Year' groupby='true' dategrouping='year'/>"
    expect(valuesOf(await whole(`${number('n', 'count')}${year}`))).toEqual([{ Year: sandbox().now().getUTCFullYear(), n: 3 }])
    const filter = "<filter><condition attribute='name' operator='eq' value='one'/></filter>"
    expect(valuesOf(await whole(`${number('n', 'count')}${filter}`))).toEqual([{ n: 1 }])
    const limited = await whole(number('n', 'count'), "aggregate='true' aggregatelimit='2'")
    expect([limited.status, limited.text]).toEqual([400, expect.stringContaining('AggregateQueryRecordLimit exceeded')])
  })

  test('links within links, and rows that do not differ', async () => {
    const user =
      "<link-entity name='systemuser' from='systemuserid' to='regardingobjectid' alias='person'><attribute name='fullname'/>"
    const unit =
      "<link-entity name='businessunit' from='businessunitid' to='businessunitid' alias='unit'><attribute name='name'/></link-entity>"
    const xml = `<fetch distinct='true'><entity name='mailbox'><attribute name='emailaddress'/>${user}${unit}</link-entity></entity></fetch>`
    expect(valuesOf(await fetch(xml, 'mailboxes'))).toContainEqual(
      expect.objectContaining({ emailaddress: 'sales@contoso.com', 'person.fullname': 'sales', 'unit.name': 'contoso' }),
    )
    const same = "<fetch distinct='true'><entity name='emailserverprofile'><attribute name='servertype'/></entity></fetch>"
    expect(valuesOf(await fetch(same))).toHaveLength(2)
  })

  // https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/aggregate-data#grouping
  test('groups and sums of linked tables', async () => {
    const user = (content: string, type = 'inner') =>
      `<link-entity name='systemuser' from='systemuserid' to='regardingobjectid' alias='person' link-type='${type}'>${content}</link-entity>`
    const unit =
      "<link-entity name='businessunit' from='businessunitid' to='businessunitid' alias='unit'><attribute name='name' alias='Unit' groupby='true'/></link-entity>"
    const mailboxes = (content: string) =>
      fetch(`<fetch aggregate='true'><entity name='mailbox'>${content}</entity></fetch>`, 'mailboxes')
    const rows = "<attribute name='mailboxid' alias='Rows' aggregate='count'/>"
    const name = "<attribute name='fullname' alias='Person' groupby='true'/>"
    expect(valuesOf(await mailboxes(`${rows}${user(name)}`))).toContainEqual({ Person: 'sales', Rows: 1 })
    const named = "<attribute name='fullname' alias='Named' aggregate='countcolumn'/>"
    const [inUnit] = valuesOf(await mailboxes(`${user(`${named}${unit}`)}<order alias='Named' descending='true'/>`))
    expect(inUnit).toMatchObject({ Unit: 'contoso', Named: expect.any(Number) })
    for (const wrong of [
      "<attribute name='fullname'/>",
      "<attribute name='nothing' alias='x' groupby='true'/>",
      '<all-attributes/>',
    ])
      expect([wrong, (await mailboxes(`${rows}${user(wrong)}`)).status]).toEqual([wrong, 400])
  })

  test('refuses what it does not support', async () => {
    for (const content of [
      "<attribute name='servertype' aggregate='count'/>",
      "<attribute name='name' alias='x' aggregate='sum'/>",
      "<attribute name='createdon' alias='x' groupby='true' dategrouping='fiscal-year'/>",
      '<all-attributes/>',
      `${number('n', 'count')}<order attribute='name'/>`,
    ])
      expect([content, (await whole(content)).status]).toEqual([content, 400])
  })
})
