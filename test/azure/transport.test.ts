import type { ServerResponse } from 'node:http'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createTransport, type Transport, type TransportOptions } from '../../src/azure/http/transport.ts'
import { Unreachable } from '../../src/azure/http/unreachable.ts'
import { Deadline, type Timer, within } from '../../src/core/deadline.ts'
import { limits } from '../../src/core/limits.ts'
import { instantTimer } from '../support/timer.ts'
import { type Reply, serve, serveProxy, serveRaw, serveSocks, type TestServer } from './server.ts'

/** A transport that never waits but records how long it would have waited. */
function transportTo(server: TestServer, options: TransportOptions = {}): { transport: Transport; waits: number[] } {
  const waits: number[] = []
  const transport = createTransport({
    caPems: [server.caPem],
    route: server.route,
    random: () => 1,
    timer: instantTimer(waits),
    ...options,
  })
  onTestFinished(() => transport.close())
  return { transport, waits }
}

const at = (method: string) => ({ method, url: 'https://graph.lab.localhost/v1.0/x', headers: {} })

const failing = (times: number, failure: Reply) =>
  serve((_request, count) => (count <= times ? failure : { status: 200, body: 'done' }))

describe('retries', () => {
  test.each([408, 429, 500, 502, 503, 504])('a PATCH after %i', async (status) => {
    const server = await failing(2, { status })
    const { transport, waits } = transportTo(server)
    expect(await transport.send({ ...at('PATCH'), body: '{}' })).toMatchObject({ status: 200, body: 'done' })
    expect(server.received.map(({ body }) => body)).toEqual(['{}', '{}', '{}'])
    expect(waits).toEqual([1000, 2000])
  })

  test.each([400, 401, 403, 404, 409, 412, 501])('nothing after %i', async (status) => {
    const server = await failing(1, { status })
    const { transport } = transportTo(server)
    expect((await transport.send(at('GET'))).status).toBe(status)
    expect(server.received).toHaveLength(1)
  })

  test.each<readonly [string, Record<string, string>, number]>([
    ['says nothing of when', {}, limits.faulty],
    ['asks for a long pause', { 'retry-after': '60' }, limits.request],
    ['asks for a short pause', { 'retry-after': '1' }, limits.request],
  ])('what is always refused, by a service that %s, until its time is over', async (_how, headers, limit) => {
    const server = await failing(999, { status: 429, headers })
    const { transport, waits } = transportTo(server)
    const { status, tried } = await transport.send(at('GET'))
    expect([status, tried?.attempts]).toEqual([429, server.received.length])
    const waited = waits.reduce((sum, one) => sum + one, 0)
    expect(tried?.milliseconds).toBeGreaterThanOrEqual(waited)
    expect(waited).toBeLessThan(limit + 32_000)
    expect(waited).toBeGreaterThan(limit - 64_000)
  })

  test('a GET whose answer was lost', async () => {
    const server = await failing(1, 'drop')
    expect((await transportTo(server).transport.send(at('GET'))).status).toBe(200)
    expect(server.received).toHaveLength(2)
  })

  test('no POST whose answer was lost', async () => {
    const server = await failing(1, 'drop')
    const failure = await transportTo(server)
      .transport.send(at('POST'))
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Unreachable)
    expect(failure).toMatchObject({ processed: 'maybe' })
    expect(server.received).toHaveLength(1)
  })

  test('no POST that a gateway gave up on, but one that was throttled', async () => {
    const broken = await failing(1, { status: 504 })
    expect((await transportTo(broken).transport.send(at('POST'))).status).toBe(504)
    const throttled = await failing(1, { status: 429 })
    expect((await transportTo(throttled).transport.send(at('POST'))).status).toBe(200)
  })

  test('a POST that says it may always be', async () => {
    const server = await failing(1, 'drop')
    expect((await transportTo(server).transport.send({ ...at('POST'), replay: 'always' })).status).toBe(200)
  })

  test.each(['GET', 'POST'])('a %s that reached a server of another name (421), once, over a new connection', async (method) => {
    const server = await serve((_request, count) => ({ status: count === 2 ? 421 : 200, body: 'done' }))
    const { transport } = transportTo(server)
    await transport.send(at('GET'))
    expect(await transport.send(at(method))).toMatchObject({ status: 200 })
    expect([server.received.length, server.handshakes()]).toEqual([3, 2])
    const wrong = await serve(() => ({ status: 421 }))
    expect(await transportTo(wrong).transport.send(at(method))).toMatchObject({ status: 421 })
    expect([wrong.received.length, wrong.handshakes()]).toEqual([2, 2])
  })

  test('nothing that says never', async () => {
    const server = await failing(1, { status: 429 })
    expect((await transportTo(server).transport.send({ ...at('POST'), replay: 'never' })).status).toBe(429)
    expect(server.received).toHaveLength(1)
  })

  test('for two minutes, then returns the refusal', async () => {
    const server = await failing(99, { status: 503, body: '<html>busy</html>' })
    const { transport, waits } = transportTo(server)
    expect(await transport.send(at('GET'))).toMatchObject({ status: 503, body: '<html>busy</html>', tried: { attempts: 9 } })
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 32_000, 32_000])
  })

  test("nothing beyond the caller's deadline", async () => {
    const server = await failing(99, { status: 503 })
    const timer = instantTimer()
    const { transport } = transportTo(server, { timer })
    const answer = await within(new Deadline('contoso/vault', 5000, timer), () => transport.send(at('GET')))
    expect(answer).toMatchObject({ status: 503, tried: { attempts: 3 } })
  })

  test('nothing once it is over', async () => {
    const server = await failing(99, { status: 503 })
    const timer = instantTimer()
    const { transport } = transportTo(server, { timer })
    const late = within(new Deadline('contoso/vault', 600_000, timer, 600_000), () => transport.send(at('GET')))
    await expect(late).rejects.toMatchObject({
      code: 'DEADLINE',
      message: expect.stringContaining('contoso/vault is limited to 10 minutes'),
    })
    expect(server.received).toEqual([])
  })

  test('a POST that never reached the server', async () => {
    const server = await failing(0, 'drop')
    let down = 2
    const route = () => (down-- > 0 ? { host: '127.0.0.1', port: 1 } : { host: '127.0.0.1', port: server.port })
    expect((await transportTo(server, { route }).transport.send(at('POST'))).status).toBe(200)
  })
})

