import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { exchange } from '../src/exchange/routes.ts'
import type { ExchangeServer } from '../src/exchange/state.ts'
import {
  type Answer,
  exchangeHost,
  exchangeTenant,
  type FixedAzure,
  fixedAzure,
  type Listening,
  listen,
  vaultTenant,
} from './fixedAzure.ts'
import { hmaApp, only } from './wholeWorld.ts'

let azure: FixedAzure
let server: ExchangeServer
let listening: Listening
beforeEach(async () => {
  azure = fixedAzure()
  server = only(azure.world.exchange.servers)
  listening = await listen(exchange(azure))
  const caller = { appId: hmaApp, tenantId: exchangeTenant, objectId: 'o', roles: ['full_access_as_app'] }
  azure.tokens.set('good', { caller, host: exchangeHost })
  azure.tokens.set('powerless', { caller: { ...caller, roles: [] }, host: exchangeHost })
  azure.tokens.set('foreign', { caller: { ...caller, tenantId: vaultTenant }, host: exchangeHost })
  azure.tokens.set('elsewhere', { caller, host: 'other.contoso.com' })
  azure.tokens.set('old', 'expired')
})
afterEach(() => listening.close())

const impersonating = (address: string, kind = 'PrimarySmtpAddress'): string =>
  `<t:ExchangeImpersonation><t:ConnectingSID><t:${kind}>${address}</t:${kind}></t:ConnectingSID></t:ExchangeImpersonation>`

const inbox =
  '<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder>'

const envelope = (header: string, body = inbox, version = 'Exchange2013_SP1'): string => `<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
  xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"
  xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types">
 <!-- a comment --> <soap:Header><t:RequestServerVersion Version="${version}"/>${header}</soap:Header>
 <soap:Body>${body}</soap:Body></soap:Envelope>`

interface Call {
  readonly token?: string | undefined
  readonly body?: string
  readonly path?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

const call = ({ token, body = '', path = '/EWS/Exchange.asmx', method = 'POST', headers = {} }: Call = {}): Promise<Answer> =>
  listening.ask(exchangeHost, {
    method,
    path,
    headers: { ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), 'Content-Type': 'text/xml', ...headers },
    ...(method === 'POST' ? { body } : {}),
  })

const getFolder = (header: string, body?: string): Promise<Answer> => call({ token: 'good', body: envelope(header, body) })
const anna = impersonating('anna@contoso.com')
const code = ({ text }: Answer): string | undefined => /ResponseCode[^>]*>([^<]+)</.exec(text)?.[1]

