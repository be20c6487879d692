import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox.ts'
import { type AsClient, asClient, at, valuesOf } from '../clients/asClient.ts'
import { type Answer, ask, bearer, mailTenant, principal, startSandbox } from '../support/sandbox.ts'

// What other clients ask of Dataverse and of Exchange, with the source that shows how the service answers.

let sandbox: Sandbox
let client: AsClient
beforeAll(async () => {
  sandbox = await startSandbox()
  client = asClient(sandbox, 'owner', mailTenant)
})
afterAll(() => sandbox.close())

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

describe('Exchange', () => {
  const ews = 'https://mail.contoso.com/EWS/Exchange.asmx'
  const soap = async (body: string, version = 'Exchange2016'): Promise<Answer> => {
    // The caller is an application with full_access_as_app, as consent gives it.
    const tenant = sandbox.world.directory.tenants[mailTenant]
    const exchange = Object.values(tenant?.servicePrincipals ?? {}).find(
      ({ displayName }) => displayName === 'Office 365 Exchange Online',
    )
    const mine = Object.values(tenant?.servicePrincipals ?? {}).find(
      ({ appId }) => appId === principal(sandbox, mailTenant).clientId,
    )
    const role = exchange?.appRoles.find(({ value }) => value === 'full_access_as_app')
    if (tenant && exchange && mine && role) {
      const grant = {
        id: 'g',
        appRoleId: role.id,
        createdDateTime: '2026-01-01T00:00:00Z',
        principalId: mine.id,
        resourceId: exchange.id,
      }
      tenant.appRoleAssignments.g = grant
    }
    const authorization = await bearer(sandbox, principal(sandbox, mailTenant), 'https://mail.contoso.com')
    const spaces =
      'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"'
    const impersonation =
      '<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>svc-d365@contoso.com</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>'
    const envelope = `<s:Envelope ${spaces}><s:Header><t:RequestServerVersion Version="${version}"/>${impersonation}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
    return ask(sandbox, ews, {
      method: 'POST',
      headers: { authorization, 'content-type': 'text/xml', 'X-AnchorMailbox': 'svc-d365@contoso.com' },
      body: envelope,
    })
  }
  const get = (id: string, shape: string): string =>
    `<m:GetFolder><m:FolderShape>${shape}</m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="${id}"/></m:FolderIds></m:GetFolder>`
  const idOnly = '<t:BaseShape>IdOnly</t:BaseShape>'

  // types.xsd: FolderResponseShapeType has AdditionalProperties, whatever its base
  test('properties that are asked for besides the id', async () => {
    const more = `${idOnly}<t:AdditionalProperties><t:FieldURI FieldURI="folder:DisplayName"/></t:AdditionalProperties>`
    const { text } = await soap(get('inbox', more))
    expect(text).toContain('<t:DisplayName>Inbox</t:DisplayName>')
    expect(text).not.toContain('TotalCount')
    expect((await soap(get('inbox', idOnly))).text).not.toContain('DisplayName')
  })

  // types.xsd: DistinguishedFolderIdNameType, ExchangeVersionType
  test.each(['recoverableitemsroot', 'conversationhistory', 'syncissues', 'mycontacts'])('the folder %s', async (id) => {
    expect((await soap(get(id, idOnly))).text).toContain('ResponseClass="Success"')
  })

  test.each(['Exchange2013_SP1', 'Exchange2015', 'Exchange2016'])('the version %s', async (version) => {
    expect((await soap(get('inbox', idOnly), version)).status).toBe(200)
  })

  test('folders below a folder, and names', async () => {
    const find = `<m:FindFolder Traversal="Shallow"><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:ParentFolderIds><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderIds></m:FindFolder>`
    expect((await soap(find)).text).toContain('<t:DisplayName>Sent Items</t:DisplayName>')
    const resolve = (entry: string) =>
      `<m:ResolveNames ReturnFullContactData="false"><m:UnresolvedEntry>${entry}</m:UnresolvedEntry></m:ResolveNames>`
    expect((await soap(resolve('svc-d365'))).text).toContain('<t:EmailAddress>svc-d365@contoso.com</t:EmailAddress>')
    expect((await soap(resolve('nobody'))).text).toContain('ErrorNameResolutionNoResults')
  })

  // https://learn.microsoft.com/exchange/client-developer/exchange-web-services/email-and-ews-in-exchange
  test('messages: kept, sent, found, read and synchronized', async () => {
    const folder = (name: string) => `<t:DistinguishedFolderId Id="${name}"/>`
    const create = (disposition: string, message: string) =>
      soap(
        `<m:CreateItem MessageDisposition="${disposition}"><m:Items><t:Message>${message}</t:Message></m:Items></m:CreateItem>`,
      )
    const to = '<t:ToRecipients><t:Mailbox><t:EmailAddress>svc-d365@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>'
    const id = /ItemId Id="([^"]+)"/.exec((await create('SaveOnly', '<t:Subject>A &amp; B</t:Subject>')).text)?.[1]
    expect((await create('SendAndSaveCopy', '<t:Subject>nobody</t:Subject>')).text).toContain('ErrorInvalidRecipients')
    for (const subject of ['first', 'second'])
      expect(
        (await create('SendAndSaveCopy', `<t:Subject>${subject}</t:Subject><t:Body BodyType="Text">x</t:Body>${to}`)).text,
      ).toContain('NoError')
    const whole = '<t:BaseShape>Default</t:BaseShape>'
    expect((await soap(get('inbox', whole))).text).toMatch(/<t:TotalCount>2<.*<t:UnreadCount>2</)
    const shape = '<m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape>'
    const found = await soap(
      `<m:FindItem Traversal="Shallow">${shape}<m:IndexedPageItemView MaxEntriesReturned="1" Offset="0" BasePoint="Beginning"/><m:ParentFolderIds>${folder('inbox')}</m:ParentFolderIds></m:FindItem>`,
    )
    expect(found.text).toMatch(/TotalItemsInView="2" IncludesLastItemInRange="false".*<t:Subject>second<\/t:Subject>/)
    const read = await soap(`<m:GetItem>${shape}<m:ItemIds><t:ItemId Id="${id}"/><t:ItemId Id="none"/></m:ItemIds></m:GetItem>`)
    expect(read.text).toMatch(/<t:Subject>A &amp; B<\/t:Subject>.*ErrorItemNotFound/)
    const sync = async (state: string, most = 1) =>
      soap(
        `<m:SyncFolderItems>${shape}<m:SyncFolderId>${folder('inbox')}</m:SyncFolderId>${state}<m:MaxChangesReturned>${most}</m:MaxChangesReturned></m:SyncFolderItems>`,
      )
    const begun = /<m:SyncState>.*<\/m:SyncState>/.exec((await sync('')).text)?.[0] ?? ''
    const rest = (await sync(begun, 512)).text
    expect([rest.includes('second'), rest.includes('first')]).toEqual([true, false])
    expect((await sync('<m:SyncState>x</m:SyncState>')).text).toContain('ErrorInvalidSyncStateData')
  })

  test('several servers behind one name', async () => {
    const [server] = sandbox.world.exchange.servers
    if (server === undefined) throw new Error('There is no server.')
    server.otherBuilds = ['15.1.2507.61']
    const builds = new Set<string | undefined>()
    for (let asked = 0; asked < 20; asked += 1)
      builds.add(/MinorVersion="\d+" MajorBuildNumber="\d+"/.exec((await soap(get('inbox', idOnly))).text)?.[0])
    expect([...builds].sort()).toEqual(['MinorVersion="1" MajorBuildNumber="2507"', 'MinorVersion="2" MajorBuildNumber="2562"'])
    delete server.otherBuilds
  })

  test('what its tools read', async () => {
    const authorization = await bearer(sandbox, principal(sandbox, mailTenant), 'https://mail.contoso.com')
    const { status, text } = await ask(sandbox, 'https://mail.contoso.com/EWS/Services.wsdl', { headers: { authorization } })
    expect([status, text]).toEqual([200, expect.stringContaining('<wsdl:operation name="GetFolder">')])
  })
})
