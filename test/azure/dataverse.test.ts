import { describe, expect, test } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import type { Received } from './server.ts'
import { lab, tenant, world } from './world.ts'

const organization = { environmentUrl: 'https://contoso.crm4.lab.localhost', tenantId: tenant }
const id = '44444444-4444-4444-4444-444444444444'
const reference = {
  keyvaultreferenceid: 'ref',
  keyvaulturi: 'https://kv/',
  keyname: 'HMA-Cert',
  keytype: 1,
  _managedidentityid_value: 'mi',
}
const identity = { managedidentityid: 'mi', name: 'hma', applicationid: 'app', tenantid: tenant, credentialsource: 0 }

const profile = {
  emailserverprofileid: id,
  name: 'Exchange',
  incomingcredentialretrieval: 6,
  useautodiscover: false,
  aadresourceid: 'https://mail.contoso.com',
  _keyvaultreferenceid_value: 'ref',
  _managedidentityid_value: 'mi',
  keyvaultreferenceid: reference,
  managedidentityid: identity,
}

const body = (request: Received | undefined): unknown => JSON.parse(request?.body ?? '')

describe('profiles', () => {
  test('come with the rows that they point to, in one request', async () => {
    const at = await world(() => ({ status: 200, body: { value: [profile] } }))
    const [found] = await at.clients.dataverse.profiles(organization, { id, name: "O'Exchange" })
    expect(found).toMatchObject({
      profile: {
        id,
        incomingCredentialRetrieval: 6,
        useAutodiscover: false,
        resourceId: 'https://mail.contoso.com',
        referenceId: 'ref',
      },
      reference: { id: 'ref', keyName: 'HMA-Cert', identityId: 'mi' },
      identity: { id: 'mi', applicationId: 'app' },
    })
    expect(at.asked()).toHaveLength(1)
    expect(at.asked()[0]).toContain(`$filter=emailserverprofileid eq ${id} or name eq 'O''Exchange'`)
    expect(at.asked()[0]).not.toContain('clientsecret')
    expect(at.server.received.at(-1)?.headers).toMatchObject({
      'odata-version': '4.0',
      'odata-maxversion': '4.0',
      'if-none-match': 'null',
    })
  })

  test('without an identity of their own have that of the key vault reference', async () => {
    const bare = { ...profile, managedidentityid: null, _managedidentityid_value: null }
    const nested = await world(() => ({
      status: 200,
      body: { value: [{ ...bare, keyvaultreferenceid: { ...reference, managedidentityid: identity } }] },
    }))
    expect((await nested.clients.dataverse.profiles(organization, { id, name: 'x' }))[0]?.identity?.id).toBe('mi')
    expect(nested.asked()).toHaveLength(1)
    const asked = await world(({ path }) => ({
      status: 200,
      body: path.includes('/managedidentities(mi)') ? identity : { value: [bare] },
    }))
    expect((await asked.clients.dataverse.profiles(organization, { id, name: 'x' }))[0]?.identity?.id).toBe('mi')
  })

  test('are read once more without the columns that an older environment lacks', async () => {
    const refusal = { error: { code: '0x80060888', message: "Could not find a property named 'serverauthority'" } }
    const at = await world(({ path }) =>
      path.includes('serverauthority') ? { status: 400, body: refusal } : { status: 200, body: { value: [profile] } },
    )
    expect(await at.clients.dataverse.profiles(organization, { id, name: 'x' })).toHaveLength(1)
    expect(at.asked()).toHaveLength(2)
  })

  test('keep a newer column where only another one is missing', async () => {
    const lacks = '_powerplatformmanagedidentityid_value'
    const refusal = { error: { code: '0x80060888', message: `Could not find a property named '${lacks}'` } }
    const at = await world(({ path }) =>
      path.includes(lacks) ? { status: 400, body: refusal } : { status: 200, body: { value: [profile] } },
    )
    expect(await at.clients.dataverse.profiles(organization, { id, name: 'x' })).toHaveLength(1)
    const [, second = ''] = at.asked()
    expect(second).toContain('serverauthority')
    expect(at.asked()).toHaveLength(2)
  })

  test.each([
    'https://contoso.crm4.lab.localhost',
    'https://Contoso.CRM4.lab.localhost',
    'https://contoso.crm4.lab.localhost:443',
  ])('are read through every page: %s', async (host) => {
    const next = `${host}/api/data/v9.2/emailserverprofiles?$skiptoken=2`
    const at = await world(({ path }) =>
      path.includes('skiptoken')
        ? { status: 200, body: { value: [profile] } }
        : { status: 200, body: { value: [profile], '@odata.nextLink': next } },
    )
    expect(await at.clients.dataverse.profiles(organization, { id, name: 'x' })).toHaveLength(2)
  })
})

