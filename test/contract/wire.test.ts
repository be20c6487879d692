import { Agent, request } from 'undici'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { raw } from '../../packages/sandbox/test/support/rawRequest.ts'
import { startSandbox } from '../../packages/sandbox/test/support/sandbox.ts'
import { createTransport } from '../../src/azure/http/transport.ts'
import type { Exchange } from './exchange.ts'
import { tap } from './wire.ts'

const heard: Omit<Exchange, 'in'>[] = []
afterAll(tap((exchange) => heard.push(exchange)))

const url = 'https://graph.microsoft.com/v1.0/applications'

test('hma’s requests and others’ are distinguished, and both answers are kept whole', async () => {
  const sandbox = await startSandbox()
  const transport = createTransport({ caPems: [sandbox.caPem], route: () => ({ host: '127.0.0.1', port: sandbox.port }) })
  onTestFinished(() => transport.close().then(() => sandbox.close()))
  const headers = { authorization: 'Bearer hush', 'content-type': 'application/json' }
  const hma = await transport.send({ method: 'POST', url, headers, body: '{"displayName":"n"}' })
  const agent = new Agent({
    connect: { ca: sandbox.caPem, lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) },
  })
  const stranger = await request(`${sandbox.endpoints.graph}/v1.0/applications`, { dispatcher: agent })
  await stranger.body.text()
  await agent.close()
  const test = await raw(sandbox, 'GET', url, { headers: { authorization: 'Bearer hush' } })
  expect(heard).toMatchObject([
    {
      ...{ by: 'hma', host: 'graph.microsoft.com', method: 'POST', url: '/v1.0/applications', status: hma.status },
      ...{
        request: { body: '{"displayName":"n"}' },
        answer: { body: hma.body, headers: { 'content-type': hma.headers['content-type'] } },
      },
    },
    { by: 'test', host: new URL(sandbox.endpoints.graph).host, method: 'GET', status: stranger.statusCode },
    { by: 'test', method: 'GET', status: test.status, request: { body: '' }, answer: { body: test.body } },
  ])
  expect(JSON.stringify(heard)).not.toContain('hush')
})
