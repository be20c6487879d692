import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ExchangeServer } from '../../src/exchange/state.ts'
import { error, exchangeTenant, record, rows, vaultTenant } from '../fixedAzure.ts'
import { applicationOf, ids, mailboxOf, makeWhole, only } from '../wholeWorld.ts'
import { type Client, client, paths, putProfile } from './client.ts'

let dataverse: Client
let mailbox: string
beforeEach(async () => {
  dataverse = await client()
  makeWhole(dataverse.azure)
  await putProfile(dataverse)
  mailbox = `mailboxes(${mailboxOf(dataverse.azure, 'anna@contoso.com').id})`
})
afterEach(() => dataverse.close())

const onServer = {
  'emailserverprofile@odata.bind': `/${paths.profile}`,
  incomingemaildeliverymethod: 2,
  outgoingemaildeliverymethod: 2,
  actdeliverymethod: 1,
  emailrouteraccessapproval: 1,
}

/** Puts the mailbox on the profile, tests and enables it, and waits for the end by the sandbox's clock. */
async function testAndEnable(changes: object = {}): Promise<Record<string, unknown>> {
  await dataverse.send('PATCH', mailbox, { body: { ...onServer, ...changes, testemailconfigurationscheduled: true } })
  dataverse.azure.advance(5000)
  return record(await dataverse.send('GET', mailbox))
}

const alerts = async (): Promise<readonly Record<string, unknown>[]> =>
  rows(await dataverse.send('GET', 'tracelogs?$select=level,text&$expand=regardingobjectid_mailbox($select=emailaddress)'))

test('takes time, then reports the results', async () => {
  await dataverse.send('PATCH', mailbox, { body: { ...onServer, testemailconfigurationscheduled: true } })
  const waiting = record(await dataverse.send('GET', mailbox))
  expect(waiting).toMatchObject({
    testemailconfigurationscheduled: true,
    incomingemailstatus: 0,
    testmailboxaccesscompletedon: null,
  })
  dataverse.azure.advance(5000)
  expect(record(await dataverse.send('GET', mailbox))).toMatchObject({
    testemailconfigurationscheduled: false,
    testmailboxaccesscompletedon: '2026-03-01T10:00:02Z',
    incomingemailstatus: 1,
    outgoingemailstatus: 1,
    actstatus: 1,
    mailboxstatus: 1,
    enabledforincomingemail: true,
    enabledforoutgoingemail: true,
    enabledforact: true,
  })
  expect(only(await alerts())).toMatchObject({ level: 1, regardingobjectid_mailbox: { emailaddress: 'anna@contoso.com' } })
})

test('tests only what is synchronized on the server', async () => {
  const row = await testAndEnable({ outgoingemaildeliverymethod: 0, actdeliverymethod: 2 })
  expect(row).toMatchObject({ incomingemailstatus: 1, outgoingemailstatus: 0, actstatus: 0, enabledforact: false })
})

