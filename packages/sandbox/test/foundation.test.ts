import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { seededRandom } from '../src/faults/random.ts'
import { type Sandbox, start } from '../src/sandbox.ts'
import { advanceStored, running as findRunning, forgetStored } from '../src/stored.ts'
import { ask, bearer, mailTenant, principal, seed, startSandbox, vaultTenant } from './support/sandbox.ts'

const control = 'https://control.sandbox.localhost'

describe('one sandbox', () => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await startSandbox()
  })
  afterAll(() => sandbox.close())

  test('serves each host that the seed and the sandbox name, and no other', () => {
    const known = [
      'login.microsoftonline.com',
      'management.azure.com:443',
      'graph.microsoft.com',
      'GRAPH.sandbox.localhost',
      'kv-contoso-mail.vault.azure.net',
      `kv-contoso-mail.vault.sandbox.localhost:${sandbox.port}`,
      'contoso.crm4.dynamics.com',
      'org.crm.sandbox.localhost',
      'mail.contoso.com',
      'mail.sandbox.localhost',
      'control.sandbox.localhost',
    ]
    const unknown = [
      'www.example.com',
      'kv-other.vault.azure.net',
      'a.kv-contoso-mail.vault.azure.net',
      'vault.azure.net',
      'localhost',
      '',
    ]
    expect(known.filter((host) => !sandbox.knows(host))).toEqual([])
    expect(unknown.filter((host) => sandbox.knows(host))).toEqual([])
  })

  test('names its endpoints with its port', () => {
    const { port } = sandbox
    expect(sandbox.endpoints).toEqual({
      authorityHost: `https://login.sandbox.localhost:${port}`,
      resourceManager: `https://management.sandbox.localhost:${port}`,
      graph: `https://graph.sandbox.localhost:${port}`,
      keyVaultSuffix: `vault.sandbox.localhost:${port}`,
      dataverse: `https://org.crm.sandbox.localhost:${port}`,
      exchange: `https://mail.sandbox.localhost:${port}/EWS/Exchange.asmx`,
    })
  })

  test('refuses an unknown host in the TLS handshake', async () => {
    await expect(ask(sandbox, 'https://www.example.com/')).rejects.toThrow()
    await expect(ask(sandbox, 'https://kv-other.vault.azure.net/secrets')).rejects.toThrow()
  })

  test('answers 421 where the Host header names another host than the handshake', async () => {
    const { status } = await ask(sandbox, `${control}/health`, { headers: { host: 'www.example.com' } })
    expect(status).toBe(421)
  })

  test('is not reached without its authority', async () => {
    const answer = new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: sandbox.port, servername: 'graph.microsoft.com' }, resolve).on('error', reject).end()
    })
    await expect(answer).rejects.toThrow(/certificate/)
  })

  test('serves all services, by their own names and by the given ones, to a principal with a token', async () => {
    const mail = principal(sandbox, mailTenant)
    const vault = principal(sandbox, vaultTenant)
    const { graph, resourceManager, dataverse, keyVaultSuffix } = sandbox.endpoints
    const subscription = '/subscriptions/33333333-3333-3333-3333-333333333333?api-version=2022-12-01'
    const asked = [
      { who: mail, resource: graph, url: `${graph}/v1.0/organization` },
      { who: mail, resource: 'https://graph.microsoft.com', url: 'https://graph.microsoft.com/v1.0/organization' },
      { who: vault, resource: resourceManager, url: `${resourceManager}${subscription}` },
      { who: vault, resource: 'https://management.azure.com', url: `https://management.azure.com${subscription}` },
      { who: mail, resource: dataverse, url: `${dataverse}/api/data/v9.2/WhoAmI` },
      {
        who: mail,
        resource: 'https://contoso.crm4.dynamics.com',
        url: 'https://contoso.crm4.dynamics.com/api/data/v9.2/WhoAmI',
      },
      {
        who: vault,
        resource: 'https://vault.sandbox.localhost',
        url: `https://kv-contoso-mail.${keyVaultSuffix}/secrets?api-version=7.5`,
      },
      { who: vault, resource: 'https://vault.azure.net', url: 'https://kv-contoso-mail.vault.azure.net/secrets?api-version=7.5' },
    ]
    for (const { who, resource, url } of asked) {
      const { status, text } = await ask(sandbox, url, { headers: { authorization: await bearer(sandbox, who, resource) } })
      expect(`${url} ${status} ${status === 200 ? '' : text}`).toBe(`${url} 200 `)
    }
  })

  test('logs what it answered, with the caller, and not the reading of the log', async () => {
    const reader = principal(sandbox, mailTenant, 'reader')
    const authorization = await bearer(sandbox, reader, sandbox.endpoints.graph)
    await ask(sandbox, `${sandbox.endpoints.graph}/v1.0/organization?$select=id`, { headers: { authorization } })
    const last = sandbox.log.at(-1)
    expect(last).toMatchObject({ service: 'graph', method: 'GET', status: 200, caller: reader.clientId })
    expect(last?.url).toBe(`${sandbox.endpoints.graph}/v1.0/organization?$select=id`)
    const { json } = await ask(sandbox, `${control}/log`)
    expect(json.value).toEqual(sandbox.log)
    expect(JSON.stringify(json)).not.toContain(reader.clientSecret)
  })

  test('moves its clock and changes its settings on request', async () => {
    const before = sandbox.now().getTime()
    const { json } = await ask(sandbox, `${control}/advance`, { method: 'POST', body: { milliseconds: 86_400_000 } })
    expect(Date.parse(String(json.now)) - before).toBeGreaterThanOrEqual(86_400_000)
    expect(sandbox.now().getTime() - before).toBeGreaterThanOrEqual(86_400_000)
    const settings = await ask(sandbox, `${control}/settings`, { method: 'PATCH', body: { repeatedRoleAssignment: 201 } })
    expect(settings.json).toMatchObject({ repeatedRoleAssignment: 201, accessPoliciesAdd: 'union' })
    expect(sandbox.settings.repeatedRoleAssignment).toBe(201)
  })

  test.each([
    ['PATCH', '/settings', { replicationLag: -1 }],
    ['PATCH', '/settings', { __proto__: null, unknown: 1 }],
    ['PATCH', '/settings', []],
    ['POST', '/advance', { milliseconds: -5 }],
    ['POST', '/advance', { milliseconds: '5' }],
    ['POST', '/advance', {}],
  ])('refuses %s %s %j', async (method, path, body) => {
    const { status, json } = await ask(sandbox, `${control}${path}`, { method, body })
    expect(status).toBe(400)
    expect(json.error).toEqual(expect.any(String))
  })

  test('knows nothing else on its own host', async () => {
    expect((await ask(sandbox, `${control}/other`)).status).toBe(404)
  })
})

