import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { selfSigned } from '../../packages/sandbox/test/support/selfSigned.ts'
import type { SignIn } from '../../src/azure/appSignIn/port.ts'
import type { Search } from '../../src/azure/search/port.ts'
import { HmaError } from '../../src/core/errors.ts'
import { Secret } from '../../src/core/secret.ts'
import type { Reply } from '../azure/server.ts'
import { login, tenant, vault, world } from '../azure/world.ts'
import { expectWords, gibberish, hiddenSecret, wrongBody, wrongTypes } from './wrongAnswers.ts'

const guid = '55555555-5555-5555-5555-555555555555'
const environmentUrl = 'https://contoso.crm4.lab.localhost'
const organization = { environmentUrl, tenantId: tenant }
const { pem, privateKey } = await selfSigned('CN=hma', new Date('2026-01-01T00:00:00Z'), 365)

type Outcome = { readonly value: unknown } | { readonly error: unknown }

const outcomeOf = (call: Promise<unknown>): Promise<Outcome> =>
  call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )

/** Usable, with fields of the right type; or an error message. */
function expectSense(right: unknown, outcome: Outcome): void {
  if ('value' in outcome) expect(wrongTypes(right, outcome.value)).toEqual([])
  else expectWords(outcome.error)
}

const resource = {
  id: '/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-contoso',
  subscriptionId: '33333333-3333-3333-3333-333333333333',
}
const profile = { emailserverprofileid: guid, name: 'HMA', servertype: 1, incomingportnumber: 443, oauthclientid: guid }

describe('searches of hma import, with answers of another type', () => {
  const calls: Readonly<Record<string, readonly [call: (search: Search) => Promise<unknown>, right: unknown]>> = {
    'every profile': [({ profiles }) => profiles(organization), { value: [profile] }],
    'the reference of an identity': [
      ({ referenceOfIdentity }) => referenceOfIdentity(organization, guid),
      { _keyvaultreferenceid_value: guid },
    ],
    'mailboxes on a profile': [
      ({ mailboxesOn }) => mailboxesOn(organization, guid),
      { value: [{ mailboxid: guid, emailaddress: 'a@contoso.com' }] },
    ],
    'vaults of a name': [({ vaultsNamed }) => vaultsNamed(tenant, 'kv-contoso'), { value: [resource] }],
  }
  test.each(Object.entries(calls))('%s', async (_name, [call, right]) => {
    let body: unknown = right
    const { search } = await world(() => ({ status: 200, body }))
    const seen = await call(search)
    expect(seen).toBeDefined()
    await fc.assert(
      fc.asyncProperty(wrongBody(right), async (text) => {
        body = text
        expectSense(seen, await outcomeOf(call(search)))
      }),
      { numRuns: 200 },
    )
  })
})

test('invalid subscription ids are not requested, so no answer redirects hma', async () => {
  const listed = ['', '..', '../tenants', 'x', resource.subscriptionId].map((subscriptionId) => ({
    subscriptionId,
    id: resource.id,
  }))
  const { search, asked } = await world(() => ({ status: 200, body: { value: listed } }))
  expect((await search.vaultsNamed(tenant, 'kv-contoso')).subscriptions).toEqual([resource.subscriptionId])
  expect(asked().map((request) => request.replace(/\?.*/, ''))).toEqual([
    'GET /subscriptions',
    `GET /subscriptions/${resource.subscriptionId}/resources`,
  ])
})

/** A header's value as Node lets it through, of pieces that mean something in a challenge. */
const header = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'Bearer',
        'authorization_uri=',
        'authorization=',
        '"',
        ',',
        ' ',
        '=',
        tenant,
        'https://login/',
        '\\',
        ';',
        hiddenSecret,
      ),
      fc.string({ unit: fc.constantFrom(...'az09-_/:.=",;()<>@[]{}?!#$%&*+^`|~ \t\u00e9\u00ff') }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join('').trim())

describe('a challenge of another type', () => {
  test.each([
    ['an environment', ({ tenantOfEnvironment }: Search) => tenantOfEnvironment(environmentUrl)],
    ['a vault', ({ tenantOfVault }: Search) => tenantOfVault(vault)],
  ])('of %s', async (_name, call) => {
    let challenge = ''
    const { search } = await world(() => ({ status: 401, headers: { 'www-authenticate': challenge } }))
    challenge = `Bearer authorization="https://login.lab.localhost/${tenant}", authorization_uri=https://login.lab.localhost/${tenant}`
    expect(await call(search)).toBe(tenant)
    await fc.assert(
      fc.asyncProperty(header, async (text) => {
        challenge = text
        expectSense(tenant, await outcomeOf(call(search)))
      }),
      { numRuns: 300 },
    )
  })
})

