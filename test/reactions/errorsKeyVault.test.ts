import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import { graphAs, newClient } from '../../packages/sandbox/test/support/graph.ts'
import { modern } from '../../packages/sandbox/test/support/pfxOfTools.ts'
import {
  type Answer,
  ask,
  bearer,
  mailTenant,
  principal,
  startSandbox,
  vaultTenant,
} from '../../packages/sandbox/test/support/sandbox.ts'
import { selfSigned } from '../../packages/sandbox/test/support/selfSigned.ts'
import { expectRefusal, type Refusal } from './situations.ts'

type Ask = (method: string, path: string, body?: object) => Promise<Answer>

let sandbox: Sandbox
/** Of the vault `kv-errors`, with role-based access, and of `kv-policies`, with access policies. */
let owner: Ask
let ofPolicies: Ask
/** A principal without any right. */
let nobody: Ask
let nobodyOfPolicies: Ask
let arm: Ask
let nobodysId = ''

const group = '/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/rg-mail/providers/Microsoft.KeyVault/vaults'
const version = 'api-version=2025-07-01'
const armVersion = 'api-version=2026-02-01'

async function asker(
  client: { tenantId: string; clientId: string; clientSecret: string },
  base: string,
  resource: string,
  query: string,
): Promise<Ask> {
  const authorization = await bearer(sandbox, client, resource)
  return (method, path, body) =>
    ask(sandbox, `${base}${path}${path.includes('?') ? '&' : '?'}${query}`, {
      method,
      headers: { authorization },
      ...(body && { body }),
    })
}

async function vault(name: string, properties: object): Promise<void> {
  const { status, text } = await arm('PUT', `${group}/${name}`, {
    location: 'westeurope',
    properties: { tenantId: vaultTenant, sku: { family: 'A', name: 'standard' }, accessPolicies: [], ...properties },
  })
  expect(status, text).toBe(200)
}

beforeAll(async () => {
  sandbox = await startSandbox({ settings: { registeringDns: 0, keyPool: 2 } })
  const me = principal(sandbox, vaultTenant)
  const client = await newClient(await graphAs(sandbox, me), vaultTenant, 'nobody')
  nobodysId = client.principalId
  const data = (one: typeof client | typeof me, name: string): Promise<Ask> =>
    asker(one, `https://${name}.vault.azure.net`, 'https://vault.azure.net', version)
  arm = await asker(me, 'https://management.azure.com', 'https://management.azure.com', armVersion)
  await vault('kv-errors', { enableRbacAuthorization: true })
  await vault('kv-policies', { enableRbacAuthorization: false })
  ;[owner, ofPolicies, nobody, nobodyOfPolicies] = await Promise.all([
    ...[data(me, 'kv-errors'), data(me, 'kv-policies'), data(client, 'kv-errors'), data(client, 'kv-policies')],
  ] as const)
})
afterAll(() => sandbox.close())

/** The issuer takes a second, and then nothing is pending any more (404): on a slow machine, before the next request. */
function holdIssuing(name: string): void {
  const operation = sandbox.world.vaults['kv-errors']?.certificates[name]?.operation
  if (!operation) throw new Error(`nothing is being issued under ${name}`)
  operation.readyAt = Number.MAX_SAFE_INTEGER
}

