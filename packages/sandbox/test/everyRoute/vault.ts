import { generateKeyPairSync } from 'node:crypto'
import { Hono } from 'hono'
import type { RequestEnv } from '../../src/keyVault/requestContext.ts'
import { register } from '../../src/keyVault/routes.ts'
import type { AsClient } from '../clients/asClient.ts'
import { vaultTenant } from '../support/sandbox.ts'
import type { Family, Ids } from './family.ts'

const vault = 'https://kv-every.vault.azure.net'
const resource =
  'https://management.azure.com/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/rg-mail/providers/Microsoft.KeyVault/vaults/kv-every?api-version=2024-11-01'
const version = 'api-version=7.5'
const app = new Hono<RequestEnv>()
register(app)

const policy = (issuer: string) => ({
  issuer: { name: issuer },
  x509_props: { subject: 'CN=every route', validity_months: 6, ekus: ['1.3.6.1.5.5.7.3.2'] },
  key_props: { kty: 'EC', crv: 'P-256', exportable: true },
  secret_props: { contentType: 'application/x-pem-file' },
})
const ecKey = { kty: 'EC', crv: 'P-256' }
const digest = Buffer.alloc(32, 1).toString('base64url')

async function prepare(client: AsClient, advance: (milliseconds: number) => void): Promise<Record<string, string>> {
  const send = async (method: string, path: string, body?: object) => {
    const { status, text, json } = await client(method, `${vault}${path}?${version}`, body)
    if (status >= 400) throw new Error(`${path}: ${text}`)
    return json
  }
  // One whose contents can be purged.
  const properties = {
    tenantId: vaultTenant,
    sku: { family: 'A', name: 'standard' },
    enableRbacAuthorization: true,
    accessPolicies: [],
  }
  await client('PUT', resource, { location: 'westeurope', properties })
  advance(2000)
  for (const name of ['one', 'gone', 'copied']) {
    await send('POST', `/certificates/${name}-cert/create`, { policy: policy('Self') })
    advance(2000)
    await send('PUT', `/secrets/${name}-secret`, { value: '1' })
    await send('POST', `/keys/${name}-key/create`, name === 'one' ? { kty: 'RSA' } : ecKey)
  }
  const pem = String((await send('GET', '/secrets/one-cert')).value)
  await send('POST', '/certificates/waiting/create', { policy: policy('Unknown') })
  await send('PUT', '/certificates/issuers/ours', { provider: 'Test' })
  await send('PUT', '/certificates/contacts', { contacts: [{ email: 'a@example.com' }] })
  const backup: Record<string, string> = {}
  for (const kind of ['certificate', 'secret', 'key']) {
    const short = kind === 'certificate' ? 'cert' : kind
    backup[`${kind}Backup`] = String((await send('POST', `/${kind}s/copied-${short}/backup`)).value)
    for (const name of ['copied', 'gone']) await send('DELETE', `/${kind}s/${name}-${short}`)
  }
  advance(2000)
  for (const kind of ['certificate', 'secret', 'key'])
    await send('DELETE', `/deleted${kind}s/copied-${kind === 'certificate' ? 'cert' : kind}`)
  const value = Buffer.from('plain').toString('base64url')
  const signature = String((await send('POST', '/keys/one-key/sign', { alg: 'RS256', value: digest })).value)
  const closed = String((await send('POST', '/keys/one-key/encrypt', { alg: 'RSA-OAEP', value })).value)
  return { ...backup, pem, signature, closed }
}

function fill(path: string): string {
  return path
    .replace(/\/:version\?$/, '')
    .replace(/\/:version(?=\/)/, '')
    .replace('/issuers/:name', '/issuers/ours')
    .replace('/certificates/:name/pending', '/certificates/waiting/pending')
    .replace('/certificates/:name/import', '/certificates/brought/import')
    .replace(/\/(keys|certificates)\/:name\/create/, '/$1/made/create')
    .replace(/^\/deleted(certificate|secret|key)s\/:name/, (all, kind) =>
      all.replace(':name', `gone-${kind === 'certificate' ? 'cert' : kind}`),
    )
    .replace(/^\/(certificate|secret|key)s\/:name/, (all, kind) =>
      all.replace(':name', `one-${kind === 'certificate' ? 'cert' : kind}`),
    )
}

