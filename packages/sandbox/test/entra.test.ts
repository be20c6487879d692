import { constants, createHash, createPublicKey, randomUUID, sign, verify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../src/sandbox.ts'
import { newWorld } from '../src/world.ts'
import { errorOf, type Graph, graphAs, graphUrl, listOf, newClient } from './support/graph.ts'
import { type Answer, ask, askForToken, mailTenant, principal, startSandbox, vaultTenant } from './support/sandbox.ts'
import { type SelfSigned, selfSigned } from './support/selfSigned.ts'

const login = 'https://login.microsoftonline.com'
const day = 86_400_000

let sandbox: Sandbox
let graph: Graph
let client: Awaited<ReturnType<typeof newClient>>
let certificate: SelfSigned

beforeAll(async () => {
  sandbox = await startSandbox()
  graph = await graphAs(sandbox, principal(sandbox, mailTenant))
  client = await newClient(graph, mailTenant, 'HMA-App')
  certificate = await selfSigned('CN=hma', new Date(sandbox.now().getTime() - day), 30)
  const { status } = await graph('PATCH', `/applications/${client.applicationId}`, { keyCredentials: [entry(certificate)] })
  expect(status).toBe(204)
})
afterAll(() => sandbox.close())

const entry = ({ der }: SelfSigned) => ({ type: 'AsymmetricX509Cert', usage: 'Verify', key: der })

/** A request that would succeed, but for what is changed in it; an empty value takes the field out. */
function withSecret(change: Record<string, string> = {}, tenant = mailTenant): Promise<Answer> {
  const fields = {
    grant_type: 'client_credentials',
    client_id: client.clientId,
    client_secret: client.clientSecret,
    scope: 'https://mail.contoso.com/.default',
    ...change,
  }
  return askForToken(sandbox, tenant, Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')))
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

interface Assertion {
  header?: Record<string, unknown>
  claims?: Record<string, unknown>
  key?: string
}

function assertionOf({ header = {}, claims = {}, key = certificate.privateKey }: Assertion = {}): string {
  const seconds = Math.floor(sandbox.now().getTime() / 1000)
  const x5t = Buffer.from(certificate.thumbprint, 'hex').toString('base64url')
  const whole = { alg: 'RS256', typ: 'JWT', x5t, ...header }
  const about = { iss: client.clientId, sub: client.clientId, jti: randomUUID(), nbf: seconds, exp: seconds + 600 }
  const signed = `${encode(whole)}.${encode({ ...about, aud: `${login}/${mailTenant}/oauth2/v2.0/token`, ...claims })}`
  const padding = whole.alg === 'PS256' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING
  const signature = sign('sha256', Buffer.from(signed), { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST })
  return `${signed}.${signature.toString('base64url')}`
}

const withAssertion = (assertion: string, change: Record<string, string> = {}): Promise<Answer> =>
  withSecret({
    client_secret: '',
    client_assertion: assertion,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    ...change,
  })

const claimsOf = ({ json }: Answer): Record<string, unknown> =>
  JSON.parse(Buffer.from(String(json.access_token).split('.')[1] ?? '', 'base64url').toString('utf8'))

const codesOf = ({ json }: Answer): unknown => json.error_codes

describe('a token', () => {
  test('is of version 1.0, for the audience that was asked for, and says who calls', async () => {
    const answer = await withSecret()
    expect(answer.status).toBe(200)
    expect(answer.json).toMatchObject({ token_type: 'Bearer', expires_in: 3599 })
    expect(answer.headers['cache-control']).toContain('no-store')
    const claims = claimsOf(answer)
    expect(claims).toMatchObject({
      aud: 'https://mail.contoso.com',
      iss: `https://sts.windows.net/${mailTenant}/`,
      tid: mailTenant,
      appid: client.clientId,
      appidacr: '1',
      oid: client.principalId,
      sub: client.principalId,
      ver: '1.0',
    })
    expect(Number(claims.exp) - Number(claims.iat)).toBe(3600)
    expect(claims).not.toHaveProperty('roles')
  })

  test('carries the roles that the resource granted, and those of no other', async () => {
    const { clientId, clientSecret } = principal(sandbox, mailTenant, 'reader')
    const reader = { client_id: clientId, client_secret: clientSecret }
    const forGraph = claimsOf(await withSecret({ ...reader, scope: `${graphUrl}/.default` }))
    expect([...listAsText(forGraph.roles)].sort()).toEqual(['Application.Read.All', 'Organization.Read.All', 'Policy.Read.All'])
    expect(claimsOf(await withSecret(reader))).not.toHaveProperty('roles')
  })

  test('is signed with a key that the tenant publishes', async () => {
    const [header = '', payload = '', signature = ''] = String((await withSecret()).json.access_token).split('.')
    const { json: metadata } = await ask(sandbox, `${login}/${mailTenant}/v2.0/.well-known/openid-configuration`)
    const { json: published } = await ask(sandbox, String(metadata.jwks_uri))
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'))
    const jwk = listOf(published.keys).find((key) => key.kid === kid)
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true)
  })

  test('is refused by a service when a bit is changed, and after its hour', async () => {
    const other = await startSandbox({ world: await newWorld() })
    const token = String((await withSecret({ scope: `${graphUrl}/.default` })).json.access_token)
    const organization = `${graphUrl}/v1.0/organization`
    const told = (authorization: string, where = sandbox): Promise<Answer> =>
      ask(where, organization, { headers: { authorization } })
    expect((await told(`Bearer ${token}`)).status).toBe(403)
    const [header = '', payload = '', signature = ''] = token.split('.')
    const forged = encode({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), roles: ['Organization.Read.All'] })
    expect((await told(`Bearer ${header}.${forged}.${signature}`)).status).toBe(401)
    expect((await told(`Bearer ${token}`, other)).status).toBe(401)
    await other.close()
    const late = await startSandbox()
    const reader = await graphAs(late, principal(late, mailTenant, 'reader'))
    expect((await reader('GET', '/organization')).status).toBe(200)
    late.advance(3_601_000)
    expect(errorOf(await reader('GET', '/organization')).message).toBe('Access token has expired or is not yet valid.')
    await late.close()
  })
})

const listAsText = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])