describe('sign-in answers of another type', () => {
  const token = `eyJh.${Buffer.from('{"aud":"https://mail.contoso.com","roles":["full_access_as_app"],"exp":1}').toString('base64url')}.${hiddenSecret}`
  const right = { token_type: 'Bearer', expires_in: 3600, access_token: token }
  const calls: Readonly<Record<string, (signIn: SignIn) => Promise<unknown>>> = {
    'with a secret': ({ accepts }) => accepts(tenant, guid, new Secret('hush-secret')),
    'with a certificate': ({ tokenByCertificate }) =>
      tokenByCertificate(tenant, guid, new Secret(privateKey + pem), 'https://mail.contoso.com'),
    'to look into the vault': ({ vaultAs }) => vaultAs(tenant, guid, new Secret('hush-secret')).secretValue(vault, 's'),
    'to a tenant that may not be': ({ tenantExists }) => tenantExists(tenant),
  }
  test.each(Object.entries(calls))('%s', async (_name, call) => {
    let answer: Reply = { status: 200, body: right }
    let metadata = false
    const found = {
      id: `${vault}/secrets/s/0123456789abcdef0123456789abcdef`,
      value: hiddenSecret,
      attributes: { enabled: true },
    }
    const { clients } = await world(() => ({ status: 200, body: found }), {
      login: (request, issued) => (request.method === 'GET' && !metadata ? login(request, issued) : answer),
    })
    await expect(call(clients.signIn)).resolves.toBeDefined()
    const refusals = [
      { error: 'invalid_client', error_description: `AADSTS7000215: ${hiddenSecret}`, error_codes: [7000215] },
      { error: { code: 'x', message: hiddenSecret } },
      right,
    ]
    const wrong = fc.oneof(...refusals.map(wrongBody))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(200, 400, 401, 404), wrong, fc.nat({ max: 4 }), async (status, body, often) => {
        answer = { status, body }
        metadata = often === 0
        const outcome = await outcomeOf(call(clients.signIn))
        if ('error' in outcome) {
          expect(outcome.error).toBeInstanceOf(HmaError)
          expect(String(outcome.error)).not.toMatch(/hush-secret|PRIVATE KEY|eyJh\./)
          expect(String(outcome.error)).not.toMatch(gibberish)
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('Exchange answers of another type', () => {
  const ewsUrl = `${environmentUrl}/EWS/Exchange.asmx`
  const soap =
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><h:ServerVersionInfo MajorVersion="15" MinorVersion="2" MajorBuildNumber="2562" MinorBuildNumber="56" xmlns:h="t"/></s:Header><s:Body><m:GetFolderResponse xmlns:m="m"><m:ResponseMessages><m:GetFolderResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode></m:GetFolderResponseMessage></m:ResponseMessages></m:GetFolderResponse></s:Body></s:Envelope>'
  const piece = fc.oneof(
    fc.constantFrom(
      '<',
      '>',
      '/>',
      '</',
      '<![CDATA[',
      ']]>',
      '<!--',
      '<!DOCTYPE x [<!ENTITY a "b">]>',
      '&a;',
      '&#0;',
      '<?x',
      '__proto__',
    ),
    fc.constantFrom(
      '<constructor>',
      '<m:ResponseCode>',
      'ResponseClass="',
      '<Value Name="BackOffMilliseconds">99999999999999999999</Value>',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  )
  /** Something cut out of it, or put into it; one part of it over and over; or anything. */
  const body = fc.oneof(
    fc
      .array(fc.tuple(fc.nat({ max: soap.length }), fc.nat({ max: 60 }), fc.array(piece, { maxLength: 4 })), {
        minLength: 1,
        maxLength: 3,
      })
      .map((cuts) => cuts.reduce((text, [at, cut, more]) => text.slice(0, at) + more.join('') + text.slice(at + cut), soap)),
    fc.nat({ max: 5000 }).map((depth) => soap.replace('<s:Body>', `<s:Body>${'<a>'.repeat(depth)}`)),
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
  )

  test('an inbox is opened, refused, or reported with a reason', async () => {
    let answer: Reply = { status: 200, body: soap }
    const { clients } = await world(() => answer)
    const open = () => clients.exchange.openInbox(ewsUrl, new Secret('hush-hush-token'), 'a@contoso.com')
    expect(await open()).toMatchObject({ opened: true, build: '15.2.2562.56' })
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(200, 401, 403, 500), header, async (text, status, diagnostics) => {
        answer = { status, body: text, headers: { 'x-ms-diagnostics': diagnostics, 'www-authenticate': diagnostics } }
        const outcome = await outcomeOf(open())
        if ('error' in outcome) expectWords(outcome.error)
        else expect(JSON.stringify(outcome.value)).not.toContain('hush-hush-token')
      }),
      { numRuns: 400 },
    )
  })

  test('a greeting', async () => {
    let answer: Reply = { status: 401 }
    const { clients } = await world(() => answer)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(200, 302, 401, 404), header, header, async (status, challenge, location) => {
        answer = { status, headers: { 'www-authenticate': challenge, location } }
        const outcome = await outcomeOf(clients.exchange.greet(ewsUrl))
        if ('error' in outcome) expectWords(outcome.error)
        else expect(outcome.value).toMatchObject({ status })
      }),
      { numRuns: 300 },
    )
  })
})