describe('a world in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hma-sandbox-'))
  const file = join(folder, 'deep', 'sandbox.json')
  const running: Sandbox[] = []
  const open = async (at = file): Promise<Sandbox> => {
    const sandbox = await startSandbox({ file: at })
    running.push(sandbox)
    return sandbox
  }
  const closeAll = async (): Promise<void> => {
    for (const sandbox of running.splice(0)) await sandbox.close()
  }
  afterEach(closeAll)
  afterAll(() => rmSync(folder, { recursive: true }))

  test('outlives the process with its keys, principals, clock and objects', async () => {
    const first = await open()
    const owner = principal(first, mailTenant)
    const authorization = await bearer(first, owner, 'https://graph.microsoft.com')
    const url = 'https://graph.microsoft.com/v1.0/applications'
    await ask(first, url, { method: 'POST', headers: { authorization }, body: { displayName: 'KV-App' } })
    first.advance(1_000_000)
    const { caPem, principals } = first
    await closeAll()

    const second = await open()
    expect(second.caPem).toBe(caPem)
    expect(second.principals).toEqual(principals)
    expect(second.world.ahead).toBe(1_000_000)
    const { json } = await ask(second, `${url}?$filter=displayName eq 'KV-App'`, { headers: { authorization } })
    expect(json.value).toHaveLength(1)
  })

  test('is there after each write, without a close, and readable by its owner only', async () => {
    const sandbox = await open()
    const authorization = await bearer(sandbox, principal(sandbox, mailTenant), 'https://graph.microsoft.com')
    const body = { displayName: 'Written at once' }
    await ask(sandbox, 'https://graph.microsoft.com/v1.0/applications', { method: 'POST', headers: { authorization }, body })
    expect(readFileSync(file, 'utf8')).toContain('Written at once')
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  describe('but in memory', () => {
    const shown = async (at: string): Promise<Sandbox> => {
      const sandbox = await startSandbox({ file: at, inMemory: true })
      running.push(sandbox)
      return sandbox
    }
    const makeOne = async (sandbox: Sandbox, displayName: string) => {
      const authorization = await bearer(sandbox, principal(sandbox, mailTenant), 'https://graph.microsoft.com')
      await ask(sandbox, 'https://graph.microsoft.com/v1.0/applications', {
        method: 'POST',
        headers: { authorization },
        body: { displayName },
      })
    }

    test('can be found and called while it is served, and leaves no file', async () => {
      const at = join(folder, 'passing.json')
      const sandbox = await shown(at)
      await makeOne(sandbox, 'Passing')
      expect(findRunning(at)?.principals).toEqual(sandbox.principals)
      const before = sandbox.now().getTime()
      expect((await advanceStored(at, 1_000_000)).getTime()).toBeGreaterThanOrEqual(before + 1_000_000)
      expect(readFileSync(at, 'utf8')).not.toContain('Passing')
      await closeAll()
      expect(readdirSync(folder).filter((name) => name.startsWith('passing'))).toEqual([])
    })

    test('starts with the world in the file, and leaves the file unchanged', async () => {
      const at = join(folder, 'there.json')
      await makeOne(await open(at), 'Kept')
      await closeAll()
      const before = readFileSync(at, 'utf8')
      const sandbox = await shown(at)
      await makeOne(sandbox, 'Passing')
      expect(JSON.stringify(sandbox.world)).toMatch(/Kept.*Passing/)
      await closeAll()
      expect(readFileSync(at, 'utf8')).toBe(before)
    })
  })

  test('seeds once: what was deleted stays deleted', async () => {
    const first = await open()
    first.world.resources.vaults = []
    await closeAll()
    expect((await open()).knows('kv-contoso-mail.vault.azure.net')).toBe(false)
  })

  test('is not opened twice, neither by this process nor by another one that lives', async () => {
    const { port } = await open()
    await expect(open()).rejects.toThrow(`in use by process ${process.pid} on port ${port}`)
    await closeAll()
    writeFileSync(`${file}.lock`, JSON.stringify({ pid: process.ppid, port: 1 }))
    await expect(open()).rejects.toThrow(`in use by process ${process.ppid}`)
    rmSync(`${file}.lock`)
  })

  test('takes over the lock of a dead process, and an unreadable one', async () => {
    writeFileSync(`${file}.lock`, JSON.stringify({ pid: 2 ** 30, port: 1 }))
    expect((await open()).port).toBeGreaterThan(0)
    await closeAll()
    writeFileSync(`${file}.lock`, '')
    expect((await open()).port).toBeGreaterThan(0)
    await closeAll()
    // A process id is used again, and always the same in a container.
    writeFileSync(`${file}.lock`, JSON.stringify({ pid: process.pid, port: 1 }))
    expect((await open()).port).toBeGreaterThan(0)
  })

  test.each([
    ['another format', JSON.stringify({ format: 2 })],
    ['a file that is cut off', '{"format":1,"ahead":0'],
    ['a world with a part missing', JSON.stringify({ format: 1, ahead: 0, seeded: [] })],
    ['an empty file', ''],
  ])('says what to do about %s, and leaves it and no lock', async (_what, text) => {
    const broken = join(folder, 'broken.json')
    writeFileSync(broken, text)
    await expect(open(broken)).rejects.toThrow(/hma sandbox reset/)
    expect(readFileSync(broken, 'utf8')).toBe(text)
    rmSync(broken)
    expect((await open(broken)).port).toBeGreaterThan(0)
    await closeAll()
    rmSync(broken)
  })

  test('has its clock moved while it is served and while it is not', async () => {
    await expect(advanceStored(join(folder, 'none.json'), 1000)).rejects.toThrow(/no sandbox yet/)
    const sandbox = await open()
    const { ahead } = sandbox.world
    const told = await advanceStored(file, 5000)
    expect(sandbox.world.ahead).toBe(ahead + 5000)
    expect(told.getTime()).toBeLessThanOrEqual(sandbox.now().getTime())
    await closeAll()
    await advanceStored(file, 7000)
    await expect(advanceStored(file, -1)).rejects.toThrow(/forward/)
    expect((await open()).world.ahead).toBe(ahead + 12_000)
  })

  test('is forgotten, but not while it is served', async () => {
    const { caPem } = await open()
    expect(() => forgetStored(file)).toThrow(/in use/)
    await closeAll()
    forgetStored(file)
    forgetStored(file)
    expect((await open()).caPem).not.toBe(caPem)
  })

  test('keeps no secret that the directory makes', async () => {
    const sandbox = await open()
    const authorization = await bearer(sandbox, principal(sandbox, mailTenant), 'https://graph.microsoft.com')
    const url = 'https://graph.microsoft.com/v1.0/applications'
    const made = await ask(sandbox, url, { method: 'POST', headers: { authorization }, body: { displayName: 'KV-App' } })
    const { json } = await ask(sandbox, `${url}/${made.json.id}/addPassword`, { method: 'POST', headers: { authorization } })
    expect(json.secretText).toEqual(expect.any(String))
    expect(readFileSync(file, 'utf8')).not.toContain(String(json.secretText))
  })
})

test('a port that is taken is an error', async () => {
  const sandbox = await startSandbox()
  await expect(start({ seed, port: sandbox.port })).rejects.toThrow(/EADDRINUSE/)
  await sandbox.close()
})

test('chance is the same for the same seed', () => {
  const numbers = (from: number): number[] => {
    const random = seededRandom(from)
    return Array.from({ length: 100 }, random)
  }
  expect(numbers(7)).toEqual(numbers(7))
  expect(numbers(7)).not.toEqual(numbers(8))
  expect(numbers(7).every((one) => one >= 0 && one < 1)).toBe(true)
  expect(new Set(numbers(7)).size).toBeGreaterThan(95)
})