describe('the challenge', () => {
  const hybrid = `Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@${exchangeTenant}", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize",Basic realm="mail.contoso.com"`

  test.each([undefined, '', ' '])('answers a request with the token %j', async (token) => {
    const answer = await call({ token })
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe(hybrid)
    expect(answer.headers['x-feserver']).toBe('EX01')
    expect(answer.headers['request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('names no authority where Hybrid Modern Authentication is off', async () => {
    server.hmaEnabled = false
    const challenge = String((await call()).headers['www-authenticate'])
    expect(challenge).toMatch(/^Bearer client_id=/)
    expect(challenge).not.toContain('authorization_uri')
  })

  test('has no Bearer where OAuth is off, and then no token helps', async () => {
    server.oauthEnabled = false
    const answer = await call({ token: 'good', body: envelope(anna) })
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Basic realm="mail.contoso.com"'])
  })
})

test('Outlook on the web shows the build to anyone, unless a device in front hides it', async () => {
  const shown = async () => (await call({ method: 'GET', path: '/owa/service' })).headers
  expect(await shown()).toMatchObject({
    'x-owa-version': server.build,
    location: expect.stringContaining('/owa/auth/logon.aspx'),
  })
  server.hidesBuild = true
  expect(await shown()).not.toHaveProperty('x-owa-version')
})

describe('an unsuitable token', () => {
  const cases: readonly [string, RegExp][] = [
    [
      'elsewhere',
      /^2000003;reason="The hostname component of the audience claim value is invalid\..*error_category="invalid_resource"$/,
    ],
    ['powerless', /^2000008;reason="The token contains no permissions.*error_category="invalid_grant"$/],
    ['foreign', /The issuer of the token is unknown/],
    ['old', /expired/],
    ['unknown', /malformed/],
  ]
  test.each(cases)('%s: 401 with diagnostics', async (token, diagnostics) => {
    const answer = await call({ token, body: envelope(anna) })
    expect(answer.status).toBe(401)
    expect(answer.headers['x-ms-diagnostics']).toMatch(diagnostics)
    expect(answer.headers['www-authenticate']).toContain('error="invalid_token"')
  })

  test('behind a device that ends TLS no audience fits', async () => {
    server.sslOffload = true
    const answer = await call({ token: 'good', body: envelope(anna) })
    expect(answer.headers['x-ms-diagnostics']).toContain("Actual 'http://mail.contoso.com'")
  })
})

describe('GetFolder', () => {
  test('opens the inbox, and the header contains the build', async () => {
    const answer = await getFolder(impersonating('Anna@Contoso.com'))
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('MajorVersion="15" MinorVersion="2" MajorBuildNumber="2562" MinorBuildNumber="56"')
    expect(answer.text).toContain('<m:GetFolderResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>')
    expect(answer.text).not.toContain('DisplayName')
  })

  test('shows requested properties, and finds a folder again by its id', async () => {
    const id = /FolderId Id="([^"]+)"/.exec((await getFolder(anna)).text)?.[1] ?? ''
    const body = `<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds><t:FolderId Id="${id}"/><t:FolderId Id="x"/></m:FolderIds></m:GetFolder>`
    const { text } = await getFolder(anna, body)
    expect(text).toContain('<t:DisplayName>Inbox</t:DisplayName>')
    expect(text).toContain('<m:ResponseCode>ErrorInvalidIdMalformed</m:ResponseCode>')
  })

  test('echoes the id of the request on request', async () => {
    const headers = { 'client-request-id': 'mine', 'return-client-request-id': 'true' }
    const answer = await call({ token: 'good', body: envelope(anna), headers })
    expect(answer.headers['client-request-id']).toBe('mine')
  })

  const faults: readonly [string, string, string][] = [
    ['no impersonation', '', 'ErrorInvalidExchangeImpersonationHeaderData'],
    ['an empty address', impersonating(''), 'ErrorInvalidExchangeImpersonationHeaderData'],
    ['a principal name without a domain', impersonating('anna', 'PrincipalName'), 'ErrorInvalidUserPrincipalName'],
    ['an address that has no mailbox', impersonating('nobody@contoso.com'), 'ErrorNonExistentMailbox'],
    ['a mailbox out of scope', impersonating('svc-d365@contoso.com'), 'ErrorImpersonateUserDenied'],
  ]
  test.each(faults)('%s: a fault with status 500', async (_name, header, expected) => {
    server.outOfScope.push('svc-d365@contoso.com')
    const answer = await getFolder(header)
    expect([answer.status, code(answer)]).toEqual([500, expected])
    expect(answer.text).toContain(
      `<faultcode xmlns:a="http://schemas.microsoft.com/exchange/services/2006/types">a:${expected}</faultcode>`,
    )
  })

  test('escapes what it repeats', async () => {
    const answer = await getFolder(impersonating('a&amp;&lt;b&gt;@contoso.com'))
    expect(answer.text).toContain('<t:Value Name="SmtpAddress">a&amp;&lt;b&gt;@contoso.com</t:Value>')
  })

  test('invalid XML, envelope, folder or version is a fault', async () => {
    const bodies = [
      '<soap:Envelope>',
      'a & b',
      '<a/>',
      envelope(anna, inbox.replace('inbox', 'attic')),
      envelope(anna, inbox, 'Exchange2030'),
    ]
    const answers = await Promise.all(bodies.map((body) => call({ token: 'good', body })))
    expect(answers.map(code)).toEqual([...Array.from({ length: 4 }, () => 'ErrorSchemaValidation'), 'ErrorInvalidServerVersion'])
    expect(answers.map(({ status }) => status)).toEqual([500, 500, 500, 500, 500])
  })
})

describe('around Exchange', () => {
  test('another path: 404; the path’s case does not matter', async () => {
    expect((await call({ path: '/ews/other.asmx' })).status).toBe(404)
    expect((await call({ path: '/ews/exchange.ASMX', token: 'good', body: envelope(anna) })).status).toBe(200)
  })

  test('EWS that is off: 403', async () => {
    server.ewsEnabled = false
    expect((await call({ token: 'good', body: envelope(anna) })).status).toBe(403)
    expect((await call()).status).toBe(401)
  })

  test('a device that requires its own sign-in answers without Exchange’s headers', async () => {
    server.preAuthentication = 'redirect'
    const redirected = await call({ token: 'good', body: envelope(anna) })
    expect([redirected.status, redirected.headers['x-feserver'], redirected.headers['www-authenticate']]).toEqual([
      302,
      undefined,
      undefined,
    ])
    server.preAuthentication = 'loginTimeout'
    expect((await call()).status).toBe(440)
  })

  test('an unknown host is 404; the sandbox’s own name leads to the first organization', async () => {
    const ask = (host: string): Promise<Answer> => listening.ask(host, { method: 'POST', path: '/EWS/Exchange.asmx', body: '' })
    expect((await ask('other.contoso.com')).status).toBe(404)
    const own = await ask('mail.sandbox.localhost:4711')
    expect(own.status).toBe(401)
    expect(own.headers['www-authenticate']).toContain(
      'authorization_uri="https://login.sandbox.localhost:4711/common/oauth2/authorize"',
    )
  })
})
