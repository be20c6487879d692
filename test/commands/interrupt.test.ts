import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { type Reply, serveProxy } from '../azure/server.ts'
import { yaml } from '../support/deployment.ts'
import type { Ended } from '../support/program.ts'
import { programInWorkplace } from '../support/programInWorkplace.ts'
import { ownEnvironment as env, ownAzure } from '../support/scriptedAzure.ts'

const place = programInWorkplace()
const { start, world } = place

describe('apply, told to stop while it writes', () => {
  test('as JSON: the summary says so', async () => {
    const running = start('apply --sandbox --yes --json')
    await running.says(/"done"/)
    running.process.kill('SIGINT')
    const { code, stdout } = await running.ended
    const lines = stdout.trimEnd().split('\n')
    expect(code).toBe(130)
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'summary', failed: 0, interrupted: true })
    expect(lines.filter((line) => line.includes('"skipped"')).length).toBeGreaterThan(0)
  })

  test('twice: it exits at once and leaves no lock behind', async () => {
    const running = start('apply --sandbox --yes')
    await running.says(/hmaApp +creating/)
    running.process.kill('SIGINT')
    running.process.kill('SIGTERM')
    expect([(await running.ended).code, (await running.ended).signal]).toEqual([130, null])
    expect((await start('apply --sandbox --yes').ended).code).toBe(0)
  })
})

describe('at the question', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s: nothing was done', async (signal) => {
    const running = start('apply --sandbox', { terminal: true })
    await running.says(/\[y\/N\] $/)
    const before = (await world()).directory
    running.process.kill(signal)
    const { code, stderr } = await running.ended
    expect(code).toBe(130)
    expect(stderr).toMatch(/\[y\/N\] \nStopping: [^\n]+\nNothing was changed\.\nInterrupted\.\n$/)
    expect((await world()).directory).toEqual(before)
  })

  test.each([
    ['an empty line', '\n'],
    ['the end of the input', undefined],
  ])('%s is no', async (_what, answer) => {
    const asked = start('apply --sandbox', { terminal: true })
    await asked.says(/\[y\/N\] $/)
    if (answer === undefined) asked.closeInput()
    else asked.type(answer)
    const { code, stderr } = await asked.ended
    expect([code, stderr.endsWith('Nothing was changed.\n')]).toEqual([1, true])
  })

  test('yes is yes', async () => {
    const running = start('apply --sandbox', { terminal: true })
    await running.says(/\[y\/N\] $/)
    running.type('y\n')
    expect(await running.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('Applied: 11 done.') })
  })
})

const tenant = '11111111-1111-1111-1111-111111111111'

/** The vault of the configuration, as Resource Manager shows it. */
const vaultAt = (port: string): Reply => ({
  status: 200,
  body: {
    id: '/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/rg-mail/providers/Microsoft.KeyVault/vaults/kv-contoso-mail',
    name: 'kv-contoso-mail',
    type: 'Microsoft.KeyVault/vaults',
    location: 'westeurope',
    properties: {
      ...{ tenantId: tenant, sku: { family: 'A', name: 'standard' }, accessPolicies: [], enableRbacAuthorization: true },
      ...{
        vaultUri: `https://kv-contoso-mail.vault.lab.localhost:${port}`,
        provisioningState: 'Succeeded',
        enableSoftDelete: true,
      },
    },
  },
})

const id = '55555555-5555-5555-5555-555555555555'

/** Both registrations, as far as a survey reads them. */
const application: Reply = {
  status: 200,
  body: { id, appId: id, displayName: 'KV-App', tags: ['hma:contoso'], keyCredentials: [], passwordCredentials: [] },
}
const principal: Reply = {
  status: 200,
  body: { id, appId: id, displayName: 'KV-App', appRoles: [], servicePrincipalNames: [id] },
}

const there: Readonly<Record<string, Reply>> = {
  '/applications(uniqueName=': application,
  '/servicePrincipals(appId=': principal,
}

const absent: Reply = { status: 404, body: { error: { code: 'NotFound', message: 'There is no such thing.' } } }