const self = { policy: { issuer: { name: 'Self' }, x509_props: { subject: 'CN=hma' } } }
const unknown = { policy: { issuer: { name: 'Unknown' }, x509_props: { subject: 'CN=hma' } } }
const text = (value: string): RegExp => new RegExp(value.replace(/[.()/'?|]/g, '\\$&').replaceAll('*', '[^\\r\\n]*'))

const notFound = (kind: string): string =>
  `A ${kind} with (name/id) absent was not found in this key vault. If you recently deleted this ${kind} you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`

/** Every situation of which it is known how a vault refuses it: https://learn.microsoft.com/azure/key-vault/general/rest-error-codes */
const situations: readonly (readonly [string, () => Promise<Answer>, Refusal])[] = [
  [
    'no token',
    () => ask(sandbox, `https://kv-errors.vault.azure.net/secrets/a?${version}`),
    {
      status: 401,
      code: 'Unauthorized',
      says: text('AKV10000: Request is missing a Bearer, PoP, or MTLS_POP token.'),
      again: false,
      hint: new RegExp(vaultTenant),
    },
  ],
  [
    'a token of another tenant',
    async () => {
      const stranger = await asker(
        principal(sandbox, mailTenant),
        'https://kv-errors.vault.azure.net',
        'https://vault.azure.net',
        version,
      )
      return stranger('GET', '/secrets/a')
    },
    { status: 401, code: 'Unauthorized', says: /^AKV10032: Invalid issuer\./, again: false, hint: new RegExp(vaultTenant) },
  ],
  [
    'a certificate that is not there',
    () => owner('GET', '/certificates/absent'),
    { status: 404, code: 'CertificateNotFound', says: text(notFound('certificate')), again: true },
  ],
  [
    'a secret that is not there',
    () => owner('GET', '/secrets/absent'),
    { status: 404, code: 'SecretNotFound', says: text(notFound('secret')), again: true },
  ],
  [
    'a certificate that was not deleted',
    () => owner('GET', '/deletedcertificates/absent'),
    { status: 404, code: 'CertificateNotFound', says: /^Deleted Certificate not found: absent$/, again: true },
  ],
  [
    'an operation that is not under way',
    () => owner('GET', '/certificates/absent/pending'),
    { status: 404, code: 'PendingCertificateNotFound', says: /^Pending certificate not found: absent$/, again: true },
  ],
  ...(['certificate', 'secret'] as const).flatMap((kind): readonly (readonly [string, () => Promise<Answer>, Refusal])[] => {
    const [name, body] = [`old-${kind}`, kind === 'secret' ? { value: 'x' } : self]
    const make = (): Promise<Answer> =>
      kind === 'secret' ? owner('PUT', `/secrets/${name}`, body) : owner('POST', `/certificates/${name}/create`, body)
    return [
      [
        `a ${kind} whose name is being deleted`,
        async () => {
          await make()
          await owner('DELETE', `/${kind}s/${name}`)
          return make()
        },
        {
          status: 409,
          code: 'Conflict',
          inner: 'ObjectIsBeingDeleted',
          says: / is currently being deleted and cannot be re-created; retry later\.$/,
          again: true,
        },
      ],
      [
        `a ${kind} whose name a deleted one holds`,
        async () => {
          sandbox.advance(60_000)
          return make()
        },
        {
          ...{ status: 409, code: 'Conflict', inner: 'ObjectIsDeletedButRecoverable', again: true },
          says: text(
            `is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the ${kind} can only be recovered or purged.`,
          ),
        },
      ],
      [
        `a ${kind} that is on its way back`,
        async () => {
          await owner('POST', `/deleted${kind}s/${name}/recover`)
          return make()
        },
        { status: 409, code: 'Conflict', inner: 'ObjectIsBeingRecovered', says: /recovered/, again: true },
      ],
    ]
  }),
  [
    'a certificate while one is being made',
    async () => {
      await owner('POST', '/certificates/waiting/create', unknown)
      return owner('POST', '/certificates/waiting/create', unknown)
    },
    {
      ...{ status: 409, code: 'Forbidden', again: true },
      says: text(
        "A new key vault certificate can not be created or imported while a pending key vault certificate's status is inProgress.",
      ),
    },
  ],
  [
    'a merge with the certificate of another key',
    async () => owner('POST', '/certificates/waiting/pending/merge', { x5c: [(await selfSigned('CN=x', sandbox.now(), 5)).der] }),
    {
      status: 400,
      code: 'BadParameter',
      says: /^The public key of the end-entity certificate in the specified X\.509 certificate content does not match/,
      again: false,
    },
  ],
  [
    'a merge into what an issuer makes',
    async () => {
      const { der } = await selfSigned('CN=x', sandbox.now(), 5)
      await owner('POST', '/certificates/issued/create', self)
      holdIssuing('issued')
      return owner('POST', '/certificates/issued/pending/merge', { x5c: [der] })
    },
    {
      status: 403,
      code: 'Forbidden',
      says: /^Merge is forbidden on pending object created with issuer : Self while it is in progess\.$/,
      again: false,
    },
  ],
  [
    'a file with the wrong password',
    () => owner('POST', '/certificates/brought/import', { value: modern.toString('base64'), pwd: 'wrong' }),
    { status: 400, code: 'BadParameter', says: /password|PKCS#12/, again: false },
  ],
  [
    'a secret that is disabled',
    async () => {
      await owner('PUT', '/secrets/off', { value: 'x', attributes: { enabled: false } })
      return owner('GET', '/secrets/off')
    },
    {
      status: 403,
      code: 'Forbidden',
      inner: 'SecretDisabled',
      says: /^Operation get is not allowed on a disabled secret\.$/,
      again: false,
      hint: /Enable/,
    },
  ],
  [
    'a role that is missing',
    () => nobody('GET', '/secrets/off'),
    {
      ...{ status: 403, code: 'Forbidden', inner: 'ForbiddenByRbac', again: 'briefly', hint: /getSecret\/action/ },
      says: /^Caller is not authorized to perform action on resource\.\r\n.*\r\nCaller: appid=.*\r\nAction: 'Microsoft\.KeyVault\/vaults\/secrets\/getSecret\/action'\r\n/,
    },
  ],
  [
    'no access policy at all',
    () => nobodyOfPolicies('GET', '/secrets/off'),
    {
      ...{ status: 403, code: 'Forbidden', inner: 'AccessDenied', again: 'briefly', hint: /access policy/ },
      says: /^The user, group or application 'appid=[^']*' does not have secrets get permission on key vault 'kv-policies;location=westeurope'\. For help/,
    },
  ],
  [
    'an access policy that lacks the permission',
    async () => {
      await arm('PUT', `${group}/kv-policies/accessPolicies/add`, {
        properties: { accessPolicies: [{ tenantId: vaultTenant, objectId: nobodysId, permissions: { certificates: ['get'] } }] },
      })
      return nobodyOfPolicies('GET', '/secrets/off')
    },
    {
      status: 403,
      code: 'Forbidden',
      inner: 'ForbiddenByPolicy',
      says: /does not have secrets get permission/,
      again: 'briefly',
      hint: /access policy/,
    },
  ],
  [
    'a firewall',
    async () => {
      await vault('kv-walled', { enableRbacAuthorization: true, networkAcls: { bypass: 'None', defaultAction: 'Deny' } })
      const behind = await asker(
        principal(sandbox, vaultTenant),
        'https://kv-walled.vault.azure.net',
        'https://vault.azure.net',
        version,
      )
      return behind('GET', '/secrets/a')
    },
    {
      status: 403,
      code: 'Forbidden',
      inner: 'ForbiddenByFirewall',
      says: /^Client address is not authorized and caller is not a trusted service\.\r\nClient address: /,
      again: false,
      hint: /firewall/,
    },
  ],
  [
    'a vault without public access',
    async () => {
      await vault('kv-private', { enableRbacAuthorization: true, publicNetworkAccess: 'Disabled' })
      const behind = await asker(
        principal(sandbox, vaultTenant),
        'https://kv-private.vault.azure.net',
        'https://vault.azure.net',
        version,
      )
      return behind('GET', '/secrets/a')
    },
    {
      ...{ status: 403, code: 'Forbidden', inner: 'ForbiddenByConnection', again: false, hint: /no address rule can help/ },
      says: /^Public network access is disabled and request is not from a trusted service nor via an approved private link\.$/,
    },
  ],
  [
    'a name that cannot be one',
    () => owner('GET', '/secrets/a_b'),
    { status: 400, code: 'BadParameter', says: /a_b/, again: false },
  ],
  [
    'a version of the API that there is not',
    () => ask(sandbox, 'https://kv-errors.vault.azure.net/secrets/a?api-version=1.0'),
    { status: 401, code: 'Unauthorized', says: /AKV10000/, again: false },
  ],
]

test.each(situations)('%s', async (_what, situation, wanted) => {
  const answer = await situation()
  expectRefusal('keyVault', answer, wanted)
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  expect(answer.headers['x-ms-request-id']).toMatch(/^[0-9a-f-]{36}$/)
})

test('an effective access policy grants access', async () => {
  expect((await ofPolicies('GET', '/secrets/absent')).status).toBe(403)
  expect((await nobodyOfPolicies('GET', '/certificates/absent')).status).toBe(404)
})