describe('how long it waits', () => {
  const waitsFor = async (headers: Record<string, string>, times = 1): Promise<number[]> => {
    const { transport, waits } = transportTo(await failing(times, { status: 429, headers }))
    await transport.send(at('GET'))
    return waits
  }
  test('Retry-After in seconds', async () => expect(await waitsFor({ 'retry-after': '315' })).toEqual([315_000]))
  test('Retry-After as a date, by the clock of the answer', async () => {
    const date = 'Mon, 23 Nov 2026 20:00:00 GMT'
    expect(await waitsFor({ date, 'retry-after': 'Mon, 23 Nov 2026 20:00:07 GMT' })).toEqual([7000])
  })
  test.each(['retry-after-ms', 'x-ms-retry-after-ms'])('%s', async (name) =>
    expect(await waitsFor({ [name]: '1250' })).toEqual([1250]),
  )
  test.each<[string, Record<string, string>]>([
    ['no pause at all', { 'retry-after': '0' }],
    ['a pause that is none', { 'retry-after': '-5' }],
    ['the past', { date: 'Mon, 23 Nov 2026 20:00:00 GMT', 'retry-after': 'Mon, 23 Nov 2026 19:00:00 GMT' }],
  ])('as always where the service asks for %s', async (_what, headers) => expect(await waitsFor(headers)).toEqual([1000]))
  test('as long as requested at first, and longer if the pauses prove too short', async () =>
    expect(await waitsFor({ 'retry-after': '1' }, 9)).toEqual([1000, 1000, 1000, 1000, 1000, 1000, 2000, 4000, 8000]))
  test('at least some time if the answer asks for almost none', async () =>
    expect(await waitsFor({ 'retry-after-ms': '1' })).toEqual([500]))
  test('not at all for absurd values', async () => expect(await waitsFor({ 'retry-after': '3600' })).toEqual([]))
  test('between half and the full default pause if the answer names none', async () => {
    const { transport, waits } = transportTo(await failing(1, { status: 503 }), { random: () => 0 })
    await transport.send(at('GET'))
    expect(waits).toEqual([500])
  })
})

test('a byte order mark is not part of an answer', async () => {
  const server = await serve(() => ({ status: 200, body: '\ufeff{}' }))
  const { transport } = transportTo(server)
  expect((await transport.send(at('GET'))).body).toBe('{}')
})

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
] as const)('an answer compressed as %s is read', async (encoding, compress) => {
  const server = await serveRaw((outgoing) => void outgoing.writeHead(200, { 'content-encoding': encoding }).end(compress('{}')))
  const { transport } = transportTo(server)
  expect((await transport.send(at('GET'))).body).toBe('{}')
})

