import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { raw } from '../../packages/sandbox/test/support/rawRequest.ts'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'
import { served } from '../support/servedSandbox.ts'

let here: Workplace
beforeEach(async () => {
  here = await workplace(yaml({ tenants: 1 }))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await here.leave()
})

/** Takes the place of `az` on the path, and leaves a trace when it is run. */
async function trap(): Promise<() => Promise<boolean>> {
  const folder = join(here.directory, 'bin')
  const trace = join(here.directory, 'az-was-run')
  await mkdir(folder)
  for (const name of ['az', 'azd', 'pwsh']) {
    await writeFile(join(folder, name), `#!/bin/sh\ntouch ${trace}\n`)
    await chmod(join(folder, name), 0o755)
  }
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
  return () =>
    stat(trace).then(
      () => true,
      () => false,
    )
}

test('an unknown tenant is an error of the sandbox, and no other service is contacted', async () => {
  const wasRun = await trap()
  const unknown = '99999999-9999-9999-9999-999999999999'
  for (const line of [
    `import https://contoso.crm4.dynamics.com --sandbox --tenant ${unknown}`,
    `init --sandbox --yes --vault kv-x --vault-tenant ${unknown} --ews-url https://mail.contoso.com/EWS/Exchange.asmx`,
  ]) {
    const { code, stderr } = await here.hma(line)
    expect(code).toBe(1)
    if (line.startsWith('import')) expect(stderr.replaceAll(/\s+/g, ' ')).toContain(`The sandbox has no tenant ${unknown}`)
  }
  expect(await wasRun()).toBe(false)
})

test('the control host answers callers with its token, and no web page', async () => {
  const lab = await served(here)
  try {
    const [caPem, token, holder] = await Promise.all(
      ['sandbox-ca.pem', 'sandbox-control-token', 'sandbox.json.lock'].map((name) =>
        readFile(join(here.directory, '.hma', name), 'utf8'),
      ),
    )
    const port = Number(/"port":(\d+)/.exec(holder ?? '')?.[1])
    const ask = (method: string, path: string, headers: Record<string, string>) =>
      raw({ port, caPem: caPem ?? '' }, method, `https://control.sandbox.localhost:${port}${path}`, {
        headers: { 'content-type': 'text/plain', ...headers },
        ...(method === 'GET' ? {} : { body: '{"milliseconds": 1000}' }),
      })
    const authorization = `Bearer ${token}`
    for (const [method, path] of [
      ['POST', '/advance'],
      ['POST', '/faults'],
      ['DELETE', '/faults'],
      ['GET', '/log'],
      ['PATCH', '/settings'],
    ] as const) {
      expect((await ask(method, path, {})).status).toBe(401)
      expect((await ask(method, path, { authorization: 'Bearer x' })).status).toBe(401)
      expect((await ask(method, path, { authorization, origin: 'https://evil.example' })).status).toBe(403)
      expect((await ask(method, path, { authorization, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    }
    expect((await ask('POST', '/advance', { authorization })).status).toBe(200)
    expect(((await stat(join(here.directory, '.hma', 'sandbox-control-token'))).mode & 0o777).toString(8)).toBe('600')
    expect((await here.hma('sandbox advance 1d')).code).toBe(0)
  } finally {
    await lab.stop()
  }
  await expect(stat(join(here.directory, '.hma', 'sandbox-control-token'))).rejects.toThrow('ENOENT')
})

test.each(['http://user:word-of-proxy@host:port:1', 'http://', '://x', 'ftp://proxy'])(
  'a proxy that is none: %s',
  async (proxy) => {
    vi.stubEnv('HTTPS_PROXY', proxy)
    await here.write(
      'hma.config.yaml',
      yaml({ tenants: 1, more: 'auth: { 11111111-1111-1111-1111-111111111111: { credential: environment } }' }),
    )
    const { code, stderr } = await here.hma('plan')
    expect([code, stderr]).toEqual([1, expect.stringContaining('HTTPS_PROXY is not the address of a proxy')])
    expect(stderr).not.toContain('word-of-proxy')
  },
)

test('NODE_TLS_REJECT_UNAUTHORIZED is ignored', async () => {
  const lab = await served(here)
  try {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    vi.stubEnv('LAB_SECRET', lab.owner.clientSecret)
    await here.write('lab.yaml', lab.configuration().replace('  caFile: .hma/sandbox-ca.pem\n', ''))
    const { code, stderr } = await here.hma('plan -f lab.yaml')
    expect([code, stderr]).toEqual([1, expect.stringContaining('HMA502')])
  } finally {
    await lab.stop()
  }
})
