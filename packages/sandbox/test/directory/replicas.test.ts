import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox.ts'
import { errorOf, type Graph, graphAs, graphUrl, listOf, newClient } from '../support/graph.ts'
import { type Answer, askForToken, mailTenant, principal, startSandbox } from '../support/sandbox.ts'
import { selfSigned } from '../support/selfSigned.ts'

const lag = 600_000

let sandbox: Sandbox
let graph: Graph

beforeEach(async () => {
  sandbox = await startSandbox({ settings: { replicationLag: lag } })
  graph = await graphAs(sandbox, principal(sandbox, mailTenant))
})
afterEach(() => sandbox.close())

const times = async <Result>(count: number, act: () => Promise<Result>): Promise<Result[]> => {
  const results: Result[] = []
  for (let number = 0; number < count; number += 1) results.push(await act())
  return results
}

/** The distinct values in these answers. */
const kinds = <Kind>(seen: readonly Kind[]): readonly Kind[] => [...new Set(seen)].sort()

/** Repeats a request that a replica may refuse while it lags. */
async function eventually(act: () => Promise<Answer>): Promise<Answer> {
  for (let number = 0; number < 50; number += 1) {
    const answer = await act()
    if (answer.status < 400) return answer
  }
  throw new Error('No replica knew it.')
}

const upserted = async (displayName: string): Promise<Record<string, unknown>> => {
  const path = "/applications(uniqueName='lagging')"
  return (await graph('PATCH', path, { displayName }, { Prefer: 'create-if-missing' })).json
}

test('a new object is visible, missing and visible again until the lag is over', async () => {
  const { id } = await upserted('Lagging')
  const look = async (): Promise<number> => (await graph('GET', `/applications/${id}`)).status
  const seen = await times(40, look)
  expect(kinds(seen)).toEqual([200, 404])
  // Not once from absent to present, but back and forth.
  expect(seen.filter((status, at) => at > 0 && status !== seen[at - 1]).length).toBeGreaterThan(3)
  sandbox.advance(lag)
  expect(kinds(await times(40, look))).toEqual([200])
})

test('the replicas learn of it one after the other', async () => {
  const { id } = await upserted('Lagging')
  const found = async (): Promise<number> =>
    (await times(60, () => graph('GET', `/applications/${id}`))).filter(({ status }) => status === 200).length
  const early = await found()
  sandbox.advance(lag / 2)
  const later = await found()
  expect(early).toBeGreaterThan(0)
  expect(later).toBeGreaterThan(early)
  expect(later).toBeLessThan(60)
})

test('two upserts make one application, though a replica knows nothing of the first', async () => {
  const { id } = await upserted('First')
  await times(10, () => upserted('Again'))
  sandbox.advance(lag)
  const { json } = await graph('GET', "/applications?$filter=uniqueName eq 'lagging'")
  expect(listOf(json.value)).toMatchObject([{ id, displayName: 'Again' }])
})

test('a change is seen as a whole: the old state or the new one', async () => {
  const { id } = await upserted('Old')
  sandbox.advance(lag)
  expect((await graph('PATCH', `/applications/${id}`, { displayName: 'New', notes: 'new' })).status).toBe(204)
  const look = async (): Promise<string> => {
    const { json } = await graph('GET', `/applications/${id}`)
    return `${json.displayName} ${json.notes}`
  }
  expect(kinds(await times(40, look))).toEqual(['New new', 'Old null'])
  sandbox.advance(lag)
  expect(kinds(await times(20, look))).toEqual(['New new'])
})

test('a deleted object is still visible for a while', async () => {
  const { id } = await upserted('Deleted')
  sandbox.advance(lag)
  await graph('DELETE', `/applications/${id}`)
  const look = async (): Promise<number> => (await graph('GET', `/applications/${id}`)).status
  expect(kinds(await times(40, look))).toEqual([200, 404])
  sandbox.advance(lag)
  expect(kinds(await times(20, look))).toEqual([404])
})

