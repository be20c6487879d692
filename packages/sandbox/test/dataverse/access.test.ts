import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { environmentHost, error, exchangeTenant, principals, record, reseed, rows, vaultTenant } from '../fixedAzure.ts'
import { ids, only, onlyOrganization } from '../wholeWorld.ts'
import { bodies, type Client, client, paths, putProfile } from './client.ts'

let dataverse: Client
beforeEach(async () => {
  dataverse = await client()
})
afterEach(() => dataverse.close())

const stranger = { appId: 'ffffffff-0000-4000-8000-000000000001', objectId: 'o', roles: [] }

describe('who gets in', () => {
  test('without a token: 401 with the authority and the resource', async () => {
    const answer = await dataverse.send('GET', 'WhoAmI', { token: '' })
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer authorization_uri=https://login.microsoftonline.com/${exchangeTenant}/oauth2/authorize, resource_id=https://${environmentHost}/`,
    )
  })

  test('a token that is expired, unknown, for another host, or of another tenant: 401', async () => {
    const { tokens } = dataverse.azure
    const owner = principals.find(({ rights }) => rights === 'owner')
    tokens.set('old', 'expired')
    tokens.set('elsewhere', { caller: { ...stranger, tenantId: exchangeTenant }, host: 'other.crm.dynamics.com' })
    tokens.set('foreign', { caller: { ...stranger, appId: owner?.clientId ?? '', tenantId: vaultTenant }, host: environmentHost })
    const asked = ['old', 'unknown', 'elsewhere', 'foreign'].map((token) => dataverse.send('GET', 'WhoAmI', { token }))
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([401, 401, 401, 401])
  })

  test('an application without a user in the organisation: 403', async () => {
    dataverse.azure.tokens.set('stranger', { caller: { ...stranger, tenantId: exchangeTenant }, host: environmentHost })
    const answer = await dataverse.send('GET', 'emailserverprofiles', { token: 'stranger' })
    expect(answer.status).toBe(403)
    expect(error(answer)).toEqual({ code: '0x80072560', message: 'The user is not a member of the organization.' })
  })

  test('an application whose user is disabled: 403', async () => {
    const [user] = rows(
      await dataverse.send('GET', `systemusers?$filter=applicationid eq ${principals[1]?.clientId}`.replaceAll(' ', '%20')),
    )
    await dataverse.send('PATCH', `systemusers(${String(user?.systemuserid)})`, { body: { isdisabled: true } })
    const answer = await dataverse.send('GET', 'WhoAmI', { token: 'reader' })
    expect([answer.status, error(answer).code]).toEqual([403, '0x80040225'])
  })

  test('WhoAmI returns the user and the organization', async () => {
    const me = record(await dataverse.send('GET', 'WhoAmI'))
    expect(me.OrganizationId).toBe(onlyOrganization(dataverse.azure).id)
    const user = record(await dataverse.send('GET', `systemusers(${String(me.UserId)})`))
    expect(user).toMatchObject({ applicationid: principals[0]?.clientId, isdisabled: false })
  })
})

describe('privileges', () => {
  const attempts: readonly [string, string, object | undefined, string][] = [
    ['POST', 'emailserverprofiles', { name: 'x' }, 'prvCreateEmailServerProfile'],
    ['PATCH', `managedidentities(${ids.profile})`, { name: 'x' }, 'prvCreateManagedIdentity'],
    ['PATCH', paths.reference, { keyname: 'x' }, 'prvWriteKeyVaultReference'],
    ['DELETE', paths.identity, undefined, 'prvDeleteManagedIdentity'],
    ['DELETE', `${paths.profile}/managedidentityid/$ref`, undefined, 'prvWriteEmailServerProfile'],
  ]
  test.each(attempts)('a reader cannot %s %s', async (method, path, body, privilege) => {
    await putProfile(dataverse)
    const before = structuredClone(onlyOrganization(dataverse.azure).tables)
    const answer = await dataverse.send(method, path, { token: 'reader', ...(body === undefined ? {} : { body }) })
    expect(answer.status).toBe(403)
    expect(error(answer)).toEqual({ code: '0x80040220', message: expect.stringContaining(`is missing ${privilege} privilege`) })
    expect(onlyOrganization(dataverse.azure).tables).toEqual(before)
  })

  test('a reader reads', async () => {
    await putProfile(dataverse)
    expect(record(await dataverse.send('GET', paths.profile, { token: 'reader' }))).toMatchObject({ name: bodies.profile.name })
  })

  test('no one can write alerts or create users', async () => {
    const log = await dataverse.send('POST', 'tracelogs', { body: { text: 'x' } })
    const user = await dataverse.send('POST', 'systemusers', { body: { lastname: 'x' } })
    expect([log.status, user.status]).toEqual([405, 405])
  })
})

describe('the seed', () => {
  test('makes a user and a mailbox for each address, once', async () => {
    reseed(dataverse.azure)
    const addresses = rows(await dataverse.send('GET', 'mailboxes?$select=emailaddress&$orderby=emailaddress')).map(
      (row) => row.emailaddress,
    )
    expect(addresses).toEqual(['anna@contoso.com', 'svc-d365@contoso.com'])
  })

  test('does not restore what was deleted', async () => {
    const [mailbox] = rows(await dataverse.send('GET', 'mailboxes'))
    await dataverse.send('DELETE', `mailboxes(${String(mailbox?.mailboxid)})`)
    reseed(dataverse.azure)
    expect(rows(await dataverse.send('GET', 'mailboxes'))).toHaveLength(1)
  })

  test('the host with api, and the sandbox’s own name, lead to the same organisation', async () => {
    const hosts = ['contoso.api.crm4.dynamics.com', 'org.crm.sandbox.localhost:4711']
    const answers = await Promise.all(hosts.map((host) => dataverse.send('GET', 'organizations', { host })))
    expect(answers.map((answer) => only(rows(answer)).name)).toEqual(['contoso', 'contoso'])
    expect((await dataverse.send('GET', 'organizations', { host: 'other.crm4.dynamics.com' })).status).toBe(404)
  })
})