describe('writes', () => {
  test('send only the columns that are given', async () => {
    const at = await world(() => ({ status: 204 }))
    await at.clients.dataverse.putProfile(organization, { id, useAutodiscover: false, referenceId: 'ref', identityId: 'mi' })
    expect(at.asked()).toEqual([`PATCH /api/data/v9.2/emailserverprofiles(${id})`])
    expect(body(at.server.received.at(-1))).toEqual({
      useautodiscover: false,
      'keyvaultreferenceid@odata.bind': '/keyvaultreferences(ref)',
      'managedidentityid@odata.bind': '/managedidentities(mi)',
    })
  })

  test('hold the secret in the body and nowhere else', async () => {
    const at = await world(() => ({ status: 204 }))
    await at.clients.dataverse.putIdentity(organization, { id, name: 'hma key-1', secret: new Secret('hush-value') })
    expect(body(at.server.received.at(-1))).toEqual({ name: 'hma key-1', clientsecret: 'hush-value' })
    expect(at.lines.join()).not.toContain('hush')
  })
})

test('rows that are missing are undefined, and deleted', async () => {
  const at = await world(() => ({ status: 404, body: { error: { code: '0x80040217', message: 'Does Not Exist' } } }))
  expect(await at.clients.dataverse.identity(organization, id)).toBeUndefined()
  expect(await at.clients.dataverse.reference(organization, id)).toBeUndefined()
  await expect(at.clients.dataverse.deleteRow(organization, 'managedidentities', id)).resolves.toBeUndefined()
})

describe('the proof of a client secret', () => {
  const accepts = async (code: string | undefined) => {
    const answer = { status: 401, body: { error: 'invalid_client', error_description: `${code}: No.` } }
    const at = await world(() => ({ status: 500 }), {
      login: () => (code === undefined ? { status: 200, body: { access_token: 't', expires_in: 1 } } : answer),
    })
    const outcome = await at.clients.signIn.accepts(tenant, 'kv-app', new Secret('hush+value&')).catch((error: unknown) => error)
    return { outcome, form: Object.fromEntries(new URLSearchParams(at.server.received[0]?.body)) }
  }

  test('asks as Dynamics does', async () => {
    const { outcome, form } = await accepts(undefined)
    expect(outcome).toBe(true)
    const scope = `https://${lab.keyVaultSuffix}/.default`
    expect(form).toEqual({ grant_type: 'client_credentials', client_id: 'kv-app', client_secret: 'hush+value&', scope })
  })
  test('fails while the secret is unknown', async () => expect((await accepts('AADSTS7000215')).outcome).toBe(false))
  test.each(['AADSTS700016', 'AADSTS7000229', 'AADSTS7000112'])('%s: a replica may not know KV-App yet', async (code) => {
    expect((await accepts(code)).outcome).toMatchObject({ code, service: 'login', retryable: true })
  })
  test('fails for every other reason', async () => {
    expect((await accepts('AADSTS7000222')).outcome).toMatchObject({ code: 'AADSTS7000222', retryable: false })
  })
})
