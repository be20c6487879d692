import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Fault } from '../../packages/sandbox/src/faults/faults.ts'
import { challengesIn, diagnosticsIn } from '../../src/azure/exchange/challenge.ts'
import type { Secret } from '../../src/core/secret.ts'
import { ids, type OpenDeployment, openDeployment } from '../support/deployment.ts'
import { altered, appIdOf, certificateOf, connected, ewsUrl, mailbox } from './hybrid.ts'

let here: OpenDeployment
let token: Secret
beforeAll(async () => {
  here = await openDeployment()
  await here.apply()
})
afterAll(() => here.close())

/** The token of HMA-App for Exchange. */
async function signedIn(): Promise<Secret> {
  const pem = await certificateOf(here)
  const { value } = await connected(here).clients.signIn.tokenByCertificate(
    ids.exchangeTenant,
    appIdOf(here, 'hma-app'),
    pem,
    'https://mail.contoso.com/',
  )
  return value
}

const greet = (options?: Parameters<typeof connected>[1]) => connected(here, options).clients.exchange.greet(ewsUrl)

async function open(address = mailbox, url = ewsUrl) {
  token ??= await signedIn()
  const at = connected(here)
  const before = here.sandbox.log.length
  const opening = await at.clients.exchange.openInbox(url, token, address)
  const asked = here.sandbox.log.slice(before).filter(({ service }) => service === 'exchange')
  return { opening, asked, ...at }
}

/** The answers of Exchange or a device in front of it. */
function answering(answer: Fault['answer'], times = 1): void {
  const fault: Fault = { service: 'exchange', times, when: 'instead', answer }
  here.sandbox.faults.push(fault)
  onTestFinished(() => void (fault.times = 0))
}

describe('a server that is greeted', () => {
  test('asks for a token of Entra, shows its certificate and says who it is', async () => {
    const greeting = await greet()
    expect(greeting).toMatchObject({ status: 401, location: undefined, server: 'EX01' })
    expect(greeting.challenges.map(({ scheme }) => scheme)).toEqual(['Bearer', 'Basic'])
    expect(greeting.challenges[0]?.parameters).toEqual({
      client_id: '00000002-0000-0ff1-ce00-000000000000',
      trusted_issuers: `00000001-0000-0000-c000-000000000000@${ids.exchangeTenant}`,
      token_types: 'app_asserted_user_v1 service_asserted_app_v1',
      authorization_uri: 'https://login.windows.net/common/oauth2/authorize',
    })
    expect(greeting.certificate).toEqual({
      issuer: expect.stringMatching(/^hma sandbox /),
      expires: '2049-12-31T00:00:00.000Z',
      protocol: 'TLSv1.3',
    })
  })

  test('shows a certificate that expires soon', async () => {
    altered(here, { tls: 'expiring' })
    const { certificate } = await greet()
    const days = (Date.parse(certificate?.expires ?? '') - here.sandbox.now().getTime()) / 86_400_000
    expect(Math.round(days)).toBe(10)
  })

  test('shows the certificate on an open connection, too', async () => {
    const { exchange } = connected(here).clients
    const [first, second] = [await exchange.greet(ewsUrl), await exchange.greet(ewsUrl)]
    expect(second.certificate).toEqual(first.certificate)
    expect(second.certificate).toBeDefined()
  })

  test('has no Bearer challenge where OAuth is off', async () => {
    altered(here, { oauthEnabled: false })
    expect((await greet()).challenges).toEqual([{ scheme: 'Basic', parameters: { realm: 'mail.contoso.com' } }])
  })

  test('is not followed to another host', async () => {
    altered(here, { preAuthentication: 'redirect' })
    const before = here.sandbox.log.length
    expect(await greet()).toMatchObject({
      status: 302,
      challenges: [],
      location: expect.stringContaining('https://mail.contoso.com/CookieAuth.dll'),
      server: undefined,
    })
    expect(here.sandbox.log.length - before).toBe(1)
  })

  test('may require its own sign-in', async () => {
    altered(here, { preAuthentication: 'loginTimeout' })
    expect(await greet()).toMatchObject({ status: 440, location: undefined })
  })

  test('that asks for a long pause is not asked again, and its refusal is the answer', async () => {
    answering({ status: 503, headers: { 'retry-after': '3600' } }, 9)
    const at = connected(here)
    expect((await at.clients.exchange.greet(ewsUrl)).status).toBe(503)
    expect(at.waits).toEqual([])
  })
})

