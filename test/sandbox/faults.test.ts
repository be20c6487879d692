import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Fault } from '../../src/sandbox/faults.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { type Graph, graphAs, listOf } from '../support/graph.ts'
import { ask, mailTenant, principal, startSandbox } from '../support/sandbox.ts'

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

test('a fault can wait for its turn, and meets only what it names', async () => {
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
])('refuses the fault %j', async (fault) => {
  expect((await ask(sandbox, control, { method: 'POST', body: fault })).status).toBe(400)
  expect(sandbox.faults).toEqual([])
})