describe('resources', () => {
  test.each([
    'https://mail.contoso.com/',
    'https://outlook.office365.com',
    '00000002-0000-0ff1-ce00-000000000000',
    'https://graph.microsoft.com',
    'https://management.azure.com',
    'https://management.core.windows.net/',
    'https://vault.azure.net',
    'https://contoso.crm4.dynamics.com',
    'https://contoso.crm4.dynamics.com/',
    'https://graph.sandbox.localhost:8443',
    'https://vault.sandbox.localhost',
  ])('%s is known, and stands in the token as it was asked for', async (resource) => {
    const answer = await withSecret({ scope: `${resource}/.default` })
    expect(answer.text).toContain('access_token')
    expect(claimsOf(answer).aud).toBe(resource)
  })

  test('objects of another tenant are unknown in this one', async () => {
    const { clientId, clientSecret } = principal(sandbox, vaultTenant)
    const vaults = { client_id: clientId, client_secret: clientSecret }
    for (const resource of ['https://contoso.crm4.dynamics.com', 'https://mail.contoso.com']) {
      const answer = await withSecret({ ...vaults, scope: `${resource}/.default` }, vaultTenant)
      expect([answer.status, codesOf(answer), answer.json.error]).toEqual([400, [500011], 'invalid_resource'])
    }
  })

  test('a name that an administrator takes from Exchange is gone', async () => {
    const path = "/servicePrincipals(appId='00000002-0000-0ff1-ce00-000000000000')"
    const { json } = await graph('GET', path)
    const names = listAsText(json.servicePrincipalNames)
    await graph('PATCH', path, { servicePrincipalNames: names.filter((name) => !name.includes('mail.contoso.com')) })
    expect(codesOf(await withSecret())).toEqual([500011])
    await graph('PATCH', path, { servicePrincipalNames: names })
    expect((await withSecret()).status).toBe(200)
  })
})