describe('an inbox', () => {
  test('is opened, and the server reports its build', async () => {
    const { opening, asked, lines } = await open()
    expect(opening).toEqual({
      ...{ opened: true, build: '15.2.2562.56', server: 'EX01', responder: { kind: 'exchange', name: undefined } },
    })
    expect(asked).toHaveLength(1)
    expect(lines.join('\n')).not.toContain(token.reveal())
  })

  test.each([
    ['nobody@contoso.com', 'ErrorNonExistentMailbox', /no mailbox/],
    ["o'<neill>&co@contoso.com", 'ErrorNonExistentMailbox', /no mailbox/],
    ['', 'ErrorInvalidExchangeImpersonationHeaderData', /header/],
  ])('of %j is not', async (address, code, message) => {
    const { opening, asked } = await open(address)
    expect(opening).toMatchObject({ opened: false, status: 500, code, message: expect.stringMatching(message) })
    expect(asked).toHaveLength(1)
  })

  test('out of scope is not opened, and the request id is reported', async () => {
    altered(here, { outOfScope: [mailbox] })
    expect((await open()).opening).toEqual({
      opened: false,
      responder: { kind: 'exchange', name: undefined },
      status: 500,
      code: 'ErrorImpersonateUserDenied',
      advice: { meaning: expect.stringContaining('may not act'), hint: expect.stringContaining('exchange.mailboxScope') },
      values: {},
      message: 'The account does not have permission to impersonate the requested user.',
      diagnostics: undefined,
      challenges: [],
      location: undefined,
      policy: undefined,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      server: 'EX01',
    })
  })

  test('behind a device that terminates TLS is not opened: the audience does not match', async () => {
    altered(here, { sslOffload: true })
    const { opening } = await open()
    expect(opening).toMatchObject({
      status: 401,
      diagnostics: { code: '2000003', reason: expect.stringContaining("Actual 'http://"), category: 'invalid_resource' },
    })
    expect(opening).toMatchObject({ challenges: [{ scheme: 'Bearer', parameters: { error: 'invalid_token' } }, {}] })
  })

  test('of a server that trusts another tenant is not opened', async () => {
    altered(here, { trustedTenantId: ids.vaultTenant })
    expect((await open()).opening).toMatchObject({ status: 401, diagnostics: { category: 'invalid_issuer' } })
  })

  test('is not opened if OAuth or EWS is off, a device requires sign-in, or the path is wrong', async () => {
    altered(here, { oauthEnabled: false })
    expect((await open()).opening).toMatchObject({ status: 401, diagnostics: undefined, challenges: [{ scheme: 'Basic' }] })
    altered(here, { oauthEnabled: true, ewsEnabled: false })
    expect((await open()).opening).toMatchObject({ status: 403, code: undefined, policy: undefined })
    altered(here, { preAuthentication: 'redirect' })
    expect((await open()).opening).toMatchObject({ status: 302, location: expect.stringContaining('CookieAuth') })
    altered(here, { preAuthentication: 'loginTimeout' })
    expect((await open()).opening).toMatchObject({ status: 440 })
    altered(here, { preAuthentication: 'none' })
    expect((await open(mailbox, 'https://mail.contoso.com/owa')).opening).toMatchObject({ status: 404, server: 'EX01' })
  })

  test('of Exchange Online is not opened because of its policy', async () => {
    const policy = 'EWS is blocked by policy for this user or tenant'
    answering({ status: 403, headers: { 'X-EWS-Policy-Reason': policy } })
    expect((await open()).opening).toMatchObject({ status: 403, policy, server: undefined })
  })

  const envelope = (body: string): string =>
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`

  test('is not opened if the operation fails with status 200', async () => {
    const message = `<m:GetFolderResponseMessage ResponseClass="Error"><m:MessageText>Not &lt;you&gt; &amp; &#233;</m:MessageText><m:ResponseCode>ErrorAccessDenied</m:ResponseCode></m:GetFolderResponseMessage>`
    const list = `<m:GetFolderResponse xmlns:m="x"><m:ResponseMessages>${message}</m:ResponseMessages></m:GetFolderResponse>`
    answering({ status: 200, headers: { 'content-type': 'text/xml' }, body: envelope(list) })
    expect((await open()).opening).toMatchObject({
      opened: false,
      status: 200,
      code: 'ErrorAccessDenied',
      message: 'Not <you> & é',
    })
  })

  test.each([
    ['nothing', ''],
    ['a page', '<!DOCTYPE html><html><body>Sign in<br></body></html>'],
    ['a page of XML', '<html><body>Sign in</body></html>'],
    ['half an answer', '<s:Envelope><s:Body>'],
    ['no XML at all', '{"error":"x"}'],
    ['an answer with a DTD', `<!DOCTYPE x [<!ENTITY a "ErrorX">]>${envelope('<Fault><faultcode>&a;</faultcode></Fault>')}`],
    ['more than a megabyte', envelope(`<Fault><faultcode>ErrorX</faultcode></Fault>${' '.repeat(1_000_000)}`)],
    ['a fault of SOAP itself', envelope('<Fault><faultcode>s:Client</faultcode></Fault>')],
  ])('is not opened by %s', async (_name, body) => {
    answering({ status: 200, body })
    expect((await open()).opening).toMatchObject({ opened: false, status: 200, code: undefined })
  })

  test('is not opened by a page that echoes the token, and the token is not shown', async () => {
    token ??= await signedIn()
    const fault = `<s:Fault><faultcode>a:ErrorX</faultcode><faultstring>who is ${token.reveal()}?</faultstring></s:Fault>`
    answering({ status: 500, headers: { location: `/?t=${token.reveal()}` }, body: envelope(fault) })
    const { opening } = await open()
    expect(opening).toMatchObject({ code: 'ErrorX', message: 'who is …?' })
    expect(JSON.stringify(opening)).not.toContain(token.reveal())
  })
})