const attributes = { enabled: true, nbf: 1_800_000_000, exp: 1_900_000_000 }
const operations: Readonly<Record<string, (ids: Ids) => object>> = {
  encrypt: () => ({ alg: 'RSA-OAEP', value: 'AAAA' }),
  decrypt: ({ closed }) => ({ alg: 'RSA-OAEP', value: closed }),
  wrapkey: () => ({ alg: 'RSA-OAEP', value: 'AAAA' }),
  unwrapkey: ({ closed }) => ({ alg: 'RSA-OAEP', value: closed }),
  sign: () => ({ alg: 'RS256', value: digest }),
  verify: ({ signature }) => ({ alg: 'RS256', digest, value: signature }),
}

const bodies: Family['bodies'] = {
  'PUT /certificates/issuers/:name': () => ({
    provider: 'Test',
    credentials: { account_id: 'a', pwd: 'b' },
    org_details: { id: 'o', admin_details: [{ email: 'a@example.com', first_name: 'A', last_name: 'B', phone: '1' }] },
    attributes: { enabled: true },
  }),
  'PATCH /certificates/issuers/:name': () => ({
    provider: 'Test',
    credentials: { account_id: 'a', pwd: 'b' },
    attributes: { enabled: false },
  }),
  'PUT /certificates/contacts': () => ({ contacts: [{ email: 'b@example.com', name: 'B', phone: '1' }] }),
  'POST /certificates/restore': ({ certificateBackup }) => ({ value: certificateBackup }),
  'POST /secrets/restore': ({ secretBackup }) => ({ value: secretBackup }),
  'POST /keys/restore': ({ keyBackup }) => ({ value: keyBackup }),
  'POST /certificates/:name/create': () => ({
    policy: {
      ...policy('Self'),
      lifetime_actions: [{ trigger: { lifetime_percentage: 80 }, action: { action_type: 'AutoRenew' } }],
    },
    attributes: { enabled: true },
    tags: { one: '1' },
  }),
  'POST /certificates/:name/import': ({ pem }) => ({
    value: pem,
    pwd: '',
    policy: { secret_props: { contentType: 'application/x-pem-file' } },
    tags: { one: '1' },
    attributes: { enabled: true },
  }),
  'PATCH /certificates/:name/policy': () => ({
    x509_props: { subject: 'CN=other', validity_months: 3 },
    key_props: { reuse_key: true },
  }),
  'PATCH /certificates/:name/pending': () => ({ cancellation_requested: true }),
  'PATCH /certificates/:name/:version?': () => ({ attributes: { enabled: false }, tags: { one: '1' } }),
  'PUT /secrets/:name': () => ({ value: '2', contentType: 'text/plain', tags: { one: '1' }, attributes }),
  'PATCH /secrets/:name/:version?': () => ({ contentType: 'text/plain', tags: { one: '1' }, attributes }),
  'POST /keys/:name/create': () => ({ ...ecKey, key_ops: ['sign', 'verify'], attributes, tags: { one: '1' } }),
  'PUT /keys/:name': () => ({
    key: { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), key_ops: ['sign'] },
    attributes,
    tags: { one: '1' },
  }),
  'PATCH /keys/:name/:version?': () => ({ key_ops: ['sign'], attributes, tags: { one: '1' } }),
  'PUT /keys/:name/rotationpolicy': () => ({
    lifetimeActions: [{ trigger: { timeAfterCreate: 'P90D' }, action: { type: 'Rotate' } }],
    attributes: { expiryTime: 'P2Y' },
  }),
  ...Object.fromEntries(
    Object.entries(operations).flatMap(([name, body]) => [
      [`POST /keys/:name/${name}`, body],
      [`POST /keys/:name/:version/${name}`, body],
    ]),
  ),
}

export const ofVault: Family = {
  name: 'Key Vault',
  routes: app.routes.map(({ method, path }) => `${method} ${path}`),
  prepare,
  url: (path) => `${vault}${fill(path)}?${version}`,
  bodies,
  apart: { 'POST /certificates/:name/pending/merge': 'keyVault/certificates.test.ts' },
}
