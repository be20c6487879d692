import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import forge from 'node-forge'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { truststore, truststorePassword } from '../src/front/truststore.ts'
import { type Sandbox, start } from '../src/sandbox.ts'
import { proxied } from './clients/proxied.ts'
import { graphAs } from './support/graph.ts'
import { mailTenant, principal, seed, startSandbox, vaultTenant } from './support/sandbox.ts'

const run = promisify(execFile)
const has = (program: string, argument: string): boolean => spawnSync(program, [argument]).error === undefined

let sandbox: Sandbox
let client: ReturnType<typeof proxied>
const refused: string[] = []
beforeAll(async () => {
  sandbox = await startSandbox({ settings: { registeringDns: 0 }, refused: (host) => void refused.push(host) })
  client = proxied(sandbox)
})
afterAll(async () => {
  await client.close()
  await sandbox.close()
})

const tokenBody = (scope: string): string => {
  const { clientId, clientSecret } = principal(sandbox, vaultTenant)
  return String(
    new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope }),
  )
}

describe('the proxy', () => {
  test.each([
    'https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration',
    'https://login.windows.net/common/.well-known/openid-configuration',
    'https://graph.microsoft.com/v1.0/applications',
    'https://management.azure.com/subscriptions?api-version=2022-12-01',
    'https://kv-contoso-mail.vault.azure.net/secrets?api-version=7.4',
    'https://contoso.crm4.dynamics.com/api/data/v9.2/WhoAmI',
    'https://mail.contoso.com/EWS/Exchange.asmx',
    'https://graph.microsoft.us/v1.0/applications',
    'https://kv-contoso-mail.vault.usgovcloudapi.net/secrets?api-version=7.4',
    'https://management.chinacloudapi.cn/subscriptions?api-version=2022-12-01',
  ])('leads %s to the sandbox', async (url) => {
    const { status } = await client.fetch(url)
    expect(status).toBe(/openid/.test(url) ? 200 : 401)
  })

  test('a challenge names the cloud by whose host the client came, and no port', async () => {
    const answered = await client.fetch('https://kv-contoso-mail.vault.usgovcloudapi.net/secrets?api-version=7.4')
    expect(answered.headers.get('www-authenticate')).toBe(
      `Bearer authorization="https://login.microsoftonline.us/${vaultTenant}", resource="https://vault.usgovcloudapi.net"`,
    )
  })

  test('signs in and reads, by nothing but Microsoft’s own names', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = tokenBody('https://management.azure.com/.default')
    const token = await client.fetch(`https://login.microsoftonline.com/${vaultTenant}/oauth2/v2.0/token`, {
      method: 'POST',
      headers,
      body,
    })
    const { access_token } = Object(await token.json())
    const listed = await client.fetch('https://management.azure.com/subscriptions?api-version=2022-12-01', {
      headers: { authorization: `Bearer ${access_token}` },
    })
    expect(JSON.stringify(await listed.json())).toContain('33333333-3333-3333-3333-333333333333')
  })

  test('refuses any other host, says so once, and writes it down each time', async () => {
    for (const _ of [1, 2]) await expect(client.fetch('https://example.com/')).rejects.toThrow()
    expect(refused.filter((host) => host === 'example.com')).toHaveLength(1)
    const entries = sandbox.log.filter(({ service }) => service === 'proxy')
    expect(entries).toMatchObject([
      { method: 'CONNECT', url: 'https://example.com', status: 502 },
      { method: 'CONNECT', url: 'https://example.com', status: 502 },
    ])
  })

  test('connections that a fault refuses are refused here too', async () => {
    sandbox.faults.push({ service: 'graph', times: 1, when: 'instead', answer: 'refuse' })
    const other = proxied(sandbox)
    await expect(other.fetch('https://graph.microsoft.com/v1.0/applications')).rejects.toThrow()
    expect((await other.fetch('https://graph.microsoft.com/v1.0/applications')).status).toBe(401)
    await other.close()
  })

  test('an unencrypted request gets a hint to use HTTPS', async () => {
    const answered = await fetch(`http://127.0.0.1:${sandbox.port}/`)
    expect([answered.status, await answered.text()]).toEqual([400, expect.stringContaining('HTTPS_PROXY')])
  })

  test('a client that says nothing does not keep it from closing', async () => {
    const other = await startSandbox()
    const silent = connect(other.port, '127.0.0.1')
    await new Promise((resolve) => silent.once('connect', resolve))
    const gone = new Promise((resolve) => silent.once('close', resolve))
    await other.close()
    await gone
  })

  test.runIf(has('curl', '--version'))('curl goes through it with two variables', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hma-door-'))
    await writeFile(join(folder, 'ca.pem'), sandbox.caPem)
    const env = {
      ...process.env,
      HTTPS_PROXY: `http://127.0.0.1:${sandbox.port}`,
      CURL_CA_BUNDLE: join(folder, 'ca.pem'),
      NO_PROXY: '',
      no_proxy: '',
    }
    const { stdout } = await run(
      'curl',
      [
        '-s',
        'https://login.microsoftonline.com/common/discovery/instance?api-version=1.1&authorization_endpoint=https://login.microsoftonline.com/common/oauth2/authorize',
      ],
      { env },
    )
    expect(JSON.parse(stdout).metadata[0].aliases).toContain('login.windows.net')
    await rm(folder, { recursive: true })
  })
})

