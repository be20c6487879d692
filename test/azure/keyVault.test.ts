import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { selfSigned } from '../../packages/sandbox/test/support/selfSigned.ts'
import { Secret } from '../../src/core/secret.ts'
import type { Received, Reply } from './server.ts'
import { tenant, vault, world } from './world.ts'

const der = Buffer.from((await selfSigned('CN=hma.contoso.com', new Date('2026-01-01'), 365)).der, 'base64')
const x5t = createHash('sha1').update(der).digest('base64url')
const created = 1_790_000_000
const tags = { 'hma-owner': 'contoso' }

const policy = {
  key_props: { exportable: true, kty: 'RSA', key_size: 3072, reuse_key: false },
  x509_props: { subject: 'CN=hma.contoso.com', validity_months: 12 },
  issuer: { name: 'Unknown' },
}

const bundle = {
  id: `${vault}/certificates/HMA-Cert/0123456789abcdef0123456789abcdef`,
  x5t,
  cer: der.toString('base64'),
  attributes: { enabled: true, nbf: created, exp: created + 86_400, created, updated: created },
  tags,
  policy,
}

const missing = (code: string): Reply => ({ status: 404, body: { error: { code, message: 'not found' } } })
const wanted = { issuer: 'Unknown', subject: 'CN=hma.contoso.com', keySize: 3072, validityMonths: 12 }
const body = (request: Received | undefined): unknown => JSON.parse(request?.body ?? '')

