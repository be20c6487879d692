import { lookup } from 'node:dns/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type ServerOptions } from 'node:https'
import type { Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { issue } from '../../packages/sandbox/src/front/authority.ts'
import type { TransportOptions } from '../../src/azure/http/transport.ts'
import { Secret } from '../../src/core/secret.ts'
import { reach } from '../../src/proof/reach.ts'
import { type OpenDeployment, openDeployment } from '../support/deployment.ts'
import { altered, connected, ewsUrl, mailbox } from './hybrid.ts'
import { serve, serveProxy } from './server.ts'

let here: OpenDeployment
beforeAll(async () => {
  here = await openDeployment()
})
afterAll(() => here.close())

const failure = (options?: TransportOptions, url = ewsUrl) =>
  connected(here, options)
    .clients.exchange.greet(url)
    .catch((error: unknown) => error)

/** The port of a test server that takes the place of Exchange. */
async function listening(server: Server): Promise<TransportOptions> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { route: () => ({ host: '127.0.0.1', port }) }
}

async function speaking(options: ServerOptions): Promise<TransportOptions> {
  const { key, certificate } = await issue(here.sandbox.world.keys.authority, 'mail.contoso.com')
  return listening(createServer({ key, cert: certificate, ...options }, (_request, answer) => answer.end()))
}

test('a name that does not resolve', async () => {
  altered(here, { unresolved: true })
  expect(await failure()).toMatchObject({
    service: 'exchange',
    code: 'ENOTFOUND',
    retryable: true,
    message:
      'Could not ask Exchange Web Services how to sign in: Exchange at mail.contoso.com cannot be reached (ENOTFOUND) after 4 attempts in 7 seconds',
    hint: expect.stringMatching(/mail\.contoso\.com does not resolve.*public DNS/),
  })
})

test.each([
  ['untrusted', /^(UNABLE_TO_|SELF_SIGNED_)/, /public authority/],
  ['expired', /^CERT_HAS_EXPIRED$/, /has expired/],
  ['wrongName', /^ERR_TLS_CERT_ALTNAME_INVALID$/, /names mail\.contoso\.com/],
] as const)('a certificate that is %s is met once', async (tls, code, hint) => {
  altered(here, { tls })
  const at = connected(here)
  const error = await at.clients.exchange.greet(ewsUrl).catch((each: unknown) => each)
  expect(error).toMatchObject({ code: expect.stringMatching(code), hint: expect.stringMatching(hint), retryable: false })
  expect(at.waits).toEqual([])
})

test('a connection that is cut in the handshake', async () => {
  altered(here, { tls: 'refused' })
  const error = await failure()
  expect(error).toMatchObject({ code: 'ECONNRESET', hint: expect.stringMatching(/cut.*firewall/) })
  expect(String(error)).not.toContain('may have been done')
})

test('a port on which nothing listens, after a few attempts', async () => {
  const at = connected(here, { route: () => ({ host: '127.0.0.1', port: 1 }) })
  await expect(at.clients.exchange.greet(ewsUrl)).rejects.toMatchObject({
    code: 'ECONNREFUSED',
    hint: expect.stringMatching(/Nothing listens/),
  })
  expect(at.waits).toEqual([1000, 2000, 4000, 8000, 16_000])
})

test('a server that never answers', async () => {
  const server = await serve(() => new Promise(() => {}))
  const at = connected(here, { caPems: [server.caPem], route: server.route, attemptMs: 100 })
  await expect(at.clients.exchange.greet('https://graph.contoso.example/EWS/Exchange.asmx')).rejects.toMatchObject({
    code: 'TIMED_OUT',
    hint: expect.stringMatching(/firewall drops/),
  })
})

test('TLS that is too old', async () => {
  const old = await speaking({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })
  expect(await failure(old)).toMatchObject({ service: 'exchange', hint: expect.stringMatching(/TLS 1\.2/) })
})

test('no TLS at all', async () => {
  const plain = await listening(createHttpServer((_request, answer) => answer.end()))
  expect(await failure(plain)).toMatchObject({ service: 'exchange', hint: expect.stringMatching(/does not use TLS/) })
})

test('TLS 1.2 is reported as TLS 1.2', async () => {
  const { certificate } = await connected(here, await speaking({ maxVersion: 'TLSv1.2' })).clients.exchange.greet(ewsUrl)
  expect(certificate?.protocol).toBe('TLSv1.2')
})

test('through a proxy the certificate is unknown, and a refusing proxy is reported as such', async () => {
  const proxy = await serveProxy(here.sandbox.port)
  const through = (httpsProxy: string) => ({ route: undefined, proxy: { httpsProxy } })
  const greeting = await connected(here, through(proxy.url)).clients.exchange.greet(ewsUrl)
  expect([greeting.status, greeting.certificate]).toEqual([401, undefined])
  const refusing = createHttpServer().on('connect', (_request, socket) => socket.end('HTTP/1.1 407 No\r\n\r\n'))
  await listening(refusing)
  const address = refusing.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  expect(await failure(through(`http://127.0.0.1:${port}`))).toMatchObject({
    code: 'PROXY',
    hint: expect.stringMatching(/HTTPS_PROXY/),
  })
})

test('an unreachable inbox: the error contains no token', async () => {
  altered(here, { unresolved: true })
  const error = await connected(here)
    .clients.exchange.openInbox(ewsUrl, new Secret('hush-token'), mailbox)
    .catch((each: unknown) => each)
  expect(error).toMatchObject({ message: expect.stringContaining(`Could not open the inbox of ${mailbox}`) })
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hush')
})

describe('a host with IPv4 and IPv6 addresses', () => {
  const [four, six] = [
    { address: '127.0.0.1', family: 4 },
    // Nothing listens there; what matters is that the resolver returns an IPv6 address.
    { address: '127.0.0.2', family: 6 },
  ] as const
  const judged = async (found: readonly { address: string; family: number }[]) => {
    const { clients } = connected(here, { resolve: async () => found })
    const subject = { ewsUrl, now: here.sandbox.now() }
    return reach(subject, clients)
  }

  test('is tried over both, and the address without an answer is named', async () => {
    expect(await judged([six, four])).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/ At its IPv6 address 127\.0\.0\.2 nothing answers \(E[A-Z]+\)/),
      hint: expect.stringContaining('remove the AAAA record'),
    })
    expect(
      await judged([
        { ...four, family: 6 },
        { ...six, family: 4 },
      ]),
    ).toMatchObject({
      status: 'warning',
      hint: expect.stringContaining('remove the A record'),
    })
  })

  test('passes where both answer, and one with one family needs no second look', async () => {
    for (const found of [[four, { ...four, family: 6 }], [four], []])
      expect(await judged(found)).toMatchObject({ status: 'passed', detail: expect.not.stringContaining('address') })
  })

  test("goes by the machine's resolver", async () => {
    const found = await lookup('localhost', { all: true })
    const options = await speaking({})
    const { port } = options.route?.('', 0) ?? { port: 0 }
    const families = await connected(here, { route: () => ({ host: 'localhost', port }) }).clients.exchange.families(ewsUrl)
    expect(families).toHaveLength(new Set(found.map(({ family }) => family)).size === 2 ? 2 : 0)
    for (const one of families) expect(one.problem === undefined).toBe(one.family === 4)
  })
})