test('a small answer that decompresses to more than the longest is refused', async () => {
  const body = gzipSync(Buffer.alloc(limits.answerBytes + 1), { level: 1 })
  const server = await serveRaw((outgoing) => void outgoing.writeHead(200, { 'content-encoding': 'gzip' }).end(body))
  const { transport } = transportTo(server)
  await expect(transport.send(at('GET'))).rejects.toThrow('longer than')
})

test('a requested pause applies to every request to that host for that tenant', async () => {
  const server = await failing(1, { status: 429, headers: { 'retry-after': '40' } })
  const waits: number[] = []
  const instant = instantTimer(waits)
  const ask = (tenantId: string) => transport.send({ ...at('GET'), url: `https://graph.lab.localhost/${tenantId}`, tenantId })
  const others: Promise<unknown>[] = []
  let come = false
  const timer: Timer = {
    now: instant.now,
    async wait(milliseconds) {
      // While the first one waits, two more come.
      if (!come) {
        come = true
        others.push(ask('same'), ask('other'))
        await others[1]
        expect(server.received.map(({ path }) => path)).toEqual(['/same', '/other'])
      }
      await instant.wait(milliseconds)
    },
  }
  const { transport } = transportTo(server, { timer })
  expect(await ask('same')).toMatchObject({ status: 200 })
  await Promise.all(others)
  expect(server.received).toHaveLength(4)
  expect(waits.map((wait) => Math.round(wait / 1000))).toEqual([40, 40])
})

test('a request that cannot wait that long gets the answer that asked for it, and nothing is sent', async () => {
  const server = await failing(1, { status: 429, headers: { 'retry-after': '3600' } })
  const { transport } = transportTo(server)
  const answers = [await transport.send(at('GET')), await transport.send(at('GET'))]
  expect(answers.map(({ status, tried }) => [status, tried?.attempts])).toEqual([
    [429, 1],
    [429, 0],
  ])
  expect(server.received).toHaveLength(1)
})

describe('answers that never end', () => {
  const fails = (transport: Transport, request = at('GET')): Promise<unknown> =>
    transport.send(request).then(
      ({ status }) => status,
      (error: unknown) => (error instanceof Unreachable ? error.code : error),
    )

  test.each<[string, (outgoing: ServerResponse) => void]>([
    ['no headers', () => {}],
    ['a body that never ends', (outgoing) => void outgoing.writeHead(200).write('{')],
    [
      'a body that comes drop by drop',
      (outgoing) => {
        const drops = setInterval(() => outgoing.write(' '), 20)
        outgoing.on('close', () => clearInterval(drops))
      },
    ],
  ])('%s: ended as a whole', async (_what, answer) => {
    const server = await serveRaw(answer)
    expect(await fails(transportTo(server, { attemptMs: 200 }).transport)).toBe('TIMED_OUT')
  })

  test('an endless body is cut off and not requested again', async () => {
    const server = await serveRaw((outgoing) => {
      const more = (error?: Error | null): void => void (error ?? outgoing.write(Buffer.alloc(1024 * 1024, 32), more))
      more()
    })
    const failure = await transportTo(server)
      .transport.send(at('GET'))
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'ANSWER_TOO_LONG', message: expect.stringContaining('longer than 32 MB') })
  })

  test('a proxy that hangs up on CONNECT is reported at once, without a retry', async () => {
    const proxy = await serveProxy('hangs up')
    const { transport } = transportTo(await failing(0, 'drop'), { route: undefined, proxy: { httpsProxy: proxy.url } })
    expect(await fails(transport, { ...at('GET'), url: 'https://graph.contoso.example/' })).toBe('PROXY_CLOSED')
    expect(proxy.asked).toHaveLength(1)
  })

  test('the answer of a refusing proxy is not an answer of the service', async () => {
    const proxy = await serveProxy('refuses')
    const httpsProxy = proxy.url.replace('//', '//anna:p%40ss%@')
    const { transport } = transportTo(await failing(0, 'drop'), { route: undefined, proxy: { httpsProxy } })
    const failure = await transport
      .send({ ...at('POST'), url: 'https://graph.contoso.example/' })
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({
      ...{ code: 'PROXY', processed: 'no' },
      message: 'graph.contoso.example: the proxy answered 407 Proxy Authentication Required',
    })
    expect(proxy.credentials).toEqual([`Basic ${btoa('anna:p%40ss%')}`])
  })

  test('a proxy that says nothing', async () => {
    const proxy = await serveProxy('is silent')
    const { transport } = transportTo(await failing(0, 'drop'), {
      route: undefined,
      proxy: { httpsProxy: proxy.url },
      attemptMs: 200,
    })
    expect(await fails(transport, { ...at('GET'), url: 'https://graph.contoso.example/' })).toBe('TIMED_OUT')
  })
})

