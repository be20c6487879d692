import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { asClient, at, valuesOf } from '../clients/asClient.ts'
import { ownSandbox } from '../clients/ownSandbox.ts'
import { mailTenant } from '../support/sandbox.ts'

// https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations, and delete-data-bulk

const { sandbox, client } = ownSandbox({}, mailTenant)

const api = 'https://contoso.crm4.dynamics.com/api/data/v9.2'
const set = 'emailserverprofiles'
const type = { '@odata.type': 'Microsoft.Dynamics.CRM.emailserverprofile' }
const bulk = (action: string, targets: readonly object[]) =>
  client('POST', `${api}/${set}/Microsoft.Dynamics.CRM.${action}`, { Targets: targets })
const named = async (name: string) =>
  valuesOf(await client('GET', `${api}/${set}?$select=name&$filter=startswith(name,'${name}')&$orderby=name`)).map(
    (one) => one.name,
  )
const profile = (name: string, more: object = {}) => ({ ...type, name, servertype: 0, ...more })

describe('rows of one table at once', () => {
  test('made, changed, and whichever of the two', async () => {
    const { status, json } = await bulk('CreateMultiple', [profile('many 1'), profile('many 2')])
    const ids = Array.isArray(json.Ids) ? json.Ids : []
    expect([status, json['@odata.context'], ids.length]).toEqual([
      200,
      `${api}/$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse`,
      2,
    ])
    const changed = await bulk(
      'UpdateMultiple',
      ids.map((emailserverprofileid, index) => ({ ...type, emailserverprofileid, name: `many ${index + 3}` })),
    )
    expect([changed.status, await named('many')]).toEqual([204, ['many 3', 'many 4']])
    const upserted = [
      { ...type, emailserverprofileid: ids[0], name: 'many 5' },
      profile('many 6', { emailserverprofileid: randomUUID() }),
    ]
    expect([(await bulk('UpsertMultiple', upserted)).status, await named('many')]).toEqual([204, ['many 4', 'many 5', 'many 6']])
  })

  test('all of them, or none', async () => {
    const missing = { ...type, emailserverprofileid: randomUUID(), name: 'x' }
    for (const [action, targets] of [
      ['CreateMultiple', [profile('none 1'), profile('none 2', { servertype: 99 })]],
      ['UpsertMultiple', [profile('none 3'), { ...type, color: 'red' }]],
      ['CreateMultiple', [profile('none 4'), { name: 'none 5' }]],
      ['CreateMultiple', []],
    ] as const)
      expect([action, (await bulk(action, targets)).status]).toEqual([action, 400])
    const refused = await bulk('UpdateMultiple', [missing])
    expect([refused.status, at(refused.json, 'error', 'message')]).toEqual([
      404,
      `EmailServerProfile With Ids = ${missing.emailserverprofileid} Do Not Exist`,
    ])
    expect(await named('none')).toEqual([])
  })

  test('DeleteMultiple is for elastic tables, of which there are none; a reader writes nothing', async () => {
    const refused = await bulk('DeleteMultiple', [{ ...type, emailserverprofileid: randomUUID() }])
    expect(at(refused.json, 'error', 'message')).toBe('DeleteMultiple has not yet been implemented.')
    const reader = asClient(sandbox(), 'reader', mailTenant)
    const path = `${api}/${set}/Microsoft.Dynamics.CRM.CreateMultiple`
    expect((await reader('POST', path, { Targets: [profile('read')] })).status).toBe(403)
    expect((await client('GET', path)).status).toBe(405)
  })
})

