import { CertificateClient } from '@azure/keyvault-certificates'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cloud, startCloud, vaultUrl } from '../vaultCloud.ts'

let cloud: Cloud
let certificates: CertificateClient
beforeAll(async () => {
  cloud = await startCloud()
  // What takes an issuer a second is read before and after.
  cloud.azure.world.stands = Date.now()
  const options = { httpClient: cloud.httpClient, retryOptions: { maxRetries: 0 } }
  certificates = new CertificateClient(vaultUrl, cloud.credential('owner'), options)
})
afterAll(() => cloud.close())

const raw = (method: string, path: string, body?: unknown) =>
  cloud.ask('owner', method, `${vaultUrl}${path}?api-version=7.4`, body)
const createWith = (issuer: string) => ({ policy: { x509_props: { subject: 'CN=x' }, issuer: { name: issuer } } })

describe('a certificate', () => {
  it('may come from an issuer of the vault', async () => {
    expect((await raw('POST', '/certificates/ca/create', createWith('Corp'))).error.code).toBe('BadParameter')
    await certificates.createIssuer('Corp', 'DigiCert', { accountId: 'a', password: 'p' })
    expect(await certificates.getIssuer('Corp')).toMatchObject({ provider: 'DigiCert' })
    expect((await raw('POST', '/certificates/ca/create', createWith('Corp'))).status).toBe(202)
    expect((await raw('POST', '/certificates/ca/pending/merge', { x5c: ['AQID'] })).status).toBe(403)
    cloud.advance(1500)
    expect((await raw('GET', '/certificates/ca/pending')).body.status).toBe('completed')
    await certificates.deleteIssuer('Corp')
    await expect(certificates.getIssuer('Corp')).rejects.toMatchObject({ statusCode: 404 })
  })

  it('can be cancelled while it is pending', async () => {
    await raw('POST', '/certificates/off/create', createWith('Unknown'))
    const asked = await raw('PATCH', '/certificates/off/pending', { cancellation_requested: true })
    expect(asked.body).toMatchObject({ status: 'inProgress', cancellation_requested: true })
    expect((await raw('GET', '/certificates/off/pending')).body).toMatchObject({ status: 'cancelled' })
    expect((await raw('PATCH', '/certificates/off/pending', { cancellation_requested: true })).status).toBe(400)
  })

  it('keeps contacts', async () => {
    await expect(certificates.getContacts()).rejects.toMatchObject({ statusCode: 404 })
    await certificates.setContacts([{ email: 'admin@contoso.com', name: 'Admin' }])
    expect(await certificates.getContacts()).toEqual([{ email: 'admin@contoso.com', name: 'Admin', phone: undefined }])
    await certificates.deleteContacts()
  })
})