describe('a request by secret', () => {
  test('may carry it in an Authorization header', async () => {
    const encoded = Buffer.from(`${client.clientId}:${encodeURIComponent(client.clientSecret)}`).toString('base64')
    const { status } = await ask(sandbox, `${login}/${mailTenant}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${encoded}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials&scope=https%3A%2F%2Fmail.contoso.com%2F.default',
    })
    expect(status).toBe(200)
  })

  test.each([
    ['no grant type', { grant_type: '' }, 400, 900144, 'invalid_request'],
    ['no client', { client_id: '' }, 400, 900144, 'invalid_request'],
    ['no scope', { scope: '' }, 400, 900144, 'invalid_request'],
    ['another grant', { grant_type: 'password' }, 400, 70003, 'unsupported_grant_type'],
    ['no credential', { client_secret: '' }, 401, 7000216, 'invalid_client'],
    ['a wrong secret', { client_secret: 'guess' }, 401, 7000215, 'invalid_client'],
    ['an unknown application', { client_id: randomUUID() }, 400, 700016, 'unauthorized_client'],
    ['a scope of a user', { scope: 'https://mail.contoso.com/EWS.AccessAsUser.All' }, 400, 1002012, 'invalid_scope'],
    [
      'two resources',
      { scope: 'https://vault.azure.net/.default https://mail.contoso.com/.default' },
      400,
      28000,
      'invalid_scope',
    ],
    ['no resource before the suffix', { scope: '/.default' }, 400, 70011, 'invalid_scope'],
    ['an unknown resource', { scope: 'https://mail.fabrikam.com/.default' }, 400, 500011, 'invalid_resource'],
  ])('is refused for %s', async (_what, change, status, code, error) => {
    const answer = await withSecret(change)
    expect([answer.status, codesOf(answer), answer.json.error]).toEqual([status, [code], error])
  })

  test('is refused in the words and the form of Entra', async () => {
    const answer = await withSecret({ client_secret: 'guess' })
    const { error_description, timestamp, trace_id, correlation_id, error_uri } = answer.json
    const told = `AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${client.clientId}'.`
    expect(error_description).toBe(`${told} Trace ID: ${trace_id} Correlation ID: ${correlation_id} Timestamp: ${timestamp}`)
    expect(timestamp).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/)
    expect(error_uri).toMatch(/\/error\?code=7000215$/)
    expect(answer.text).not.toContain('guess')
  })

  test.each([
    [randomUUID(), 90002],
    ['contoso.onmicrosoft.com', 90002],
    ['contoso', 900023],
    ['common', 50059],
    ['organizations', 50059],
    [vaultTenant, 700016],
  ])('is refused at the tenant %s', async (tenant, code) => {
    expect(codesOf(await withSecret({}, tenant))).toEqual([code])
  })

  test('is refused where the application has no service principal, and where that one is off', async () => {
    const other = await newClient(graph, mailTenant, 'Other')
    const asOther = { client_id: other.clientId, client_secret: other.clientSecret }
    expect((await withSecret(asOther)).status).toBe(200)
    await graph('PATCH', `/servicePrincipals/${other.principalId}`, { accountEnabled: false })
    expect(codesOf(await withSecret(asOther))).toEqual([7000112])
    await graph('DELETE', `/servicePrincipals/${other.principalId}`)
    expect(codesOf(await withSecret(asOther))).toEqual([7000229])
    await graph('DELETE', `/applications/${other.applicationId}`)
    expect(codesOf(await withSecret(asOther))).toEqual([700016])
  })

  test('is refused with 7000222 once the secret has expired, and with 7000215 once it is removed', async () => {
    const late = await startSandbox()
    const owner = await graphAs(late, principal(late, mailTenant))
    const { applicationId, clientId, clientSecret } = await newClient(owner, mailTenant, 'Late')
    const end = new Date(late.now().getTime() + 90 * day).toISOString()
    const short = await owner('POST', `/applications/${applicationId}/addPassword`, { passwordCredential: { endDateTime: end } })
    const at = (secret: unknown): Promise<Answer> =>
      askForToken(late, mailTenant, {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: String(secret),
        scope: `${graphUrl}/.default`,
      })
    expect((await at(short.json.secretText)).status).toBe(200)
    late.advance(91 * day)
    expect(codesOf(await at(short.json.secretText))).toEqual([7000222])
    expect((await at(clientSecret)).status).toBe(200)
    const again = await graphAs(late, principal(late, mailTenant))
    expect((await again('POST', `/applications/${applicationId}/removePassword`, { keyId: short.json.keyId })).status).toBe(204)
    expect(codesOf(await at(short.json.secretText))).toEqual([7000215])
    await late.close()
  })
})

