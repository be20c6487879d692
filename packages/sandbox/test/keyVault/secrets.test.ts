import { SecretClient } from '@azure/keyvault-secrets'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromPkcs12 } from '../../src/keyVault/certificates/pkcs12.ts'
import { type Cloud, startCloud, vaultUrl } from '../vaultCloud.ts'

let cloud: Cloud
let secrets: SecretClient

beforeAll(async () => {
  cloud = await startCloud()
  secrets = new SecretClient(vaultUrl, cloud.credential('owner'), {
    httpClient: cloud.httpClient,
    retryOptions: { maxRetries: 0 },
  })
})
afterAll(() => cloud.close())

const quick = { intervalInMs: 100 }
const raw = (method: string, path: string, body?: unknown, version = '2025-07-01') =>
  cloud.ask('owner', method, `${vaultUrl}${path}${path.includes('?') ? '&' : '?'}api%2Dversion=${version}`, body)

describe('secrets', () => {
  it('make a new version at every set', async () => {
    const expiresOn = new Date('2027-01-01T00:00:00Z')
    const first = await secrets.setSecret('value', 'one', { tags: { n: '1' }, contentType: 'text/plain', expiresOn })
    expect(first.properties).toMatchObject({ enabled: true, recoveryLevel: 'Recoverable', recoverableDays: 90, expiresOn })
    const second = await secrets.setSecret('value', 'two')
    expect(second.properties.version).not.toBe(first.properties.version)
    expect((await secrets.getSecret('value')).value).toBe('two')
    expect((await secrets.getSecret('VALUE', { version: first.properties.version ?? '' })).value).toBe('one')
    await expect(secrets.getSecret('value', { version: '0'.repeat(32) })).rejects.toMatchObject({
      statusCode: 404,
      code: 'SecretNotFound',
    })
  })

  it('change their tags and are refused while disabled', async () => {
    const { properties } = await secrets.getSecret('value')
    const changed = await secrets.updateSecretProperties('value', properties.version ?? '', { enabled: false, tags: { x: 'y' } })
    expect(changed).toMatchObject({ enabled: false, tags: { x: 'y' } })
    await expect(secrets.getSecret('value')).rejects.toMatchObject({
      statusCode: 403,
      message: 'Operation get is not allowed on a disabled secret.',
    })
    await secrets.setSecret('value', 'three')
  })

  it('are listed without their values', async () => {
    const versions: (string | undefined)[] = []
    for await (const { version } of secrets.listPropertiesOfSecretVersions('value')) versions.push(version)
    expect(new Set(versions).size).toBe(3)
    const list = await raw('GET', '/secrets')
    expect(list.body).toMatchObject({ value: [{ id: expect.stringMatching(/\/secrets\/value$/) }], nextLink: null })
    expect(JSON.stringify(list.body)).not.toContain('three')
  })

  it('are deleted softly and come back', async () => {
    await (await secrets.beginDeleteSecret('value', quick)).pollUntilDone()
    expect((await secrets.getDeletedSecret('value')).recoveryId).toMatch(/\/deletedsecrets\/value$/)
    await expect(secrets.setSecret('value', 'four')).rejects.toMatchObject({
      statusCode: 409,
      details: { error: { innerError: { code: 'ObjectIsDeletedButRecoverable' } } },
    })
    await (await secrets.beginRecoverDeletedSecret('value', quick)).pollUntilDone()
    expect((await secrets.getSecret('value')).value).toBe('three')
  })

  it('are forgotten when their retention is over', async () => {
    await raw('PUT', '/secrets/short', { value: 'x' })
    await raw('DELETE', '/secrets/short')
    cloud.advance(89 * 86_400_000)
    expect((await raw('GET', '/deletedsecrets/short')).status).toBe(200)
    cloud.advance(2 * 86_400_000)
    expect((await raw('GET', '/deletedsecrets/short')).error).toMatchObject({ message: 'Deleted Secret not found: short' })
    expect((await raw('PUT', '/secrets/short', { value: 'again' })).status).toBe(200)
  })

  it('survive in a backup', async () => {
    const { body } = await raw('POST', '/secrets/value/backup')
    expect((await raw('POST', '/secrets/restore', body)).status).toBe(409)
    expect((await raw('POST', '/certificates/restore', body)).status).toBe(400)
  })

  it('of certificates are only read', async () => {
    // The issuer takes a second, which must not pass between two requests on a slow machine.
    cloud.azure.world.stands = Date.now()
    await raw('POST', '/certificates/cert/create', { policy: { x509_props: { subject: 'CN=cert' }, issuer: { name: 'Self' } } })
    expect((await raw('GET', '/secrets/cert')).status).toBe(404)
    cloud.advance(1500)
    const secret = await raw('GET', '/secrets/cert')
    expect(secret.body).toMatchObject({ managed: true, kid: expect.stringContaining('/keys/cert/') })
    expect((await raw('PUT', '/secrets/cert', { value: 'x' })).status).toBe(403)
    expect((await raw('DELETE', '/secrets/cert')).status).toBe(403)
    const pem = await raw('GET', '/secrets/cert?outContentType=application/x-pem-file', undefined, '2026-04-01')
    expect(String(pem.body.value)).toContain(
      fromPkcs12(String(secret.body.value), '')?.privateKey?.replaceAll('\r', '') ?? 'no key',
    )
    expect((await raw('POST', '/certificates/value/create', { policy: { x509_props: { subject: 'CN=v' } } })).status).toBe(409)
  })

  it('are refused where they cannot be stored', async () => {
    expect((await raw('PUT', '/secrets/big', { value: 'x'.repeat(25 * 1024 + 1) })).error.code).toBe('BadParameter')
    expect((await raw('PUT', '/secrets/none', {})).error.code).toBe('BadParameter')
    expect((await raw('PUT', '/secrets/none', 'not json')).error.code).toBe('BadParameter')
    const tags = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`t${index}`, 'x']))
    expect((await raw('PUT', '/secrets/tagged', { value: 'x', tags })).error.code).toBe('BadParameter')
  })
})
