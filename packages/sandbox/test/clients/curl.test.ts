import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Principal } from '../../src/azure.ts'
import type { Sandbox } from '../../src/sandbox.ts'
import { mailTenant, principal, startSandbox, vaultTenant } from '../support/sandbox.ts'

const haveCurl = spawnSync('curl', ['--version']).status === 0
if (!haveCurl) process.stdout.write('packages/sandbox/test/clients/curl.test.ts skipped: there is no curl on this machine\n')

const run = promisify(execFile)

interface Said {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The body as JSON, or an empty object. */
  readonly json: Readonly<Record<string, unknown>>
}

let sandbox: Sandbox
let folder: string
/** Headers with a token, by what it is for. */
const signed: Record<'graph' | 'arm' | 'vault' | 'dataverse', string[]> = { graph: [], arm: [], vault: [], dataverse: [] }

/** curl as in docs/guides/sandbox.md: with the authority's certificate, and the name pointing to this machine. */
async function curl(url: string, ...more: readonly string[]): Promise<Said> {
  const to = ['--cacert', join(folder, 'ca.pem'), '--resolve', `${new URL(url).hostname}:${sandbox.port}:127.0.0.1`]
  const { stdout } = await run('curl', [
    '--silent',
    '--show-error',
    '--include',
    '--globoff',
    '--path-as-is',
    '--noproxy',
    '*',
    ...to,
    ...more,
    url,
  ])
  const [head = '', ...rest] = stdout.split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const body = rest.join('\r\n\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(':')[0]?.toLowerCase() ?? '', line.slice(line.indexOf(':') + 1).trim()]),
  )
  return { status: Number(first.split(' ')[1]), headers, body, json: parsed(body) }
}

function parsed(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body))
  } catch {
    return {}
  }
}

async function token({ tenantId, clientId, clientSecret }: Principal, resource: string): Promise<string[]> {
  const fields = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: `${resource}/.default`,
  }
  const form = Object.entries(fields).flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`])
  const { json, body } = await curl(`${sandbox.endpoints.authorityHost}/${tenantId}/oauth2/v2.0/token`, ...form)
  expect(json.access_token, body).toBeTypeOf('string')
  return ['--header', `Authorization: Bearer ${String(json.access_token)}`]
}

const send = (method: string, body: object): string[] => [
  '--request',
  method,
  '--header',
  'Content-Type: application/json',
  '--data',
  JSON.stringify(body),
]
const codeOf = ({ json }: Said): unknown => Object(json.error).code
const vaultHost = (): string => `https://kv-contoso-mail.${sandbox.endpoints.keyVaultSuffix}`