describe('BulkDelete', () => {
  const job = (criteria: object | undefined, start: Date, more: object = {}) => ({
    QuerySet: [
      {
        '@odata.type': 'Microsoft.Dynamics.CRM.QueryExpression',
        EntityName: 'emailserverprofile',
        ColumnSet: { AllColumns: true },
        Distinct: false,
        ...(criteria && { Criteria: criteria }),
      },
    ],
    JobName: 'Delete profiles',
    SendEmailNotification: false,
    ToRecipients: [],
    CCRecipients: [],
    RecurrencePattern: '',
    StartDateTime: start.toISOString(),
    ...more,
  })
  const where = (name: string, operator: string) => ({
    FilterOperator: 'And',
    Conditions: [{ AttributeName: 'name', Operator: operator, Values: [{ Value: name, Type: 'System.String' }] }],
  })

  test('deletes what its query finds once it is due', async () => {
    await bulk('CreateMultiple', [profile('gone 1'), profile('gone 2'), profile('gone 3')])
    const now = await client('POST', `${api}/BulkDelete`, job(where('gone 1', 'Equal'), sandbox().now()))
    expect([now.status, now.json.JobId]).toEqual([200, expect.stringMatching(/^[0-9a-f-]{36}$/)])
    expect(await named('gone')).toEqual(['gone 2', 'gone 3'])
    await client('POST', `${api}/BulkDelete`, job(where('gone%', 'Like'), new Date(sandbox().now().getTime() + 60_000)))
    expect(await named('gone')).toHaveLength(2)
    sandbox().advance(60_000)
    expect(await named('gone')).toEqual([])
  })

  // https://learn.microsoft.com/power-apps/developer/data-platform/delete-data-bulk: the job, and how many rows it has deleted
  test('reports its progress', async () => {
    await bulk('CreateMultiple', [profile('told 1'), profile('told 2')])
    const { json } = await client(
      'POST',
      `${api}/BulkDelete`,
      job(where('told%', 'Like'), new Date(sandbox().now().getTime() + 60_000)),
    )
    const told = async () => ({
      job: (await client('GET', `${api}/asyncoperations(${json.JobId})?$select=name,operationtype,statecode,statuscode`)).json,
      deletion: valuesOf(
        await client(
          'GET',
          `${api}/bulkdeleteoperations?$select=successcount,failurecount&$filter=_asyncoperationid_value eq ${json.JobId}`,
        ),
      ),
    })
    expect(await told()).toMatchObject({
      job: { name: 'Delete profiles', operationtype: 13, statecode: 1, statuscode: 10 },
      deletion: [{ successcount: 0, failurecount: 0 }],
    })
    sandbox().advance(60_000)
    expect(await told()).toMatchObject({ job: { statecode: 3, statuscode: 30 }, deletion: [{ successcount: 2 }] })
    expect((await client('DELETE', `${api}/asyncoperations(${json.JobId})`)).status).toBeGreaterThanOrEqual(400)
  })

  test('needs its privilege, and what it says has to be right', async () => {
    const reader = asClient(sandbox(), 'reader', mailTenant)
    const refused = await reader('POST', `${api}/BulkDelete`, job(undefined, sandbox().now()))
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('prvBulkDelete')])
    for (const wrong of [
      job(where('x', 'Between'), sandbox().now()),
      job(undefined, sandbox().now(), { RecurrencePattern: 'FREQ=DAILY' }),
      job(undefined, sandbox().now(), { SendEmailNotification: true }),
      { ...job(undefined, sandbox().now()), QuerySet: [{ EntityName: 'account' }] },
      { ...job(undefined, sandbox().now()), QuerySet: [{ EntityName: 'systemuser' }] },
    ])
      expect((await client('POST', `${api}/BulkDelete`, wrong)).status).toBeGreaterThanOrEqual(400)
  })
})

// https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-update-optionsets
describe('option sets that tables share', () => {
  const definitions = `${api}/GlobalOptionSetDefinitions`
  test('are listed, and read by their name and their id', async () => {
    const listed = valuesOf(await client('GET', `${definitions}?$select=Name`))
    expect(listed.map(({ Name }) => Name)).toContain('componentstate')
    const { json } = await client('GET', `${definitions}(Name='componentstate')/Microsoft.Dynamics.CRM.OptionSetMetadata`)
    expect(json).toMatchObject({
      Name: 'componentstate',
      IsGlobal: true,
      OptionSetType: 'Picklist',
      Options: { 0: { Value: 0 } },
    })
    expect((await client('GET', `${definitions}(${json.MetadataId})?$select=Name`)).json.Name).toBe('componentstate')
    expect((await client('GET', `${definitions}(Name='color')`)).status).toBe(404)
    expect((await client('GET', `${definitions}?$filter=Name eq 'x'`)).status).toBe(400)
  })

  test('stand in the attributes that have them', async () => {
    const attributes = `${api}/EntityDefinitions(LogicalName='keyvaultreference')/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata`
    const found = valuesOf(
      await client('GET', `${attributes}?$select=LogicalName&$expand=OptionSet($select=Name),GlobalOptionSet`),
    )
    const of = (name: string) => found.find(({ LogicalName }) => LogicalName === name)
    expect(at(of('componentstate'), 'GlobalOptionSet', 'Name')).toBe('componentstate')
    expect([at(of('keytype'), 'GlobalOptionSet'), at(of('keytype'), 'OptionSet', 'IsGlobal')]).toEqual([null, false])
  })
})
