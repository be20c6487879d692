import { describe, expect, test } from 'vitest'
import { at, valuesOf } from '../clients/asClient.ts'
import { ownSandbox } from '../clients/ownSandbox.ts'
import { type Answer, mailTenant } from '../support/sandbox.ts'

// What other clients ask of Dataverse, with the source that shows how the service answers.

const { client } = ownSandbox({}, mailTenant)

const api = 'https://contoso.crm4.dynamics.com/api/data/v9.2'

describe('Dataverse', () => {
  // power-platform, resource data_record: it reads the lookups of a table so
  test('the relationships of a table from each side', async () => {
    const expand = 'OneToManyRelationships,ManyToManyRelationships,ManyToOneRelationships'
    const { status, json } = await client('GET', `${api}/EntityDefinitions(LogicalName='keyvaultreference')?$expand=${expand}`)
    expect([status, json.ManyToManyRelationships]).toEqual([200, []])
    expect(json.OneToManyRelationships).toContainEqual(expect.objectContaining({ ReferencingEntity: 'emailserverprofile' }))
    expect(json.ManyToOneRelationships).toContainEqual(expect.objectContaining({ ReferencedEntity: 'managedidentity' }))
  })

  // https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api
  test('a filter of the definitions is applied', async () => {
    const filtered = await client('GET', `${api}/EntityDefinitions?$filter=LogicalName eq 'mailbox'&$select=LogicalName`)
    expect(valuesOf(filtered)).toEqual([{ MetadataId: expect.stringMatching(/^[0-9a-f-]{36}$/), LogicalName: 'mailbox' }])
    const attributes = await client(
      'GET',
      `${api}/EntityDefinitions(LogicalName='mailbox')/Attributes?$filter=IsPrimaryId eq true`,
    )
    expect(valuesOf(attributes).map(({ LogicalName }) => LogicalName)).toEqual(['mailboxid'])
    expect((await client('GET', `${api}/EntityDefinitions?$filter=contains(LogicalName,'m')`)).status).toBe(400)
  })

  // https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/retrieve-data
  test('a query in FetchXML is applied', async () => {
    const fetch = (xml: string): Promise<Answer> => client('GET', `${api}/mailboxes?fetchXml=${encodeURIComponent(xml)}`)
    const entity = (conditions: string) =>
      `<fetch><entity name="mailbox"><attribute name="emailaddress"/>${conditions}</entity></fetch>`
    const all = valuesOf(await fetch(entity('')))
    const some = valuesOf(
      await fetch(entity('<filter><condition attribute="emailaddress" operator="like" value="sales@%"/></filter>')),
    )
    expect([all.length > some.length || all.length === 1, some.map(({ emailaddress }) => emailaddress)]).toEqual([
      true,
      ['sales@contoso.com'],
    ])
    const none = entity('<filter type="and"><condition attribute="emailaddress" operator="null"/></filter>')
    expect(valuesOf(await fetch(none))).toEqual([])
    for (const wrong of [
      entity('<link-entity name="systemuser"/>'),
      entity('<filter><condition attribute="color" operator="eq" value="red"/></filter>'),
      '<fetch>',
    ])
      expect((await fetch(wrong)).status).toBe(400)
  })

  // https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/join-tables
  test('FetchXML brings rows of other tables along', async () => {
    const fetch = (type: string, within: string): Promise<Answer> => {
      const link = `<link-entity name="systemuser" from="systemuserid" to="regardingobjectid" link-type="${type}" alias="person">${within}</link-entity>`
      const xml = `<fetch><entity name="mailbox"><attribute name="emailaddress"/>${link}</entity></fetch>`
      return client('GET', `${api}/mailboxes?fetchXml=${encodeURIComponent(xml)}`)
    }
    const name = '<attribute name="domainname"/>'
    const sales = '<filter><condition attribute="domainname" operator="begins-with" value="sales@"/></filter>'
    const some = valuesOf(await fetch('inner', `${name}${sales}`))
    expect(some.map((one) => [one.emailaddress, one['person.domainname']])).toEqual([['sales@contoso.com', 'sales@contoso.com']])
    const all = valuesOf(await fetch('outer', `${name}${sales}`))
    expect([all.length > 1, all.filter((one) => 'person.domainname' in one).length]).toEqual([true, 1])
    expect((await fetch('inner', '<attribute name="colour"/>')).status).toBe(400)
    expect((await fetch('natural', name)).status).toBe(400)
  })

  // power-platform reads choices so, and dynamics-web-api's retrieveAttribute with a type
  test('the options of a choice, and of a yes or no', async () => {
    const table = `${api}/EntityDefinitions(LogicalName='emailserverprofile')`
    const attribute = `${table}/Attributes(LogicalName='servertype')`
    const path = `${attribute}/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet`
    const { json } = await client('GET', path)
    expect(at(json, 'OptionSet', 'Options', '0')).toMatchObject({
      Value: 0,
      Label: { UserLocalizedLabel: { Label: 'Exchange Server' } },
    })
    const choices = valuesOf(
      await client('GET', `${table}/Attributes/Microsoft.Dynamics.CRM.BooleanAttributeMetadata?$expand=OptionSet`),
    )
    expect(new Set(choices.map((one) => one.AttributeType))).toEqual(new Set(['Boolean']))
    expect(at(choices[0], 'OptionSet', 'TrueOption', 'Value')).toBe(1)
    expect((await client('GET', `${attribute}?$expand=OptionSet`)).status).toBe(400)
    expect((await client('GET', `${attribute}/Microsoft.Dynamics.CRM.StringAttributeMetadata`)).status).toBe(404)
  })

  // https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/retrieveversion
  test('its version', async () => {
    expect((await client('GET', `${api}/RetrieveVersion()`)).json.Version).toMatch(/^9\.2\.\d+\.\d+$/)
  })
})