describe('transient errors', () => {
  const fault = (code: string, more = ''): string =>
    `<s:Envelope xmlns:s="s"><s:Body><s:Fault><faultcode>a:${code}</faultcode><faultstring>Later</faultstring><detail><e:ResponseCode xmlns:e="e">${code}</e:ResponseCode>${more}</detail></s:Fault></s:Body></s:Envelope>`
  const backOff = (milliseconds: number): string =>
    `<t:MessageXml xmlns:t="t"><t:Value Name="Other">1</t:Value><t:Value Name="BackOffMilliseconds">${milliseconds}</t:Value></t:MessageXml>`

  test.each(['ErrorMailboxMoveInProgress', 'ErrorMailboxStoreUnavailable', 'ErrorConnectionFailed', 'ErrorADUnavailable'])(
    '%s is asked again',
    async (code) => {
      answering({ status: 500, body: fault(code) })
      const { opening, asked, waits } = await open()
      expect([opening.opened, asked.length, waits]).toEqual([true, 2, [1000]])
    },
  )

  test.each([
    [7000, true, [7000]],
    [297_749, false, []],
  ])('a busy server that says %i ms: opened %s', async (said, opened, waited) => {
    answering({ status: 500, body: fault('ErrorServerBusy', backOff(said)) })
    const { opening, waits } = await open()
    expect([opening.opened, waits]).toEqual([opened, waited])
  })

  test('a server that stays busy is the answer', async () => {
    answering({ status: 500, body: fault('ErrorServerBusy', backOff(10)) }, 99)
    const { opening, asked } = await open()
    expect(opening).toMatchObject({ opened: false, status: 500, code: 'ErrorServerBusy', message: 'Later' })
    expect(asked.length).toBeGreaterThan(3)
  })

  test.each([429, 503])('status %i waits as long as it says', async (status) => {
    answering({ status, headers: { 'retry-after': '5' } })
    const { opening, waits } = await open()
    expect([opening.opened, waits]).toEqual([true, [5000]])
  })

  test('a persistent fault and a server error without a code are not retried', async () => {
    answering({ status: 500, body: fault('ErrorInternalServerError') })
    expect((await open()).asked).toHaveLength(1)
    answering({ status: 500, body: '<html>500</html>' })
    expect((await open()).asked).toHaveLength(1)
  })
})

