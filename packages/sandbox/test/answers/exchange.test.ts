import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox.ts'
import { type Answer, ask, bearer, mailTenant, principal, startSandbox } from '../support/sandbox.ts'

// What other clients ask of Exchange, with the source that shows how the service answers.

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

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

  const space = (name: string) => `<t:DistinguishedFolderId Id="${name}"/>`
  const subjects = (text: string) => [...text.matchAll(/<t:Subject>([^<]*)</g)].map(([, subject]) => subject)
  const idsIn = (text: string) => [...text.matchAll(/ItemId Id="([^"]+)"/g)].map(([, id]) => id ?? '')
  const draft = async (subject: string) =>
    idsIn(
      (
        await soap(
          `<m:CreateItem MessageDisposition="SaveOnly"><m:SavedItemFolderId>${space('notes')}</m:SavedItemFolderId><m:Items><t:Message><t:Subject>${subject}</t:Subject></t:Message></m:Items></m:CreateItem>`,
        )
      ).text,
    )[0] ?? ''
  const shape = '<m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape>'
  const find = (more: string, folder = 'notes') =>
    soap(`<m:FindItem Traversal="Shallow">${shape}${more}<m:ParentFolderIds>${space(folder)}</m:ParentFolderIds></m:FindItem>`)
  const sync = async (state: string, most = 512) =>
    soap(
      `<m:SyncFolderItems>${shape}<m:SyncFolderId>${space('notes')}</m:SyncFolderId>${state}<m:MaxChangesReturned>${most}</m:MaxChangesReturned></m:SyncFolderItems>`,
    )
  const stateOf = ({ text }: Answer) => /<m:SyncState>.*<\/m:SyncState>/.exec(text)?.[0] ?? ''
  const remove = (id: string, type: string) =>
    soap(`<m:DeleteItem DeleteType="${type}"><m:ItemIds><t:ItemId Id="${id}"/></m:ItemIds></m:DeleteItem>`)
  const update = (id: string, uri: string, value: string) =>
    soap(
      `<m:UpdateItem ConflictResolution="AutoResolve" MessageDisposition="SaveOnly"><m:ItemChanges><t:ItemChange><t:ItemId Id="${id}"/><t:Updates><t:SetItemField><t:FieldURI FieldURI="${uri}"/><t:Message>${value}</t:Message></t:SetItemField></t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`,
    )

  // https://learn.microsoft.com/exchange/client-developer/web-service-reference/restriction
  test('items that fit a restriction, in an order', async () => {
    for (const subject of ['apple pie', 'Pear', 'apple juice']) await draft(subject)
    const field = '<t:FieldURI FieldURI="item:Subject"/>'
    const contains = (mode: string, value: string, comparison = 'IgnoreCase') =>
      `<t:Contains ContainmentMode="${mode}" ContainmentComparison="${comparison}">${field}<t:Constant Value="${value}"/></t:Contains>`
    const compared = (name: string, uri: string, value: string) =>
      `<t:${name}><t:FieldURI FieldURI="${uri}"/><t:FieldURIOrConstant><t:Constant Value="${value}"/></t:FieldURIOrConstant></t:${name}>`
    const found = async (restriction: string, more = '') =>
      subjects((await find(`<m:Restriction>${restriction}</m:Restriction>${more}`)).text)
    const order = `<m:SortOrder><t:FieldOrder Order="Ascending">${field}</t:FieldOrder></m:SortOrder>`
    expect(await found(contains('Prefixed', 'APPLE'), order)).toEqual(['apple juice', 'apple pie'])
    expect(await found(contains('Substring', 'APPLE', 'Exact'))).toEqual([])
    expect(await found(`<t:And>${contains('Substring', 'apple')}<t:Not>${contains('Substring', 'pie')}</t:Not></t:And>`)).toEqual(
      ['apple juice'],
    )
    expect(await found(`<t:Or>${compared('IsEqualTo', 'item:Subject', 'pear')}${contains('Substring', 'pie')}</t:Or>`)).toEqual([
      'Pear',
      'apple pie',
    ])
    const [past, future] = ['2020-01-01T00:00:00Z', '2999-01-01T00:00:00Z'].map((at) =>
      compared('IsGreaterThanOrEqualTo', 'item:DateTimeReceived', at),
    )
    expect([(await found(past ?? '')).length, (await found(future ?? '')).length]).toEqual([3, 0])
    expect(await found(compared('IsEqualTo', 'message:IsRead', 'true'))).toEqual([])
    expect((await find(`<m:Restriction>${compared('IsEqualTo', 'item:Color', 'red')}</m:Restriction>`)).text).toContain(
      'ErrorUnsupportedPathForQuery',
    )
    expect((await find('<m:QueryString>apple</m:QueryString>')).text).toContain('ErrorUnsupportedQueryFilter')
  })

  // https://learn.microsoft.com/exchange/client-developer/web-service-reference/syncfolderitems-operation
  test('what was made, changed, read and deleted since', async () => {
    const [stays, goes] = [await draft('stays'), await draft('goes')]
    const begun = await sync('')
    expect(subjects(begun.text)).toEqual(expect.arrayContaining(['stays', 'goes']))
    expect((await update(stays, 'message:IsRead', '<t:IsRead>true</t:IsRead>')).text).toContain('NoError')
    const read = await sync(stateOf(begun))
    expect(read.text).toMatch(
      /<m:Changes><t:ReadFlagChange><t:ItemId [^>]*\/><t:IsRead>true<\/t:IsRead><\/t:ReadFlagChange><\/m:Changes>/,
    )
    await update(stays, 'item:Subject', '<t:Subject>stayed</t:Subject>')
    await remove(goes, 'HardDelete')
    const made = await draft('made')
    await remove(await draft('came and went'), 'SoftDelete')
    const next = await sync(stateOf(read), 2)
    expect(next.text).toMatch(/<t:Update>.*stayed.*<\/t:Update><t:Delete><t:ItemId/)
    expect(idsIn(next.text)).toEqual([stays, goes])
    const last = await sync(stateOf(next))
    expect([idsIn(last.text), last.text.includes('<t:Create>')]).toEqual([[made], true])
    expect((await sync(stateOf(last))).text).toContain('<m:Changes></m:Changes>')
  })

  // https://learn.microsoft.com/exchange/client-developer/web-service-reference/deleteitem-operation
  test('a deleted item is moved as requested, or removed', async () => {
    const [moved, gone] = [await draft('moved'), await draft('gone')]
    expect((await remove(moved, 'MoveToDeletedItems')).text).toContain('NoError')
    expect(subjects((await find('', 'deleteditems')).text)).toEqual(['moved'])
    await remove(gone, 'HardDelete')
    expect((await remove(gone, 'HardDelete')).text).toContain('ErrorItemNotFound')
    expect((await update(gone, 'item:Subject', '<t:Subject/>')).text).toContain('ErrorItemNotFound')
    expect((await remove(moved, 'Shred')).text).toContain('ErrorSchemaValidation')
    expect((await update(await draft('x'), 'item:Size', '<t:Size>1</t:Size>')).text).toContain('ErrorInvalidPropertySet')
  })

  // types.xsd: DistinguishedFolderIdNameType; an Exchange Server answers so for a mailbox without an archive
  test('refuses a missing folder and an invalid name', async () => {
    expect((await soap(get('archiveinbox', idOnly))).text).toContain('ErrorFolderNotFound')
    expect((await soap(get('nowhere', idOnly))).text).toContain('ErrorSchemaValidation')
  })

  test('folders a page at a time', async () => {
    const page = (offset: number) =>
      soap(
        `<m:FindFolder Traversal="Shallow"><m:FolderShape>${idOnly}</m:FolderShape><m:IndexedPageFolderView MaxEntriesReturned="2" Offset="${offset}" BasePoint="Beginning"/><m:ParentFolderIds>${space('msgfolderroot')}</m:ParentFolderIds></m:FindFolder>`,
      )
    const [first, second] = [(await page(0)).text, (await page(2)).text]
    expect(first).toContain('IndexedPagingOffset="2"')
    expect(first).toContain('IncludesLastItemInRange="false"')
    const ids = [first, second].flatMap((text) => [...text.matchAll(/FolderId Id="([^"]+)"/g)].map(([, id]) => id))
    expect(new Set(ids).size).toBe(4)
  })

  test('ignored elements are refused in strict mode, and logged otherwise', async () => {
    const message =
      '<t:Subject>strict</t:Subject><t:Importance>High</t:Importance><t:IsReadReceiptRequested>false</t:IsReadReceiptRequested>'
    const requests = [
      [
        'Importance',
        `<m:CreateItem MessageDisposition="SaveOnly"><m:Items><t:Message>${message}</t:Message></m:Items></m:CreateItem>`,
      ],
      [
        'FieldURI item:Categories',
        get('inbox', `${idOnly}<t:AdditionalProperties><t:FieldURI FieldURI="item:Categories"/></t:AdditionalProperties>`),
      ],
      [
        'Traversal SoftDeleted',
        `<m:FindItem Traversal="SoftDeleted">${shape}<m:ParentFolderIds>${space('inbox')}</m:ParentFolderIds></m:FindItem>`,
      ],
    ] as const
    for (const [name, body] of requests) expect((await soap(body)).text).toContain(`no notice of ${name} here`)
    sandbox.settings.strict = false
    for (const [name, body] of requests) {
      expect((await soap(body)).text).toContain('NoError')
      expect(sandbox.log.at(-1)).toMatchObject({ ignored: [name] })
    }
    sandbox.settings.strict = true
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

  test('serves what its tools read', async () => {
    const authorization = await bearer(sandbox, principal(sandbox, mailTenant), 'https://mail.contoso.com')
    const { status, text } = await ask(sandbox, 'https://mail.contoso.com/EWS/Services.wsdl', { headers: { authorization } })
    expect([status, text]).toEqual([200, expect.stringContaining('<wsdl:operation name="GetFolder">')])
  })
})