describe('a second port', () => {
  const free = async (): Promise<number> => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    const address = server.address()
    await new Promise((resolve) => server.close(resolve))
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  test('serves the same, and one that is taken opens none', async () => {
    const alsoPort = await free()
    const other = await startSandbox({ alsoPort })
    const by = proxied({ port: alsoPort, caPem: other.caPem })
    expect((await by.fetch('https://graph.microsoft.com/v1.0/applications')).status).toBe(401)
    await expect(start({ seed, alsoPort })).rejects.toThrow(/EADDRINUSE/)
    await by.close()
    await other.close()
  })
})

describe('the authority', () => {
  test('its PEM ends with a line, so that it can be joined with others', () => {
    expect(sandbox.caPem).toMatch(/-----END CERTIFICATE-----\n$/)
  })

  test('as a truststore, holds the certificate and nothing that is secret', () => {
    const der = forge.asn1.fromDer(truststore(sandbox.caPem).toString('binary'))
    const file = forge.pkcs12.pkcs12FromAsn1(der, truststorePassword)
    const bags = file.safeContents.flatMap(({ safeBags }) => safeBags)
    expect(bags.map(({ type }) => type)).toEqual([forge.pki.oids.certBag])
  })

  test.runIf(has('keytool', '-help'))('Java takes it as a certificate to trust', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hma-door-'))
    await writeFile(join(folder, 'trust.p12'), truststore(sandbox.caPem))
    const { stdout } = await run('keytool', [
      '-list',
      '-storetype',
      'PKCS12',
      '-keystore',
      join(folder, 'trust.p12'),
      '-storepass',
      truststorePassword,
    ])
    expect(stdout).toContain('hma-sandbox')
    expect(stdout).toContain('trustedCertEntry')
    await rm(folder, { recursive: true })
  })
})

test.each([
  [undefined, true],
  [false, false],
])(
  'Exchange is published under its own name and port for other programs, unless they register it (%s)',
  async (named, listed) => {
    const [deployment] = seed.deployments
    if (deployment === undefined) throw new Error('there is none')
    const exchange = { ...deployment.exchange, ...(named !== undefined && { named }) }
    const served = await startSandbox({ forOthers: true, seed: { ...seed, deployments: [{ ...deployment, exchange }] } })
    try {
      const graph = await graphAs(served, principal(served, mailTenant))
      const { json } = await graph('GET', "/servicePrincipals(appId='00000002-0000-0ff1-ce00-000000000000')")
      const { exchange: address } = served.endpoints
      const names: unknown = json.servicePrincipalNames
      expect(Array.isArray(names) && names.includes(`${new URL(address).origin}/`)).toBe(listed)
    } finally {
      await served.close()
    }
  },
)
