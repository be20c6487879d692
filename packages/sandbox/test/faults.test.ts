import { request } from 'node:https'
import { createConnection } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { faultKinds } from '../src/faults/bySeed.ts'
import { type Fault, isFault } from '../src/faults/faults.ts'
import type { Sandbox } from '../src/sandbox.ts'
import { type Graph, graphAs, graphUrl, listOf } from './support/graph.ts'
import { ask, bearer, mailTenant, principal, startSandbox } from './support/sandbox.ts'

const control = 'https://control.sandbox.localhost/faults'

let sandbox: Sandbox
let graph: Graph

beforeEach(async () => {
  sandbox = await startSandbox()
  graph = await graphAs(sandbox, principal(sandbox, mailTenant))
})
afterEach(() => sandbox.close())

const names = async (): Promise<unknown[]> => {
  const { json } = await graph('GET', "/applications?$filter=startswith(displayName,'Fault')")
  return listOf(json.value).map(({ displayName }) => displayName)
}
const ownersToken = (): Promise<string> => bearer(sandbox, principal(sandbox, mailTenant), graphUrl)

/** A client that gives up after so many milliseconds. */
function sendUntilTimeout({ port, caPem }: Sandbox, authorization: string, timeout: number): Promise<never> {
  const options = { host: '127.0.0.1', port, ca: caPem, servername: 'graph.microsoft.com', agent: false, timeout }
  const headers = { host: 'graph.microsoft.com', authorization, 'content-type': 'application/json' }
  return new Promise((_resolve, reject) => {
    const sent = request({ ...options, method: 'POST', path: '/v1.0/applications', headers })
    sent.on('timeout', () => sent.destroy(new Error('given up')))
    sent.on('error', reject)
    sent.end(JSON.stringify({ displayName: 'Fault stalled' }))
  })
}

const connect = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    createConnection({ host: '127.0.0.1', port }, resolve).on('error', reject)
  })

const create = (displayName: string) => graph('POST', '/applications', { displayName })

test('a request that is throttled never arrives; the next one does', async () => {
  sandbox.faults.push({
    service: 'graph',
    method: 'POST',
    times: 1,
    when: 'instead',
    answer: { status: 429, headers: { 'Retry-After': '7' } },
  })
  const { status, headers } = await create('Fault throttled')
  expect([status, headers['retry-after']]).toEqual([429, '7'])
  expect(await names()).toEqual([])
  expect((await create('Fault second')).status).toBe(201)
  expect(await names()).toEqual(['Fault second'])
})

test('an answer can be lost after the work was done', async () => {
  sandbox.faults.push({ url: '/applications', times: 1, when: 'after', answer: 'drop' })
  await expect(create('Fault lost')).rejects.toThrow()
  expect(await names()).toEqual(['Fault lost'])
  expect(sandbox.log.find(({ status }) => status === 0)).toMatchObject({ service: 'graph', method: 'POST' })
})

test('a fault can let requests pass first, and affects only what it names', async () => {
  sandbox.faults.push({
    service: 'graph',
    method: 'POST',
    skip: 1,
    times: 2,
    when: 'instead',
    answer: { status: 503, body: '<html>' },
  })
  sandbox.faults.push({ service: 'keyVault', times: 9, when: 'instead', answer: { status: 500 } })
  expect((await create('Fault 1')).status).toBe(201)
  expect((await graph('GET', '/organization')).status).toBe(200)
  const refused = await create('Fault 2')
  expect([refused.status, refused.text]).toEqual([503, '<html>'])
  expect((await create('Fault 3')).status).toBe(503)
  expect((await create('Fault 4')).status).toBe(201)
})

test('a fault can be kept for what changes something, and every fault counts what passes', async () => {
  sandbox.faults.push({ name: 'second write', only: 'writes', skip: 1, times: 1, when: 'instead', answer: { status: 502 } })
  sandbox.faults.push({ name: 'third read', only: 'reads', skip: 2, times: 1, when: 'instead', answer: { status: 504 } })
  const statuses = [await create('Fault 1'), await graph('GET', '/organization'), await create('Fault 2')].map(
    ({ status }) => status,
  )
  expect(statuses).toEqual([201, 200, 502])
  expect(await names()).toEqual(['Fault 1'])
  expect((await graph('GET', '/organization')).status).toBe(504)
  expect(sandbox.log.flatMap(({ fault }) => fault ?? [])).toEqual(['second write', 'third read'])
})