describe('a certificate', () => {
  test('is read with its policy, signed in from the first request on', async () => {
    const at = await world(() => ({ status: 200, body: bundle }))
    expect(await at.clients.keyVault.certificate(vault, 'HMA-Cert')).toEqual({
      name: 'HMA-Cert',
      version: '0123456789abcdef0123456789abcdef',
      thumbprint: createHash('sha1').update(der).digest('hex').toUpperCase(),
      certificate: der.toString('base64'),
      notBefore: new Date(created * 1000).toISOString(),
      expires: new Date((created + 86_400) * 1000).toISOString(),
      updated: new Date(created * 1000).toISOString(),
      enabled: true,
      tags,
      policy: wanted,
      renewsItself: false,
      exportable: true,
    })
    expect(at.asked()).toHaveLength(1)
    expect(at.server.received.at(-1)?.headers.authorization).toMatch(/^Bearer eyJh/)
  })

  test('that is missing, or still being made, is undefined', async () => {
    const absent = await world(() => missing('CertificateNotFound'))
    expect(await absent.clients.keyVault.certificate(vault, 'x')).toBeUndefined()
    const { cer: _cer, x5t: _x5t, ...pending } = bundle
    const made = await world(() => ({ status: 200, body: { ...pending, attributes: { enabled: false } } }))
    expect(await made.clients.keyVault.certificate(vault, 'HMA-Cert')).toBeUndefined()
  })

  test('is created without waiting, and never renewed by the vault itself', async () => {
    const operation = {
      id: `${vault}/certificates/HMA-Cert/pending`,
      status: 'inProgress',
      issuer: { name: 'Unknown' },
      csr: 'AAAA',
    }
    const at = await world(({ method }) => ({ status: method === 'POST' ? 202 : 200, body: operation }))
    await at.clients.keyVault.createCertificate(vault, 'HMA-Cert', wanted, tags)
    const request = at.server.received.find(({ method, path }) => method === 'POST' && path.startsWith('/certificates'))
    expect(body(request)).toMatchObject({
      tags,
      policy: {
        issuer: { name: 'Unknown' },
        key_props: { kty: 'RSA', key_size: 3072, exportable: true },
        x509_props: { subject: 'CN=hma.contoso.com', validity_months: 12 },
        lifetime_actions: [{ action: { action_type: 'EmailContacts' } }],
      },
    })
  })

  test('is merged with its tags', async () => {
    const at = await world(() => ({ status: 201, body: bundle }))
    await at.clients.keyVault.mergeCertificate(vault, 'HMA-Cert', ['bGVhZg==', 'Y2E='], tags)
    expect(at.asked()).toEqual(['POST /certificates/HMA-Cert/pending/merge?api-version=2025-07-01'])
    expect(body(at.server.received.at(-1))).toEqual({ x5c: ['bGVhZg==', 'Y2E='], tags, attributes: { enabled: true } })
  })

  test('is imported with a policy: the key can be read, and the vault renews nothing', async () => {
    const at = await world(() => ({ status: 200, body: bundle }))
    await at.clients.keyVault.importCertificate(vault, 'HMA-Cert', { pfx: new Secret('cGZ4'), keySize: 3072 }, tags)
    expect(at.asked()).toEqual(['POST /certificates/HMA-Cert/import?api-version=2025-07-01'])
    expect(body(at.server.received.at(-1))).toEqual({
      value: 'cGZ4',
      policy: {
        key_props: { exportable: true, kty: 'RSA', key_size: 3072, reuse_key: false },
        secret_props: { contentType: 'application/x-pkcs12' },
        lifetime_actions: [{ trigger: { lifetime_percentage: 80 }, action: { action_type: 'EmailContacts' } }],
        issuer: { name: 'Unknown' },
      },
      tags,
      attributes: { enabled: true },
    })
  })

  test('has a pending operation with its request and tags', async () => {
    const operation = { status: 'failed', issuer: { name: 'Unknown' }, csr: 'AAAA', error: { code: 'x', message: 'rejected' } }
    const at = await world(({ path }) => ({ status: 200, body: path.includes('pending') ? operation : bundle }))
    expect(await at.clients.keyVault.operation(vault, 'HMA-Cert')).toEqual({
      status: 'failed',
      issuer: 'Unknown',
      csr: 'AAAA',
      tags,
      error: 'rejected',
    })
    const none = await world(() => missing('PendingCertificateNotFound'))
    expect(await none.clients.keyVault.operation(vault, 'HMA-Cert')).toBeUndefined()
    await expect(none.clients.keyVault.deleteOperation(vault, 'HMA-Cert')).resolves.toBeUndefined()
  })

  test('is read once for concurrent callers', async () => {
    const at = await world(() => ({ status: 200, body: { ...bundle, status: 'completed' } }))
    await Promise.all([at.clients.keyVault.operation(vault, 'HMA-Cert'), at.clients.keyVault.certificate(vault, 'HMA-Cert')])
    expect(at.asked()).toHaveLength(2)
    await at.clients.keyVault.certificate(vault, 'HMA-Cert')
    expect(at.asked()).toHaveLength(3)
  })

  test('is deleted once the deleted one is visible', async () => {
    let looks = 0
    const at = await world(({ method }) => {
      if (method === 'DELETE') return { status: 200, body: bundle }
      return ++looks < 3 ? missing('CertificateNotFound') : { status: 200, body: { ...bundle, recoveryId: 'r' } }
    })
    await at.clients.keyVault.deleteCertificate(vault, 'HMA-Cert')
    expect(at.waits).toEqual([2000, 2000])
    expect(await at.clients.keyVault.deletedCertificate(vault, 'HMA-Cert')).toEqual({ name: 'HMA-Cert', tags })
  })

  test('is recovered once it can be read', async () => {
    let looks = 0
    const at = await world(({ method }) =>
      method === 'POST' || ++looks > 1 ? { status: 200, body: bundle } : missing('CertificateNotFound'),
    )
    await at.clients.keyVault.recoverCertificate(vault, 'HMA-Cert')
    expect(at.asked()[0]).toMatch(/^POST \/deletedcertificates\/HMA-Cert\/recover/)
    expect(at.waits).toEqual([2000])
  })

  test('is tagged in place', async () => {
    const at = await world(() => ({ status: 200, body: bundle }))
    await at.clients.keyVault.tagCertificate(vault, 'HMA-Cert', tags)
    expect(body(at.server.received.at(-1))).toMatchObject({ tags })
    expect(at.asked()[0]).toMatch(/^PATCH \/certificates\/HMA-Cert/)
  })
})