describe('fails, disables the mailbox, and says why on the alerts wall', () => {
  const server = (): ExchangeServer => only(dataverse.azure.world.exchange.servers)
  const application = (tenantId: string) => applicationOf(dataverse.azure, tenantId)
  const cases: readonly [string, () => unknown, RegExp][] = [
    [
      'a secret that is none',
      () => dataverse.send('PATCH', paths.identity, { body: { clientsecret: 'other' } }),
      /is none of its secrets/,
    ],
    ['a secret that has expired', () => dataverse.azure.advance(181 * 86_400_000), /application .* has expired/],
    [
      'a vault that the application may not read',
      () => only(dataverse.azure.world.resources.vaults).guards.push({ at: '', rbac: true, accessPolicies: [] }),
      /may not get secrets and certificates/,
    ],
    [
      'a certificate that is not trusted',
      () => application(exchangeTenant).keyCredentials.splice(0),
      /is none of the credentials/,
    ],
    [
      'no consent',
      () => Reflect.deleteProperty(dataverse.azure.world.directory.tenants[exchangeTenant]?.appRoleAssignments ?? {}, 'consent'),
      /full_access_as_app/,
    ],
    ['another tenant in Exchange', () => Object.assign(server(), { trustedTenantId: vaultTenant }), /does not trust the tenant/],
    ['OAuth that is off', () => Object.assign(server(), { oauthEnabled: false }), /OAuth is off/],
    ['TLS that ends too early', () => Object.assign(server(), { sslOffload: true }), /audience/],
    ['EWS that is off', () => Object.assign(server(), { ewsEnabled: false }), /Forbidden/],
    ['a mailbox that Exchange does not know', () => Object.assign(server(), { mailboxes: [] }), /has no mailbox associated/],
    ['a mailbox out of scope', () => server().outOfScope.push('anna@contoso.com'), /permission to impersonate/],
    [
      'another address of EWS',
      () => dataverse.send('PATCH', paths.profile, { body: { incomingserverlocation: 'https://mail.contoso.com/owa' } }),
      /is not an address of EWS/,
    ],
    [
      'a host that is none',
      () =>
        dataverse.send('PATCH', paths.profile, { body: { incomingserverlocation: 'https://no.contoso.com/EWS/Exchange.asmx' } }),
      /HostNotFound/,
    ],
    ['rows that are gone', () => dataverse.send('DELETE', paths.reference), /no key vault reference/],
    [
      'a tenant that does not have the application',
      () => dataverse.send('PATCH', paths.profile, { body: { exchangeonlinetenantid: vaultTenant } }),
      /does not exist in the tenant/,
    ],
  ]
  test.each(cases)('%s', async (_name, spoil, reason) => {
    await spoil()
    const row = await testAndEnable()
    expect(row).toMatchObject({ incomingemailstatus: 2, mailboxstatus: 2, enabledforincomingemail: false })
    expect(only(await alerts())).toMatchObject({ level: 3, text: expect.stringMatching(reason) })
  })

  test('an address that is not approved', async () => {
    const row = await testAndEnable({ emailrouteraccessapproval: 0 })
    expect(row).toMatchObject({ incomingemailstatus: 2, lastsyncerror: expect.stringContaining('is not approved') })
  })

  test('unless the organisation asks for no approval', async () => {
    const [organization] = rows(await dataverse.send('GET', 'organizations'))
    await dataverse.send('PATCH', `organizations(${String(organization?.organizationid)})`, {
      body: { requireapprovalforuseremail: false },
    })
    expect(await testAndEnable({ emailrouteraccessapproval: 0 })).toMatchObject({ incomingemailstatus: 1 })
  })
})

describe('whichever way the rows are linked', () => {
  test('the identity on the reference alone', async () => {
    await dataverse.send('DELETE', `${paths.profile}/managedidentityid/$ref`)
    expect(await testAndEnable()).toMatchObject({ incomingemailstatus: 1 })
  })

  test('the identity on the profile alone', async () => {
    await dataverse.send('DELETE', `${paths.reference}/managedidentityid/$ref`)
    expect(await testAndEnable()).toMatchObject({ incomingemailstatus: 1 })
  })

  test('an identity for the Exchange application, whose credential lies in the vault', async () => {
    const { oauthclientid } = record(await dataverse.send('GET', paths.profile))
    const made = await dataverse.send('POST', 'managedidentities', {
      body: {
        name: 'hma-app',
        applicationid: oauthclientid,
        credentialsource: 1,
        'keyvaultreferenceid@odata.bind': `/${paths.reference}`,
      },
    })
    await dataverse.send('PATCH', paths.profile, {
      body: {
        'managedidentityid@odata.bind': made.headers['odata-entityid'],
        'keyvaultreferenceid@odata.bind': null,
        oauthclientid: null,
      },
    })
    expect(await testAndEnable()).toMatchObject({ incomingemailstatus: 1 })
  })
})

test('a profile that is deleted leaves its mailboxes without one', async () => {
  await testAndEnable()
  await dataverse.send('DELETE', paths.profile)
  expect(record(await dataverse.send('GET', mailbox))._emailserverprofile_value).toBeNull()
  expect(ids.profile in only(dataverse.azure.world.dataverse.organizations).tables.emailserverprofile).toBe(false)
})

