import { afterEach, expect, test } from 'vitest'
import type { Settings } from '../src/azure.ts'
import type { Sandbox } from '../src/sandbox.ts'
import { errorOf, type Graph, graphAs, graphUrl, listOf } from './support/graph.ts'
import { ask, bearer, mailTenant, principal, startSandbox, vaultTenant } from './support/sandbox.ts'
import { selfSigned } from './support/selfSigned.ts'
import { emptyWorld } from './support/worlds.ts'

let sandbox: Sandbox
afterEach(() => sandbox.close())

const start = Date.UTC(2030, 0, 1)

/** A sandbox whose clock stands, and an application in it. */
async function stands(settings: Partial<Settings>): Promise<{ graph: Graph; path: string }> {
  sandbox = await startSandbox({ world: { ...(await emptyWorld()), stands: start }, settings })
  const graph = await graphAs(sandbox, principal(sandbox, mailTenant))
  const { json } = await graph('POST', '/applications', { displayName: 'Held' })
  return { graph, path: `/applications/${json.id}` }
}

const certificate = async () => {
  const { der } = await selfSigned('CN=held', sandbox.now(), 300)
  return { keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify', key: der }] }
}

test('a stopped clock moves only when it is advanced', async () => {
  await stands({})
  expect(sandbox.now().getTime()).toBe(start)
  sandbox.advance(1234)
  expect(sandbox.now().getTime()).toBe(start + 1234)
})

test('two writes of credentials, one soon after the other: refused as a concurrent one, with 409 or 503', async () => {
  const { graph, path } = await stands({ credentialPause: 5000 })
  expect((await graph('POST', `${path}/addPassword`)).status).toBe(200)
  const refused = await Promise.all(Array.from({ length: 20 }, () => graph('POST', `${path}/addPassword`)))
  expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([409, 503]))
  expect(new Set(refused.map((answer) => errorOf(answer).code))).toEqual(new Set(['Directory_ConcurrencyViolation']))
  expect([409, 503]).toContain((await graph('PATCH', path, await certificate())).status)
  expect((await graph('PATCH', path, { displayName: 'Renamed' })).status).toBe(204)
  sandbox.advance(5000)
  expect((await graph('PATCH', path, await certificate())).status).toBe(204)
  expect(sandbox.conditions.get('concurrent credential write')).toBe(21)
})

test('a secret that is added soon after a certificate may undo it, and one that comes later does not', async () => {
  const { graph, path } = await stands({ lostUpdate: 5000 })
  const left = async (pause: number): Promise<number> => {
    await graph('PATCH', path, { keyCredentials: [] })
    sandbox.advance(60_000)
    await graph('PATCH', path, await certificate())
    sandbox.advance(pause)
    await graph('POST', `${path}/addPassword`)
    return listOf((await graph('GET', path)).json.keyCredentials).length
  }
  const soon: number[] = []
  for (let time = 0; time < 12; time++) soon.push(await left(1000))
  expect(new Set(soon)).toEqual(new Set([0, 1]))
  expect([await left(5000), await left(5000)]).toEqual([1, 1])
  expect(sandbox.conditions.get('lost update')).toBe(soon.filter((count) => count === 0).length)
})

test('a token ends when it is told to', async () => {
  await stands({ tokenLifetime: 30 })
  const authorization = await bearer(sandbox, principal(sandbox, mailTenant), graphUrl)
  const status = async (): Promise<number> =>
    (await ask(sandbox, `${graphUrl}/v1.0/organization`, { headers: { authorization } })).status
  sandbox.advance(29_000)
  expect(await status()).toBe(200)
  sandbox.advance(1000)
  expect(await status()).toBe(401)
  expect(sandbox.conditions.get('expired token')).toBe(1)
})

test.each([
  [{ forbidSecrets: true }, 'addPassword', 'CredentialTypeNotAllowedAsPerAppPolicy'],
  [{ secretDays: 90 }, 'addPassword', 'CredentialInvalidLifetimeAsPerAppPolicy'],
  [{ certificateDays: 90 }, 'certificate', 'CredentialInvalidLifetimeAsPerAppPolicy'],
] as const)('a policy of the tenants: %j', async (settings, what, code) => {
  const { graph, path } = await stands(settings)
  const attempt = async () =>
    what === 'certificate' ? graph('PATCH', path, await certificate()) : graph('POST', `${path}/addPassword`)
  const refused = await attempt()
  expect([refused.status, errorOf(refused).code]).toEqual([400, code])
  const { json } = await graph('GET', '/policies/defaultAppManagementPolicy')
  expect(json.isEnabled).toBe(true)
  Object.assign(sandbox.settings, { forbidSecrets: false, secretDays: 0, certificateDays: 0 })
  expect((await attempt()).status).toBeLessThan(300)
})

const vaultName = 'kv-new-mail'

test('a new vault has no name until it is registered', async () => {
  await stands({ registeringDns: 30_000 })
  const authorization = await bearer(sandbox, principal(sandbox, vaultTenant), 'https://management.azure.com')
  const body = {
    location: 'westeurope',
    properties: {
      tenantId: vaultTenant,
      sku: { family: 'A', name: 'standard' },
      enableRbacAuthorization: true,
      accessPolicies: [],
    },
  }
  const group = '/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/rg-mail'
  const url = `https://management.azure.com${group}/providers/Microsoft.KeyVault/vaults/${vaultName}?api-version=2026-02-01`
  const { status } = await ask(sandbox, url, { method: 'PUT', headers: { authorization }, body })
  expect([200, 201]).toContain(status)
  expect(sandbox.knows(`${vaultName}.vault.azure.net`)).toBe(false)
  sandbox.advance(30_000)
  expect(sandbox.knows(`${vaultName}.vault.azure.net`)).toBe(true)
})

test('objects lag each on its own: the younger of two may be seen while the older one is not', async () => {
  const { graph } = await stands({ replicationLag: 600_000 })
  const ids: unknown[] = []
  for (const displayName of ['older', 'younger']) {
    ids.push((await graph('POST', '/applications', { displayName })).json.id)
    sandbox.advance(1000)
  }
  const seen = new Set<string>()
  for (let time = 0; time < 40; time++) {
    const { json } = await graph('GET', '/applications')
    const all = listOf(json.value).map(({ id }) => id)
    seen.add(ids.map((id) => (all.includes(id) ? 'there' : 'gone')).join(', '))
  }
  expect(seen).toEqual(new Set(['there, there', 'there, gone', 'gone, there', 'gone, gone']))
})