describe('a secret', () => {
  const version = (id: string, at: number, enabled = true) => ({
    id: `${vault}/secrets/s/${id}`,
    attributes: { enabled, created: at, updated: at, exp: at + 1000 },
    tags: { version: id },
  })

  test('is read without its value: the newest version, which the vault does not serve where it is disabled', async () => {
    const at = await world(() => ({
      status: 200,
      body: { value: [version('a', 100), version('c', 300, false), version('b', 200)] },
    }))
    expect(await at.clients.keyVault.secret(vault, 's')).toMatchObject({
      name: 's',
      version: 'c',
      enabled: false,
      tags: { version: 'c' },
    })
    expect(at.asked()).toEqual([expect.stringMatching(/^GET \/secrets\/s\/versions\?/)])
  })

  test('that is missing is undefined', async () => {
    const at = await world(() => missing('SecretNotFound'))
    expect(await at.clients.keyVault.secret(vault, 's')).toBeUndefined()
    expect(await at.clients.keyVault.secretValue(vault, 's')).toBeUndefined()
    expect(await at.clients.keyVault.deletedSecret(vault, 's')).toBeUndefined()
  })

  test('is written with its expiry', async () => {
    const at = await world(() => ({ status: 200, body: { ...version('a', 100), value: 'hush-value' } }))
    const about = { tags, expires: '2027-05-01T00:00:00.000Z', contentType: 'text/plain' }
    await at.clients.keyVault.setSecret(vault, 's', new Secret('hush-value'), about)
    expect(body(at.server.received.at(-1))).toMatchObject({
      value: 'hush-value',
      tags,
      contentType: 'text/plain',
      attributes: { exp: Date.parse(about.expires) / 1000 },
    })
    expect((await at.clients.keyVault.secretValue(vault, 's'))?.reveal()).toBe('hush-value')
    expect(at.lines.join()).not.toContain('hush')
  })
})

test('the contents leave out the secrets that back certificates', async () => {
  const at = await world(({ path }) => ({
    status: 200,
    body: {
      value: path.startsWith('/certificates')
        ? [{ id: `${vault}/certificates/HMA-Cert`, attributes: {} }]
        : [
            { id: `${vault}/secrets/HMA-Cert`, managed: true, attributes: {} },
            { id: `${vault}/secrets/other`, attributes: {} },
          ],
    },
  }))
  expect(await at.clients.keyVault.contents(vault)).toEqual({ certificates: ['HMA-Cert'], secrets: ['other'] })
})

test('a vault whose tenant is not known is asked for it', async () => {
  const authenticate = `Bearer authorization="https://login.lab.localhost/${tenant}", resource="https://vault.lab.localhost"`
  const at = await world(
    ({ headers }) =>
      headers.authorization === undefined
        ? { status: 401, headers: { 'www-authenticate': authenticate } }
        : { status: 200, body: bundle },
    { tenantOf: () => undefined },
  )
  await Promise.all(['HMA-Cert', 'other'].map((name) => at.clients.keyVault.certificate(vault, name)))
  expect(at.asked()).toHaveLength(3)
})

test('a refusal in the SDK keeps what the vault said', async () => {
  const said = {
    error: { code: 'Forbidden', message: 'Client address is not authorized.', innererror: { code: 'ForbiddenByFirewall' } },
  }
  const at = await world(() => ({ status: 403, headers: { 'x-ms-request-id': 'r-9' }, body: said }))
  await expect(at.clients.keyVault.certificate(vault, 'HMA-Cert')).rejects.toMatchObject({
    service: 'keyVault',
    status: 403,
    code: 'ForbiddenByFirewall',
    requestId: 'r-9',
    hint: expect.stringContaining('firewall'),
  })
})