test('an EWS request counts as a read, although it is a POST', async () => {
  sandbox.faults.push({ name: 'write', only: 'writes', times: 1, when: 'instead', answer: { status: 502 } })
  sandbox.faults.push({ name: 'read', only: 'reads', service: 'exchange', times: 1, when: 'instead', answer: { status: 504 } })
  const ews = 'https://mail.contoso.com/EWS/Exchange.asmx'
  const greet = () => ask(sandbox, ews, { method: 'POST', headers: { authorization: 'Bearer' }, body: '' })
  expect([(await greet()).status, (await greet()).status]).toEqual([504, 401])
  expect(sandbox.faults.map(({ times }) => times)).toEqual([1, 0])
})

test('an answer can be late', async () => {
  await sandbox.close()
  const paused: unknown[] = []
  sandbox = await startSandbox({
    conductor: { inTurn: (_request, answer) => answer(), pause: async (milliseconds) => void paused.push(milliseconds) },
  })
  graph = await graphAs(sandbox, principal(sandbox, mailTenant))
  sandbox.faults.push({ service: 'graph', times: 1, when: 'after', delay: 40_000, answer: 'own' })
  expect((await create('Fault late')).status).toBe(201)
  expect((await create('Fault in time')).status).toBe(201)
  expect(paused).toEqual([40_000])
})

test.each(['instead', 'after'] as const)('an answer can stay away until the client hangs up: %s of the work', async (when) => {
  sandbox.faults.push({ service: 'graph', method: 'POST', times: 1, when, answer: 'stall' })
  const stalled = sendUntilTimeout(sandbox, await ownersToken(), 50)
  await expect(stalled).rejects.toThrow('given up')
  expect(await names()).toEqual(when === 'after' ? ['Fault stalled'] : [])
})

test('connections can be refused, so that no request arrives', async () => {
  sandbox.faults.push({ name: 'closed', service: 'graph', skip: 1, times: 2, when: 'instead', answer: 'refuse' })
  expect(sandbox.doorOf('graph.microsoft.com:443')).toBe(sandbox.port)
  const { status, headers } = await create('Fault before')
  expect([status, headers.connection]).toEqual([201, 'close'])
  const ports = [1, 2, 3].map(() => sandbox.doorOf('graph.microsoft.com'))
  expect(ports).toEqual([expect.any(Number), expect.any(Number), sandbox.port])
  await expect(connect(ports[0] ?? 0)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  expect(sandbox.log.filter(({ fault }) => fault === 'closed')).toHaveLength(2)
  expect([sandbox.doorOf('login.microsoftonline.com'), sandbox.doorOf('nobody.example')]).toEqual([sandbox.port, undefined])
  expect((await create('Fault after')).status).toBe(201)
})

test('faults of every sort are drawn by a seed', async () => {
  const drawn = async (seed: number): Promise<unknown> => {
    await ask(sandbox, control, { method: 'DELETE' })
    return (await ask(sandbox, control, { method: 'POST', body: { seed, count: 300 } })).json.value
  }
  const faults = listOf(await drawn(7))
  expect(new Set(faults.map(({ name }) => name))).toEqual(new Set(faultKinds))
  expect(faults.every(isFault)).toBe(true)
  expect(await drawn(7)).toEqual(faults)
  expect(await drawn(8)).not.toEqual(faults)
})

test('faults are set and taken back over the control host', async () => {
  const fault: Fault = { service: 'login', times: 1, when: 'instead', answer: { status: 504 } }
  expect((await ask(sandbox, control, { method: 'POST', body: fault })).json.value).toEqual([fault])
  await expect(graphAs(sandbox, principal(sandbox, mailTenant))).rejects.toThrow()
  await graphAs(sandbox, principal(sandbox, mailTenant))
  await ask(sandbox, control, { method: 'DELETE' })
  expect((await ask(sandbox, control)).json.value).toEqual([])
})

test.each([
  {},
  { times: 1, when: 'instead' },
  { times: 1, when: 'before', answer: 'drop' },
  { times: 1, when: 'after', answer: { status: 200 } },
  { times: 1, when: 'after', answer: { status: 500, headers: { a: 1 } } },
  { times: 'often', when: 'after', answer: 'drop' },
  { times: 1, when: 'after', answer: 'drop', service: 'sandbox' },
  { times: 1, when: 'after', answer: 'drop', colour: 'red' },
  { times: 1, when: 'instead', answer: 'own' },
  { times: 1, when: 'after', answer: 'own', delay: -1 },
  { times: 1, when: 'after', answer: 'drop', only: 'sometimes' },
  { seed: 1 },
  { seed: 'x', count: 2 },
])('refuses the fault %j', async (fault) => {
  expect((await ask(sandbox, control, { method: 'POST', body: fault })).status).toBe(400)
  expect(sandbox.faults).toEqual([])
})