describe('where it connects', () => {
  test('a host unknown to the route counts as a name that does not resolve', async () => {
    const server = await failing(0, 'drop')
    const { transport, waits } = transportTo(server, { route: () => undefined })
    const failure = await transport.send(at('POST')).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'ENOTFOUND', host: 'graph.lab.localhost', processed: 'no' })
    expect(waits).toEqual([1000, 2000, 4000])
  })

  test('a name below localhost is this machine, without any route', async () => {
    const server = await failing(0, 'drop')
    const { transport } = transportTo(server, { route: undefined })
    const url = `https://graph.lab.localhost:${server.port}/v1.0/me`
    expect((await transport.send({ method: 'GET', url, headers: {} })).status).toBe(200)
    expect(server.received[0]?.host).toBe(`graph.lab.localhost:${server.port}`)
  })

  test('the certificate must be that of the host that was asked for', async () => {
    const server = await failing(0, 'drop')
    const url = 'https://somebody.else.example/'
    const failure = await transportTo(server)
      .transport.send({ method: 'GET', url, headers: {} })
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID', processed: 'no' })
  })

  test('a certificate of an unknown issuer is refused, once', async () => {
    const server = await failing(0, 'drop')
    const { transport, waits } = transportTo(server, { caPems: [] })
    await expect(transport.send(at('GET'))).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    expect(waits).toEqual([])
  })

  test('through the proxy, except where NO_PROXY says so and to this machine', async () => {
    const server = await failing(0, 'drop')
    const proxy = await serveProxy(server.port)
    const through = (noProxy: string) =>
      transportTo(server, { route: undefined, proxy: { httpsProxy: proxy.url, noProxy } }).transport
    const url = 'https://graph.contoso.example/'
    expect((await through('other.example').send({ method: 'GET', url, headers: {} })).status).toBe(200)
    expect(proxy.asked).toEqual(['graph.contoso.example:443'])
    await expect(through('.contoso.example').send({ method: 'GET', url, headers: {} })).rejects.toBeInstanceOf(Unreachable)
    await through('').send({ method: 'GET', url: `https://graph.lab.localhost:${server.port}/`, headers: {} })
    expect(proxy.asked).toHaveLength(1)
  })
})

describe('through a proxy that speaks TLS itself', () => {
  const url = 'https://graph.contoso.example/'

  test('whose certificate is for its own name, as that of the service is for its', async () => {
    const server = await failing(0, 'drop')
    const proxy = await serveProxy(server.port, { secure: true })
    const { transport } = transportTo(server, { route: undefined, proxy: { httpsProxy: proxy.url } })
    expect((await transport.send({ method: 'GET', url, headers: {} })).status).toBe(200)
    expect(proxy.asked).toEqual(['graph.contoso.example:443'])
  })

  test('whose certificate is for another name', async () => {
    const server = await failing(0, 'drop')
    const proxy = await serveProxy(server.port, { secure: true })
    const httpsProxy = proxy.url.replace('localhost', '127.0.0.1')
    const { transport } = transportTo(server, { route: undefined, proxy: { httpsProxy } })
    await expect(transport.send({ method: 'GET', url, headers: {} })).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
    expect(proxy.asked).toEqual([])
  })
})

describe('through a SOCKS proxy', () => {
  test('which is asked by name, with a password', async () => {
    const server = await failing(0, 'drop')
    const proxy = await serveSocks(server.port, 'anna', 'p@ss')
    const { transport } = transportTo(server, { route: undefined, proxy: { httpsProxy: proxy.url } })
    const url = 'https://graph.contoso.example/'
    expect((await transport.send({ method: 'GET', url, headers: {} })).status).toBe(200)
    expect([proxy.asked, proxy.credentials]).toEqual([['graph.contoso.example:443'], ['anna:p@ss']])
  })

  test('which refuses', async () => {
    const server = await failing(0, 'drop')
    const proxy = await serveSocks(server.port, 'anna', 'p@ss')
    const { transport } = transportTo(server, { route: undefined, proxy: { httpsProxy: proxy.url.replace('p%40ss', 'q') } })
    const failure = await transport.send({ ...at('GET'), url: 'https://graph.contoso.example/' }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'PROXY', processed: 'no' })
    expect(proxy.asked).toEqual([])
  })
})