test('the user agent names hma and, if known, its version', async () => {
  const { version }: { version: string } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
  const agents: (string | undefined)[] = []
  const { serve } = await import('./server.ts')
  const server = await serve(({ headers }) => {
    agents.push(headers['user-agent']?.toString())
    return { status: 401 }
  })
  const options = { caPems: [server.caPem], route: server.route }
  await connected(here, { ...options, version }).clients.exchange.greet('https://graph.contoso.example/EWS/Exchange.asmx')
  await connected(here, options).clients.exchange.greet('https://graph.contoso.example/EWS/Exchange.asmx')
  expect(agents).toEqual([`hma/${version}`, 'hma'])
})

describe('a header of challenges is read', () => {
  const bearer = { scheme: 'Bearer', parameters: { client_id: 'a', trusted_issuers: 'b@c,d@e' } }
  const basic = { scheme: 'Basic', parameters: { realm: 'mail' } }
  test.each([
    ['with everything on one line', 'Bearer client_id="a", trusted_issuers="b@c,d@e",Basic realm="mail"', [bearer, basic]],
    ['without spaces', 'Bearer client_id="a",trusted_issuers="b@c,d@e",Basic realm="mail"', [bearer, basic]],
    ['in any case', 'BEARER Client_ID="a", TRUSTED_ISSUERS="b@c,d@e", basic Realm="mail"', [bearer, basic]],
    ['without quotes', 'Bearer client_id=a, Basic realm=mail', [{ ...bearer, parameters: { client_id: 'a' } }, basic]],
    ['folded', 'Bearer client_id="a",\r\n\ttrusted_issuers="b@c,d@e"', [bearer]],
    [
      'with an unquoted address',
      'Bearer authorization_uri=https://login.windows.net/common?x=1, Basic realm=mail',
      [{ scheme: 'Bearer', parameters: { authorization_uri: 'https://login.windows.net/common?x=1' } }, basic],
    ],
    [
      'with schemes that stand alone or carry data',
      'Negotiate YII=, NTLM TlRM==, ntlm, Bearer',
      [
        { scheme: 'Negotiate', parameters: {} },
        { scheme: 'NTLM', parameters: {} },
        { scheme: 'NTLM', parameters: {} },
        { scheme: 'Bearer', parameters: {} },
      ],
    ],
    ['with an escape', 'Basic realm="a \\"b\\""', [{ scheme: 'Basic', parameters: { realm: 'a "b"' } }]],
    ['with a scheme that is named like a property', 'constructor', [{ scheme: 'constructor', parameters: {} }]],
    ['cut off', 'Bearer client_id="a', [{ scheme: 'Bearer', parameters: { client_id: 'a' } }]],
    ['of signs only', ' ,= "', []],
    ['where there is none', undefined, []],
  ])('%s', (_name, header, challenges) => {
    expect(challengesIn(header)).toEqual(challenges)
  })
})

test.each([
  [
    `2000003;reason="The audience is invalid. Expected 'https://a'. Actual 'http://a'.";error_category="invalid_resource"`,
    {
      code: '2000003',
      reason: "The audience is invalid. Expected 'https://a'. Actual 'http://a'.",
      category: 'invalid_resource',
    },
  ],
  ['2000008; reason=No; error_category=invalid_grant', { code: '2000008', reason: 'No', category: 'invalid_grant' }],
  ['2000008;reason="With; a sign"', { code: '2000008', reason: 'With; a sign', category: undefined }],
  ['Something else', { code: '', reason: 'Something else', category: undefined }],
  [undefined, undefined],
])('diagnostics %s', (header, diagnostics) => {
  expect(diagnosticsIn(header)).toEqual(diagnostics)
})