describe('a mailbox that works', () => {
  test('is disabled at once when Exchange answers with 401, and stays so until it is tested again', async () => {
    await testAndEnable()
    const server = only(dataverse.azure.world.exchange.servers)
    server.trustedTenantId = vaultTenant
    expect(record(await dataverse.send('GET', mailbox))).toMatchObject({
      ...{ enabledforincomingemail: false, incomingemailstatus: 2, mailboxstatus: 2 },
      lastsyncerror: expect.stringContaining('401 Unauthorized'),
    })
    server.trustedTenantId = exchangeTenant
    expect(record(await dataverse.send('GET', mailbox))).toMatchObject({ enabledforincomingemail: false })
    expect(await alerts()).toHaveLength(2)
    expect(await testAndEnable()).toMatchObject({ enabledforincomingemail: true, incomingemailstatus: 1 })
  })

  test('continues if one mailbox is refused for another reason', async () => {
    await testAndEnable()
    only(dataverse.azure.world.exchange.servers).outOfScope.push('anna@contoso.com')
    expect(record(await dataverse.send('GET', mailbox))).toMatchObject({ enabledforincomingemail: true })
  })
})

describe('to approve an address', () => {
  const role = (privileges: readonly string[]): void => {
    const { roles } = only(dataverse.azure.world.dataverse.organizations)
    for (const user of Object.keys(roles)) roles[user] = privileges
  }
  const rights = ['prvReadMailbox', 'prvWriteMailbox', 'prvReadUser', 'prvCreateMailbox']
  const approve = () => dataverse.send('PATCH', mailbox, { body: { emailrouteraccessapproval: 1 } })

  test('requires a privilege in addition to writing the mailbox', async () => {
    role(rights)
    const answer = await approve()
    expect([answer.status, error(answer).message]).toEqual([403, expect.stringContaining('prvApproveRejectEmailAddress')])
    const put = { body: { value: 1 } }
    expect((await dataverse.send('PUT', `${mailbox}/emailrouteraccessapproval`, put)).status).toBe(403)
    const made = { body: { name: 'x', emailaddress: 'x@contoso.com', emailrouteraccessapproval: 1 } }
    expect((await dataverse.send('POST', 'mailboxes', made)).status).toBe(403)
    expect((await dataverse.send('PATCH', mailbox, { body: { emailrouteraccessapproval: 0 } })).status).toBe(204)
    role([...rights, 'prvApproveRejectEmailAddress'])
    expect((await approve()).status).toBe(204)
  })

  test('may be a matter for people: then an application is refused, whatever it holds', async () => {
    dataverse.azure.settings.applicationsApprove = false
    const answer = await approve()
    expect([answer.status, record(await dataverse.send('GET', mailbox)).emailrouteraccessapproval]).toEqual([403, 0])
  })
})

describe('a user asks what it may do', () => {
  const me = async () => String(record(await dataverse.send('GET', 'WhoAmI', { token: 'reader' })).UserId)
  const ask = async (user: string, call: string, token = 'reader') =>
    dataverse.send('GET', `systemusers(${user})/Microsoft.Dynamics.CRM.${call}`, { token })
  const held = async (user: string, name: string) =>
    record(await ask(user, `RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='${name}')`)).RolePrivileges

  test('by the name of a privilege', async () => {
    const user = await me()
    expect(await held(user, 'prvReadMailbox')).toMatchObject([{ Depth: 'Global', PrivilegeName: 'prvReadMailbox' }])
    expect(await held(user, 'prvWriteMailbox')).toEqual([])
    expect((await ask(user, "RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='prvFly')")).status).toBe(400)
  })

  test('with a row', async () => {
    const user = await me()
    const access = async (target: string) => ask(user, `RetrievePrincipalAccess(Target=@row)?@row=${encodeURIComponent(target)}`)
    expect(record(await access(`{'@odata.id':'${mailbox}'}`)).AccessRights).toBe('ReadAccess')
    expect((await access(`{'@odata.id':'mailboxes(${ids.profile})'}`)).status).toBe(404)
    expect((await access('{}')).status).toBe(400)
  })

  test('and nothing else', async () => {
    expect((await ask(await me(), 'RetrieveUserSettings()')).status).toBe(404)
    expect((await ask(ids.profile, "RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='prvReadMailbox')")).status).toBe(404)
  })
})
