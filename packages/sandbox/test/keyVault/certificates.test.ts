import 'reflect-metadata'
import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { CertificateClient, DefaultCertificatePolicy } from '@azure/keyvault-certificates'
import { SecretClient } from '@azure/keyvault-secrets'
import { Pkcs10CertificateRequest } from '@peculiar/x509'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromPkcs12 } from '../../src/keyVault/certificates/pkcs12.ts'
import { signRequest } from '../authority.ts'
import { type Cloud, startCloud, vaultUrl } from '../vaultCloud.ts'

let cloud: Cloud
let certificates: CertificateClient
let secrets: SecretClient

beforeAll(async () => {
  cloud = await startCloud()
  const options = { httpClient: cloud.httpClient, retryOptions: { maxRetries: 0 } }
  certificates = new CertificateClient(vaultUrl, cloud.credential('owner'), options)
  secrets = new SecretClient(vaultUrl, cloud.credential('owner'), options)
})
afterAll(() => cloud.close())

const quick = { intervalInMs: 100 }

describe('a certificate that the vault signs itself', () => {
  it('is created by a plain client, with a secret that contains its key', async () => {
    const poller = await certificates.beginCreateCertificate('self', DefaultCertificatePolicy, { ...quick, tags: { a: 'b' } })
    const made = await poller.pollUntilDone()
    expect(made.policy).toMatchObject({ subject: 'cn=MyCert', keySize: 2048, validityInMonths: 12, issuerName: 'Self' })
    expect(made.properties.tags).toEqual({ a: 'b' })
    const x509 = new X509Certificate(made.cer ?? new Uint8Array())
    expect(x509.issuer).toBe(x509.subject)
    expect(x509.verify(x509.publicKey)).toBe(true)
    expect(made.properties.x509ThumbprintString).toBe(x509.fingerprint.replaceAll(':', '').toLowerCase())
    expect(made.properties.notBefore).toEqual(new Date(x509.validFrom))

    const secret = await secrets.getSecret('self')
    expect(secret.properties).toMatchObject({
      contentType: 'application/x-pkcs12',
      managed: true,
      version: made.properties.version,
    })
    const pfx = Buffer.from(secret.value ?? '', 'base64')
    expect(() => createSecureContext({ pfx, passphrase: '' })).not.toThrow()
    const contents = fromPkcs12(secret.value ?? '', '')
    const key = createPublicKey(contents?.privateKey ?? '').export({ type: 'spki', format: 'der' })
    expect(key).toEqual(x509.publicKey.export({ type: 'spki', format: 'der' }))
  })

  it('renews itself when its time has come', async () => {
    const { ask, advance } = await startRenewal()
    const before = await ask('GET', '/certificates/renewing')
    advance(365 * 0.81 * 86_400_000)
    const after = await ask('GET', '/certificates/renewing')
    expect(after.body.x5t).not.toBe(before.body.x5t)
    expect(after.body.tags).toEqual({ kept: 'yes' })
    const versions = await ask('GET', '/certificates/renewing/versions')
    expect(versions.body.value).toHaveLength(2)
  })

  async function startRenewal() {
    const own = await startCloud()
    const ask = (method: string, path: string, body?: unknown) =>
      own.ask('owner', method, `${vaultUrl}${path}?api-version=7.5`, body)
    const policy = { x509_props: { subject: 'CN=renewing' }, issuer: { name: 'Self' } }
    await ask('POST', '/certificates/renewing/create', { policy, tags: { kept: 'yes' } })
    own.advance(2000)
    return { ask, advance: own.advance }
  }
})