describe.skipIf(!haveCurl)('curl', () => {
  beforeAll(async () => {
    sandbox = await startSandbox({ settings: { registeringDns: 0, keyPool: 2 } })
    folder = await mkdtemp(join(tmpdir(), 'hma-curl-'))
    await writeFile(join(folder, 'ca.pem'), sandbox.caPem)
    const { graph, resourceManager, keyVaultSuffix, dataverse } = sandbox.endpoints
    const [ofVault, ofMail] = [principal(sandbox, vaultTenant), principal(sandbox, mailTenant)]
    signed.graph = await token(ofVault, graph)
    signed.arm = await token(ofVault, resourceManager)
    signed.vault = await token(ofVault, `https://${keyVaultSuffix.replace(/:\d+$/, '')}`)
    signed.dataverse = await token(ofMail, dataverse)
  })
  afterAll(async () => {
    await sandbox.close()
    await rm(folder, { recursive: true })
  })

  const subscription = '/subscriptions/33333333-3333-3333-3333-333333333333'
  const vault = `${subscription}/resourceGroups/rg-mail/providers/Microsoft.KeyVault/vaults/kv-contoso-mail`
  const arm = (path: string, ...more: readonly string[]): Promise<Said> =>
    curl(`${sandbox.endpoints.resourceManager}${path}`, ...signed.arm, ...more)
  const graph = (path: string, ...more: readonly string[]): Promise<Said> =>
    curl(`${sandbox.endpoints.graph}${path}`, ...signed.graph, ...more)
  const secrets = (path: string, ...more: readonly string[]): Promise<Said> =>
    curl(`${vaultHost()}${path}`, ...signed.vault, ...more)
  const rows = (path: string, ...more: readonly string[]): Promise<Said> =>
    curl(`${sandbox.endpoints.dataverse}/api/data/v9.2/${path}`, ...signed.dataverse, ...more)

  test('Entra publishes its endpoints, and signs verifiable tokens', async () => {
    const { json } = await curl(`${sandbox.endpoints.authorityHost}/${vaultTenant}/v2.0/.well-known/openid-configuration`)
    expect(json.token_endpoint).toBe(`${sandbox.endpoints.authorityHost}/${vaultTenant}/oauth2/v2.0/token`)
    expect((await curl(String(json.jwks_uri))).json.keys).toHaveLength(1)
  })

  test.each([
    ['in any case', (path: string) => path.toUpperCase()],
    ['with a slash at the end', (path: string) => `${path}/`],
    ['with slashes doubled', (path: string) => path.replace('/resourceGroups', '//resourceGroups')],
  ])('Resource Manager reads a path %s', async (_how, written) => {
    const { status, json } = await arm(`${written(vault)}?api-version=2026-02-01`)
    expect({ status, name: json.name }).toEqual({ status: 200, name: 'kv-contoso-mail' })
  })

  test('Resource Manager checks the version, and refuses unknown resources', async () => {
    expect(codeOf(await arm(vault))).toBe('MissingApiVersionParameter')
    expect(codeOf(await arm(`${vault}?api-version=1999-01-01`))).toBe('NoRegisteredProviderFound')
    const unknown = await arm(
      `${subscription}/resourceGroups/rg-mail/providers/Microsoft.KeyVault/managedHSMs/x?api-version=2026-02-01`,
    )
    expect({ status: unknown.status, code: codeOf(unknown) }).toEqual({ status: 404, code: 'InvalidResourceType' })
  })

  test('lists of Resource Manager have pages', async () => {
    const group = `${subscription}/resourceGroups/rg-mail/providers/Microsoft.KeyVault/vaults`
    const body = { location: 'westeurope', properties: { tenantId: vaultTenant, sku: { family: 'A', name: 'standard' } } }
    expect((await arm(`${group}/kv-another?api-version=2026-02-01`, ...send('PUT', body))).status).toBe(200)
    const first = await arm(`${group}?api-version=2026-02-01&$top=1`)
    expect(first.json.value).toHaveLength(1)
    const second = await curl(String(first.json.nextLink), ...signed.arm)
    expect(second.json.value).toMatchObject([{ name: 'kv-another' }])
    expect(second.json).not.toHaveProperty('nextLink')
    expect((await arm(`${group}?api-version=2026-02-01&$top=none`)).status).toBe(400)
  })

  test('a vault reads names of parameters that are encoded, and a path with a slash at the end', async () => {
    expect((await secrets('/secrets/one?api%2Dversion=2025-07-01', ...send('PUT', { value: 'x' }))).status).toBe(200)
    for (const path of ['/secrets/one', '/secrets/one/', '/SECRETS/one']) {
      const { status, json } = await secrets(`${path}?api%2Dversion=2025-07-01`)
      expect({ status, value: json.value }, path).toEqual({ status: 200, value: 'x' })
    }
    expect(codeOf(await secrets('/secrets/one'))).toBe('BadParameter')
    expect(codeOf(await secrets('/secrets/one?api-version=2.0'))).toBe('BadParameter')
    expect((await secrets('/colours/one?api-version=2025-07-01')).status).toBe(404)
  })

  test('a vault names its tenant to a request without a token', async () => {
    const { status, headers } = await curl(`${vaultHost()}/secrets/one?api-version=2025-07-01`)
    expect(status).toBe(401)
    expect(headers['www-authenticate']).toBe(
      `Bearer authorization="${sandbox.endpoints.authorityHost}/${vaultTenant}", resource="https://vault.sandbox.localhost"`,
    )
  })

  test('Graph selects, expands, counts, and names a segment that it does not have', async () => {
    const { json: made } = await graph('/v1.0/applications', ...send('POST', { displayName: 'of curl' }))
    const { json } = await graph(`/v1.0/applications/${String(made.id)}?$select=displayName&$expand=owners`)
    expect(Object.keys(json)).toEqual(['@odata.context', 'displayName', 'owners'])
    const count = await graph('/v1.0/applications/$count', '--header', 'ConsistencyLevel: eventual')
    expect(Number(count.body)).toBeGreaterThan(0)
    const drives = await graph('/v1.0/drives')
    expect({ status: drives.status, code: codeOf(drives) }).toEqual({ status: 400, code: 'BadRequest' })
    expect(codeOf(await graph('/v1.0/applications?$colour=red'))).toBe('BadRequest')
    expect((await graph('/v1.0/applications', '--request', 'DELETE')).status).toBe(405)
  })

  test('Dataverse expands, and heeds If-Match and If-None-Match', async () => {
    const [reference, identity] = ['11111111-0000-4000-8000-000000000001', '11111111-0000-4000-8000-000000000002']
    await rows(`managedidentities(${identity})`, ...send('PATCH', { name: 'kv', applicationid: identity, credentialsource: 0 }))
    const link = { keyvaulturi: 'https://kv.vault.azure.net/', 'managedidentityid@odata.bind': `/managedidentities(${identity})` }
    expect((await rows(`keyvaultreferences(${reference})`, ...send('PATCH', link))).status).toBe(204)
    const path = `keyvaultreferences(${reference})?$select=keyvaulturi&$expand=managedidentityid($select=name)`
    const { json } = await rows(path)
    expect(json).toMatchObject({ keyvaulturi: link.keyvaulturi, managedidentityid: { name: 'kv' } })
    const change = (...more: readonly string[]) =>
      rows(`keyvaultreferences(${reference})`, ...send('PATCH', { keyname: 'x' }), ...more)
    expect((await change('--header', `If-Match: ${String(json['@odata.etag'])}`)).status).toBe(204)
    expect((await change('--header', `If-Match: ${String(json['@odata.etag'])}`)).status).toBe(412)
    expect((await change('--header', 'If-None-Match: *')).status).toBe(412)
    expect((await rows("keyvaultreferences?$filter=keyvaulturi eq 'none'".replaceAll(' ', '%20'))).json.value).toEqual([])
    expect((await rows('colours')).status).toBe(404)
  })

  test('HEAD answers like GET without a body, also for refusals', async () => {
    const asked: readonly [(path: string, ...more: readonly string[]) => Promise<Said>, string][] = [
      ...[`${vault}?api-version=2026-02-01`, `${vault}x?api-version=2026-02-01`, vault].map((path): [typeof arm, string] => [
        arm,
        path,
      ]),
      ...['/secrets/none?api-version=2025-07-01', '/secrets/none'].map((path): [typeof arm, string] => [secrets, path]),
      ...['/v1.0/applications/none', '/v1.0/nowhere'].map((path): [typeof arm, string] => [graph, path]),
      ...['colours'].map((path): [typeof arm, string] => [rows, path]),
    ]
    for (const [ask, path] of asked) {
      const [got, head] = [await ask(path), await ask(path, '--head')]
      expect({ path, status: head.status, body: head.body }).toEqual({ path, status: got.status, body: '' })
    }
    // Dataverse has no HEAD.
    expect((await rows('WhoAmI', '--head')).status).toBe(405)
  })

  test.each([
    ['Entra', () => curl(`${sandbox.endpoints.authorityHost}/nowhere`)],
    ['Exchange', () => curl(`https://mail.sandbox.localhost:${sandbox.port}/owa/nowhere`)],
  ])('%s knows nothing else', async (_who, ask) => expect((await ask()).status).toBe(404))

  test('an unknown host has no certificate', async () => {
    await expect(curl(`https://nobody.sandbox.localhost:${sandbox.port}/`)).rejects.toThrow(/curl/)
  })
})