describe('a request by assertion', () => {
  const sha256 = (): string => createHash('sha256').update(Buffer.from(certificate.der, 'base64')).digest('base64url')

  test.each<[string, () => Assertion]>([
    ['RS256 and x5t', () => ({})],
    ['PS256', () => ({ header: { alg: 'PS256' } })],
    ['x5t#S256', () => ({ header: { x5t: undefined, 'x5t#S256': sha256() } })],
    ['the issuer as audience', () => ({ claims: { aud: `https://sts.windows.net/${mailTenant}/` } })],
    ['the issuer of version 2 as audience', () => ({ claims: { aud: `${login}/${mailTenant}/v2.0` } })],
    [
      'the asked host as audience',
      () => ({ claims: { aud: `${sandbox.endpoints.authorityHost}/${mailTenant}/oauth2/v2.0/token` } }),
    ],
  ])('is answered with %s', async (_what, given) => {
    const answer = await withAssertion(assertionOf(given()))
    expect(answer.text).toContain('access_token')
    expect(claimsOf(answer).appidacr).toBe('2')
  })

  const seconds = (): number => Math.floor(sandbox.now().getTime() / 1000)

  test.each<[string, () => Assertion, number]>([
    ['a certificate that is not registered', () => ({ header: { x5t: Buffer.alloc(20).toString('base64url') } }), 700027],
    ['no hash of a certificate', () => ({ header: { x5t: undefined } }), 50027],
    ['another algorithm', () => ({ header: { alg: 'HS256' } }), 50027],
    ['another subject', () => ({ claims: { sub: randomUUID() } }), 700021],
    ['another issuer', () => ({ claims: { iss: randomUUID() } }), 700021],
    ['the audience of another tenant', () => ({ claims: { aud: `${login}/${vaultTenant}/oauth2/v2.0/token` } }), 700023],
    ['an end in the past', () => ({ claims: { exp: seconds() - 400 } }), 700024],
    ['a start in the future', () => ({ claims: { nbf: seconds() + 400 } }), 700024],
    ['no end', () => ({ claims: { exp: undefined } }), 700024],
    ['no id', () => ({ claims: { jti: undefined } }), 50027],
  ])('is refused for %s', async (_what, given, code) => {
    const answer = await withAssertion(assertionOf(given()))
    expect([answer.status, codesOf(answer)]).toEqual([401, [code]])
  })

  test('is refused for a signature of another key', async () => {
    const other = await selfSigned('CN=other', sandbox.now(), 10)
    const answer = await withAssertion(assertionOf({ key: other.privateKey }))
    expect(codesOf(answer)).toEqual([700027])
    expect(answer.json.error_description).toContain(`'${certificate.thumbprint}'`)
  })

  test('is refused for an invalid JWT, and for another type of assertion', async () => {
    for (const text of ['x', 'a.b.c', `${assertionOf()}.d`]) expect(codesOf(await withAssertion(text))).toEqual([50027])
    expect(codesOf(await withAssertion(assertionOf(), { client_assertion_type: 'saml' }))).toEqual([90023])
  })

  test('is refused once the certificate has expired', async () => {
    const answer = await withAssertion(assertionOf())
    expect(answer.status).toBe(200)
    sandbox.advance(30 * day)
    const late = await withAssertion(assertionOf())
    expect(codesOf(late)).toEqual([700027])
    expect(late.json.error_description).toContain('The key used is expired')
  })
})

describe('discovery', () => {
  test('names the endpoints at the host that was asked', async () => {
    const origin = sandbox.endpoints.authorityHost
    const { json } = await ask(sandbox, `${origin}/${mailTenant}/v2.0/.well-known/openid-configuration`)
    expect(json).toMatchObject({
      issuer: `${origin}/${mailTenant}/v2.0`,
      token_endpoint: `${origin}/${mailTenant}/oauth2/v2.0/token`,
    })
    const classic = await ask(sandbox, `${login}/${mailTenant}/.well-known/openid-configuration`)
    expect(classic.json.issuer).toBe(`https://sts.windows.net/${mailTenant}/`)
    const unknown = await ask(sandbox, `${origin}/${randomUUID()}/v2.0/.well-known/openid-configuration`)
    expect([unknown.status, codesOf(unknown)]).toEqual([400, [90002]])
  })

  test('answers for the instance', async () => {
    const asked = encodeURIComponent(`${login}/${mailTenant}/oauth2/v2.0/authorize`)
    const { json } = await ask(sandbox, `${login}/common/discovery/instance?api-version=1.1&authorization_endpoint=${asked}`)
    expect(json.tenant_discovery_endpoint).toBe(`${login}/${mailTenant}/v2.0/.well-known/openid-configuration`)
    expect(listOf(json.metadata)[0]?.aliases).toContain('login.microsoftonline.com')
  })

  test('knows no other path', async () => {
    expect((await ask(sandbox, `${login}/${mailTenant}/other`)).status).toBe(404)
  })
})