test('the number of concurrent requests to one host is limited', async () => {
  let [now, most] = [0, 0]
  const server = await serve(async () => {
    most = Math.max(most, ++now)
    await new Promise((resolve) => setImmediate(resolve))
    now--
    return { status: 200 }
  })
  const { transport } = transportTo(server, { concurrency: 3 })
  await Promise.all(Array.from({ length: 20 }, () => transport.send(at('GET'))))
  expect(server.received).toHaveLength(20)
  expect(most).toBeLessThanOrEqual(3)
})

test('sequential requests share one connection', async () => {
  const server = await serve(() => ({ status: 200, body: { value: [] } }))
  const { transport } = transportTo(server, { concurrency: 1 })
  await Promise.all(Array.from({ length: 20 }, () => transport.send(at('GET'))))
  expect(server.received).toHaveLength(20)
  expect(server.handshakes()).toBe(1)
})

describe('when it is asked to stop', () => {
  test('a request under way ends', async () => {
    const stop = new AbortController()
    const server = await serve(() => {
      stop.abort(new Error('enough'))
      return new Promise(() => {})
    })
    await expect(transportTo(server).transport.send({ ...at('GET'), signal: stop.signal })).rejects.toThrow('enough')
  })

  test('reads end, and a write in progress is answered', async () => {
    const stop = new AbortController()
    let answer = (): void => {}
    const held = new Promise<void>((resolve) => {
      answer = resolve
    })
    const server = await serve(async ({ method }, count) => {
      if (count === 2) stop.abort(new Error('enough'))
      await held
      return { status: 200, body: method }
    })
    const { transport } = transportTo(server, { signal: stop.signal })
    const [read, write] = [transport.send(at('GET')), transport.send(at('PATCH'))]
    await expect(read).rejects.toThrow('enough')
    answer()
    expect(await write).toMatchObject({ status: 200, body: 'PATCH' })
  })

  test('a request that waits for its turn is not sent', async () => {
    let open = (): void => {}
    const held = new Promise<void>((resolve) => {
      open = resolve
    })
    const server = await serve(() => held.then(() => ({ status: 200 })))
    const { transport } = transportTo(server, { concurrency: 1 })
    const asked = new AbortController()
    const first = transport.send(at('GET'))
    const second = transport.send({ ...at('POST'), signal: asked.signal })
    await vi.waitUntil(() => server.received.length === 1)
    asked.abort(new Error('enough'))
    open()
    await expect(second).rejects.toThrow('enough')
    await first
    // Over the same connection, so that it would follow the one that waited.
    await transport.send(at('GET'))
    expect(server.received.map(({ method }) => method)).toEqual(['GET', 'GET'])
  })

  test('no request is started', async () => {
    const server = await failing(0, 'drop')
    const { transport } = transportTo(server, { signal: AbortSignal.abort(new Error('enough')) })
    await expect(transport.send(at('GET'))).rejects.toThrow('enough')
    expect(server.received).toEqual([])
  })

  test('a pause ends', async () => {
    const stop = new AbortController()
    const server = await serve(() => ({ status: 503, headers: { 'retry-after': '50' } }))
    const transport = createTransport({
      caPems: [server.caPem],
      route: server.route,
      signal: stop.signal,
      trace: () => stop.abort(),
    })
    onTestFinished(() => transport.close())
    await expect(transport.send(at('GET'))).rejects.toMatchObject({ name: 'AbortError' })
  })
})

test('the trace shows method, address, status and request id, and no secret', async () => {
  const lines: string[] = []
  const server = await serve((_request, count) =>
    count === 1 ? { status: 503 } : { status: 200, headers: { 'request-id': 'r-1' }, body: { secretText: 'hush-answer' } },
  )
  const { transport } = transportTo(server, { trace: (line) => lines.push(line) })
  await transport.send({
    method: 'GET',
    url: 'https://graph.lab.localhost/v1.0/applications?$select=id&code=hush-query',
    headers: { authorization: 'Bearer hush-token' },
    body: 'client_secret=hush-body',
  })
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/^GET https:\/\/graph\.lab\.localhost\/v1\.0\/applications\?\$select=id&code=… 503 \d+ ms$/)
  expect(lines[1]).toMatch(/ 200 \d+ ms r-1$/)
  expect(lines.join('\n')).not.toContain('hush')
})