describe('a certificate that is signed elsewhere', () => {
  it('waits with a signing request, and is current once it is merged', async () => {
    const policy = { issuerName: 'Unknown', subject: 'CN=hma.contoso.com, O=Contoso', keySize: 2048, validityInMonths: 6 }
    await certificates.beginCreateCertificate('signed', policy, quick)
    const waiting = await certificates.getCertificate('signed')
    expect(waiting.cer).toBeUndefined()
    expect(waiting.properties.enabled).toBe(false)

    const poller = await certificates.getCertificateOperation('signed')
    const csr = poller.getOperationState().certificateOperation?.csr ?? new Uint8Array()
    const request = new Pkcs10CertificateRequest(csr)
    expect(await request.verify()).toBe(true)
    expect(request.subject).toBe('O=Contoso, CN=hma.contoso.com')

    const { leaf, issuer } = await signRequest(csr)
    const merged = await certificates.mergeCertificate('signed', [leaf, issuer])
    expect(Buffer.from(merged.cer ?? new Uint8Array())).toEqual(Buffer.from(leaf))
    expect(merged.properties.version).not.toBe(waiting.properties.version)
    expect((await certificates.getCertificate('signed')).properties.enabled).toBe(true)
    const contents = fromPkcs12((await secrets.getSecret('signed')).value ?? '', '')
    expect(contents?.certificates).toEqual([leaf, issuer].map((one) => Buffer.from(one).toString('base64')))
  })

  it('comes through an export and an import unchanged, its issuer with an elliptic curve too', async () => {
    const pfx = await secrets.getSecret('signed')
    const again = await certificates.importCertificate('again', Buffer.from(pfx.value ?? '', 'base64'))
    expect(again.cer).toEqual((await certificates.getCertificate('signed')).cer)
    expect(again.policy?.subject).toBe('CN=hma.contoso.com, O=Contoso')
    expect((await secrets.getSecret('again')).value).not.toBe('')
  })

  it('may be merged as the bytes of a PEM file', async () => {
    await raw('POST', '/certificates/pembytes/create', createWith('Unknown'))
    const { body } = await raw('GET', '/certificates/pembytes/pending')
    const { leaf } = await signRequest(Buffer.from(String(body.csr), 'base64'))
    const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(leaf).toString('base64')}\n-----END CERTIFICATE-----\n`
    const merged = await certificates.mergeCertificate('pembytes', [Buffer.from(pem)])
    expect(Buffer.from(merged.cer ?? new Uint8Array()).equals(leaf)).toBe(true)
    await raw('DELETE', '/certificates/pembytes')
    await raw('DELETE', '/certificates/again')
  })

  it('keeps the former version current until the merge', async () => {
    const former = await certificates.getCertificate('signed')
    await certificates.beginCreateCertificate('signed', { issuerName: 'Unknown', subject: 'CN=next' }, quick)
    expect((await certificates.getCertificate('signed')).properties.version).toBe(former.properties.version)
    await expect(certificates.beginCreateCertificate('signed', DefaultCertificatePolicy)).rejects.toMatchObject({
      statusCode: 409,
      code: 'Forbidden',
    })
  })

  it('refuses a certificate for another key', async () => {
    const former = await certificates.getCertificate('self')
    await expect(certificates.mergeCertificate('signed', [former.cer ?? new Uint8Array()])).rejects.toMatchObject({
      statusCode: 400,
      code: 'BadParameter',
      message: expect.stringContaining('does not match the public part'),
    })
  })

  it('forgets an operation that is deleted', async () => {
    await certificates.deleteCertificateOperation('signed')
    await expect(certificates.deleteCertificateOperation('signed')).rejects.toMatchObject({
      statusCode: 404,
      code: 'PendingCertificateNotFound',
    })
  })

  it('is shown in place of the former one where the setting says so', async () => {
    const own = await startCloud({ pendingHidesCurrent: true, mergeKeepsTags: false })
    const ask = (method: string, path: string, body?: unknown) =>
      own.ask('owner', method, `${vaultUrl}${path}?api-version=7.6`, body)
    const policy = { x509_props: { subject: 'CN=a' }, issuer: { name: 'Self' } }
    await ask('POST', '/certificates/hidden/create', { policy })
    own.advance(1500)
    expect((await ask('GET', '/certificates/hidden/')).body.x5t).toBeTypeOf('string')
    const created = await ask('POST', '/certificates/hidden/create', { policy: { ...policy, issuer: {} }, tags: { lost: 'yes' } })
    expect((await ask('GET', '/certificates/hidden/')).body.x5t).toBeUndefined()
    const { leaf } = await signRequest(Buffer.from(String(created.body.csr), 'base64'))
    const merged = await ask('POST', '/certificates/hidden/pending/merge', { x5c: [Buffer.from(leaf).toString('base64')] })
    expect(merged.status).toBe(201)
    expect(merged.body.tags).toBeUndefined()
    await own.close()
  })
})

describe('certificates that are brought along', () => {
  it('are imported as PKCS#12 and as PEM', async () => {
    const pfx = Buffer.from((await secrets.getSecret('self')).value ?? '', 'base64')
    const imported = await certificates.importCertificate('imported', pfx, { tags: { from: 'file' } })
    expect(imported.properties.x509Thumbprint).toEqual((await certificates.getCertificate('self')).properties.x509Thumbprint)
    expect(imported.policy).toMatchObject({ issuerName: 'Unknown', subject: 'CN=MyCert', validityInMonths: 12 })
    const { privateKey, certificates: chain } = fromPkcs12(pfx.toString('base64'), '') ?? {}
    const pem = `${privateKey}-----BEGIN CERTIFICATE-----\n${chain?.[0]}\n-----END CERTIFICATE-----\n`
    const policy = { secret_props: { contentType: 'application/x-pem-file' } }
    const asPem = await raw('POST', '/certificates/pem/import', { value: pem, policy })
    expect(asPem.status).toBe(200)
    expect((await secrets.getSecret('pem')).value).toContain('-----BEGIN PRIVATE KEY-----')
    expect(
      createHash('sha1')
        .update(Buffer.from(String(asPem.body.cer), 'base64'))
        .digest('base64url'),
    ).toBe(asPem.body.x5t)
    expect((await raw('POST', '/certificates/pem2/import', { value: pem })).error.code).toBe('BadParameter')
  })

  it('give no private key where that may not be exported', async () => {
    const pfx = (await secrets.getSecret('self')).value
    await raw('POST', '/certificates/locked/import', { value: pfx, policy: { key_props: { exportable: false } } })
    expect(fromPkcs12((await secrets.getSecret('locked')).value ?? '', '')?.privateKey).toBeUndefined()
  })
})

const raw = (method: string, path: string, body?: unknown, version = '2025-07-01') =>
  cloud.ask('owner', method, `${vaultUrl}${path}${path.includes('?') ? '&' : '?'}api%2Dversion=${version}`, body)

describe('the life of a certificate', () => {
  it('changes tags, state and policy without a new version', async () => {
    const before = await certificates.getCertificate('self')
    await certificates.updateCertificateProperties('self', '', { enabled: false, tags: { c: 'd' } })
    await certificates.updateCertificatePolicy('self', { ...DefaultCertificatePolicy, validityInMonths: 24 })
    const after = await certificates.getCertificate('self')
    expect(after.properties).toMatchObject({ enabled: false, tags: { c: 'd' }, version: before.properties.version })
    expect(after.policy?.validityInMonths).toBe(24)
    await expect(secrets.getSecret('self')).rejects.toMatchObject({
      statusCode: 403,
      details: { error: { innerError: { code: 'SecretDisabled' } } },
    })
    await certificates.updateCertificateProperties('self', '', { enabled: true })
  })

  it('is deleted softly, keeps its name, and comes back with its secret', async () => {
    const deleting = await certificates.beginDeleteCertificate('imported', quick)
    await expect(raw('POST', '/certificates/imported/create', { policy: {} })).resolves.toMatchObject({
      status: 409,
      error: { innererror: { code: 'ObjectIsBeingDeleted' } },
    })
    await deleting.pollUntilDone()
    await expect(certificates.beginCreateCertificate('imported', DefaultCertificatePolicy)).rejects.toMatchObject({
      statusCode: 409,
      code: 'Conflict',
      details: { error: { innerError: { code: 'ObjectIsDeletedButRecoverable' } } },
    })
    await expect(secrets.getSecret('imported')).rejects.toMatchObject({ statusCode: 404, code: 'SecretNotFound' })
    await (await certificates.beginRecoverDeletedCertificate('imported', quick)).pollUntilDone()
    expect((await certificates.getCertificate('imported')).properties.tags).toEqual({ from: 'file' })
    expect((await secrets.getSecret('imported')).value).toBeTypeOf('string')
  })

  it('is not purged while the vault protects it', async () => {
    await (await certificates.beginDeleteCertificate('locked', quick)).pollUntilDone()
    await expect(certificates.purgeDeletedCertificate('locked')).rejects.toMatchObject({ statusCode: 403 })
  })

  it('is listed page by page', async () => {
    const names: string[] = []
    for await (const { name } of certificates.listPropertiesOfCertificates()) names.push(name ?? '')
    expect(names).toEqual(['imported', 'pem', 'self', 'signed'])
    const first = await raw('GET', '/certificates?maxresults=3')
    expect(first.body.value).toHaveLength(3)
    const next = await cloud.ask('owner', 'GET', String(first.body.nextLink))
    expect(next.body).toMatchObject({ value: [{ subject: expect.stringContaining('CN=') }], nextLink: null })
    expect((await raw('GET', '/certificates?maxresults=26')).status).toBe(400)
  })

  it('survives in a backup', async () => {
    const backup = await raw('POST', '/certificates/pem/backup')
    expect((await raw('POST', '/certificates/restore', { value: backup.body.value })).status).toBe(409)
    await raw('DELETE', '/certificates/pem')
    cloud.advance(91 * 86_400_000)
    expect((await raw('POST', '/certificates/restore', { value: backup.body.value })).status).toBe(200)
    expect((await raw('GET', '/certificates/pem')).body.x5t).toBeTypeOf('string')
    expect((await raw('POST', '/certificates/restore', { value: 'AQID' })).error.code).toBe('BadParameter')
  })
})

const createWith = (issuer: string) => ({ policy: { x509_props: { subject: 'CN=x' }, issuer: { name: issuer } } })