test('a write to a new object is refused by a replica that does not have it yet', async () => {
  const { id, appId } = await upserted('New')
  const principals = await times(20, () => graph('POST', '/servicePrincipals', { appId }))
  expect(kinds(principals.map(({ status }) => status))).toEqual([201, 400, 409])
  expect(kinds((await times(20, () => graph('POST', `/applications/${id}/addPassword`))).map(({ status }) => status))).toEqual([
    200, 404,
  ])
})

test('writes are not lost, whichever replica answers between them', async () => {
  const { id } = await upserted('Kept')
  sandbox.advance(lag)
  const certificate = await selfSigned('CN=kept', sandbox.now(), 100)
  const keyCredentials = [{ type: 'AsymmetricX509Cert', usage: 'Verify', key: certificate.der }]
  expect((await graph('PATCH', `/applications/${id}`, { keyCredentials })).status).toBe(204)
  expect((await graph('POST', `/applications/${id}/addPassword`)).status).toBe(200)
  expect((await graph('PATCH', `/applications/${id}`, { notes: 'x' })).status).toBe(204)
  sandbox.advance(lag)
  const { json } = await graph('GET', `/applications/${id}`)
  expect([listOf(json.keyCredentials).length, listOf(json.passwordCredentials).length, json.notes]).toEqual([1, 1, 'x'])
})

test('consent waits until a replica knows both sides', async () => {
  const { appId } = await upserted('Consented')
  const { json: made } = await eventually(() => graph('POST', '/servicePrincipals', { appId }))
  const { json: exchange } = await graph('GET', "/servicePrincipals(appId='00000002-0000-0ff1-ce00-000000000000')")
  const appRoleId = 'dc890d15-9560-4a4c-9b7f-a736ec74ec40'
  const body = { principalId: made.id, resourceId: exchange.id, appRoleId }
  const answers = await times(20, () => graph('POST', `/servicePrincipals/${exchange.id}/appRoleAssignedTo`, body))
  const told = answers.map((answer) => (answer.status === 201 ? 'granted' : String(errorOf(answer).message)))
  expect(kinds(told)).toEqual([
    'Not a valid reference update.',
    'Permission being assigned already exists on the object',
    'granted',
  ])
})

test('a fresh secret is refused with 7000215 for a while', async () => {
  const settled = await newClientAfterLag()
  const { json } = await graph('POST', `/applications/${settled.applicationId}/addPassword`)
  const signIn = async (): Promise<unknown> => {
    const answer = await askForToken(sandbox, mailTenant, {
      grant_type: 'client_credentials',
      client_id: settled.clientId,
      client_secret: String(json.secretText),
      scope: `${graphUrl}/.default`,
    })
    return answer.status === 200 ? 'token' : String(answer.json.error_codes)
  }
  expect(kinds(await times(40, signIn))).toEqual(['7000215', 'token'])
  sandbox.advance(lag)
  expect(kinds(await times(20, signIn))).toEqual(['token'])
})

/** A client that every replica knows. */
async function newClientAfterLag() {
  sandbox.settings.replicationLag = 0
  const client = await newClient(graph, mailTenant, 'Settled')
  sandbox.settings.replicationLag = lag
  return client
}

test('the same seed of chance gives the same answers', async () => {
  const statuses = async (randomSeed: number): Promise<string> => {
    const one = await startSandbox({ randomSeed, settings: { replicationLag: lag } })
    const client = await graphAs(one, principal(one, mailTenant))
    const { json } = await client('POST', '/applications', { displayName: 'x' })
    const seen = await times(30, async () => (await client('GET', `/applications/${json.id}`)).status)
    await one.close()
    return seen.join(' ')
  }
  expect(await statuses(5)).toBe(await statuses(5))
  expect(await statuses(5)).not.toBe(await statuses(6))
})