describe('told to stop while it reads', () => {
  /** Answers are held until released. */
  async function held() {
    let letGo = (): void => {}
    const gate = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const server = await ownAzure(place.here, async ({ host, path }) => {
      await gate
      const port = host.split(':')[1] ?? ''
      if (path.includes('/Microsoft.KeyVault/vaults/kv-contoso-mail?')) return vaultAt(port)
      return Object.entries(there).find(([part]) => path.includes(part))?.[1] ?? absent
    })
    const reads = (): readonly string[] => server.received.flatMap(({ host, path }) => (host.startsWith('login.') ? [] : [path]))
    return { letGo, reads }
  }

  /** Requests that need to know KV-App. */
  const consequences = (paths: readonly string[]) => paths.filter((path) => path.includes('/roleAssignments'))

  test.each(['plan --out plan.json', 'apply --yes', 'destroy --yes', 'output'])(
    '%s: what is read ends at once, and nothing else begins to be read',
    async (line) => {
      const { letGo, reads } = await held()
      const running = start(line, { env })
      await vi.waitUntil(() => reads().length >= 3, { timeout: 10_000 })
      running.process.kill('SIGINT')
      await running.says(/Stopping/)
      letGo()
      const { code, stdout, stderr } = await running.ended
      expect([code, stdout, consequences(reads())]).toEqual([130, '', []])
      expect(stderr).toMatch(/Interrupted\.\n$/)
      expect((await readdir(place.here.directory)).filter((name) => name.startsWith('plan.json'))).toEqual([])

      await start(line, { env }).ended
      expect(consequences(reads())).not.toEqual([])
    },
  )

  test('twice: it does not wait for an answer', async () => {
    const { reads } = await held()
    const running = start('plan', { env })
    await vi.waitUntil(() => reads().length >= 3, { timeout: 10_000 })
    running.process.kill('SIGINT')
    await running.says(/Stopping/)
    running.process.kill('SIGINT')
    expect((await running.ended).code).toBe(130)
  })
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a wait that a throttling service asked for', async (signal) => {
  const throttling = await ownAzure(place.here, () => ({ status: 429, headers: { 'retry-after': '300' } }))
  const running = start('apply --yes', { env })
  await vi.waitUntil(() => throttling.received.some(({ host }) => !host.startsWith('login.')), { timeout: 10_000 })
  running.process.kill(signal)
  const { code, stderr } = await running.ended
  expect(code).toBe(130)
  expect(stderr).toMatch(/Nothing was changed\.\nInterrupted\.\n$/)
})

describe('a pipe that closes early', () => {
  const cut = async (line: string, streams: readonly ('stdout' | 'stderr')[]): Promise<Ended> => {
    const running = start(line)
    const names = new Set(streams)
    for (const name of names) running.process[name]?.once('data', () => running.process[name]?.destroy())
    return running.ended
  }

  test.each([
    ['schema', 0],
    ['--help', 0],
    ['plan --sandbox', 0],
    ['plan --sandbox --json', 0],
    ['plan --sandbox --detailed-exitcode', 2],
    ['graph', 0],
    ['validate', 0],
  ])('%s: the exit code is the same, and nobody complains', async (line, code) => {
    expect(await cut(line, ['stdout'])).toMatchObject({ code, signal: null, stderr: '' })
  })

  test('an apply whose output pipe is closed is still carried out', async () => {
    const ended = await cut('apply --sandbox --yes -v --log run.log', ['stdout', 'stderr'])
    // Its output is not read, so the log says what went wrong.
    const log = await readFile(join(place.here.directory, 'run.log'), 'utf8')
    expect(ended, log.split('\n').slice(-60).join('\n')).toMatchObject({ code: 0, signal: null })
    expect((await start('apply --sandbox --yes').ended).stdout).toContain('No changes')
  })

  test('a pipe that is closed from the start', async () => {
    const running = start('schema')
    running.process.stdout?.destroy()
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' })
  })
})

test('a failure is reported although stdout is closed', async () => {
  const running = start('plan -f nowhere.yaml')
  running.process.stdout?.destroy()
  const { code, stderr } = await running.ended
  expect([code, stderr.includes('nowhere.yaml'), existsSync(place.worldFile)]).toEqual([1, true, false])
})

test.runIf(existsSync('/dev/full'))('a full disk: what cannot be printed is reported', async () => {
  const out = openSync('/dev/full', 'w')
  const ended = await new Promise<readonly [number | null, string]>((resolve) => {
    const child = spawn(process.execPath, [place.script, 'schema'], { stdio: ['ignore', out, 'pipe'] })
    let said = ''
    child.stderr?.on('data', (text) => {
      said += text
    })
    child.on('close', (code) => resolve([code, said]))
  })
  closeSync(out)
  expect(ended).toEqual([1, expect.stringMatching(/^error {2}The output cannot be written: the disk is full \[HMA118\]\n/)])
})

describe('a service that never answers', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a plan at the first signal', async (signal) => {
    const silent = await ownAzure(place.here, () => new Promise(() => {}))
    const running = start('plan', { env })
    await vi.waitUntil(() => silent.received.some(({ host }) => !host.startsWith('login.')), { timeout: 10_000 })
    running.process.kill(signal)
    expect((await running.ended).code).toBe(130)
  })

  test('--deadline ends a plan without a signal, and says what it was waiting for', async () => {
    await ownAzure(place.here, () => new Promise(() => {}))
    const { code, stderr } = await start('plan --deadline 3s', { env }).ended
    expect(code).toBe(1)
    expect(stderr.replaceAll(/\s+/g, ' ')).toMatch(/could not be asked: no complete answer within \d seconds? \(TIMED_OUT\)/)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('a proxy that is silent on CONNECT: %s ends a plan', async (signal) => {
    const proxy = await serveProxy('is silent')
    await place.here.write('hma.config.yaml', yaml())
    const running = start('plan', {
      env: { HTTPS_PROXY: proxy.url, AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: id, AZURE_CLIENT_SECRET: 'not-a-real-secret' },
    })
    await vi.waitUntil(() => proxy.asked.length > 0, { timeout: 10_000 })
    running.process.kill(signal)
    expect((await running.ended).code).toBe(130)
  })
})
