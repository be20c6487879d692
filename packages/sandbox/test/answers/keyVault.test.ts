import { createPrivateKey, X509Certificate } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { asClient, at, errorOf } from '../clients/asClient.ts'
import { ownSandbox } from '../clients/ownSandbox.ts'
import { pfxOfCurve } from '../support/pfxOfTools.ts'
import { startSandbox } from '../support/sandbox.ts'

// What other clients ask of a vault, with the source that shows how the service answers.

const { sandbox, client } = ownSandbox({ settings: { registeringDns: 0 } })

const vault = 'https://kv-contoso-mail.vault.azure.net'
const url = (path: string, version = '7.5'): string => `${vault}${path}?api-version=${version}`
const selfSigned = (policy: object = {}) => ({
  policy: { x509_props: { subject: 'CN=hma.contoso.com' }, issuer: { name: 'Self' }, ...policy },
})

describe('the operation of a first version', () => {
  // recording_can_read_cancel_and_delete_a_certificates_operation in azure-sdk-for-js, and test_example_certificate_operation of the Python SDK
  test('leaves a disabled certificate behind when it is deleted', async () => {
    await client('POST', url('/certificates/left/create'), selfSigned({ issuer: { name: 'Unknown' } }))
    const before = await client('GET', url('/certificates/left/'))
    expect((await client('PATCH', url('/certificates/left/pending'), { cancellation_requested: true })).json.status).toBe(
      'inProgress',
    )
    const cancelled = await client('GET', url('/certificates/left/pending'))
    expect([cancelled.json.status, cancelled.json.error]).toEqual(['cancelled', undefined])
    expect((await client('DELETE', url('/certificates/left/pending'))).status).toBe(200)
    const { status, json } = await client('GET', url('/certificates/left/'))
    expect([status, json.id, json.cer, json.pending]).toEqual([200, before.json.id, undefined, undefined])
    expect(at(json, 'attributes', 'enabled')).toBe(false)
    expect(errorOf(await client('GET', url('/certificates/left/pending'))).code).toBe('PendingCertificateNotFound')
    expect((await client('GET', url('/certificates'))).text).not.toContain('/certificates/left')
    expect((await client('DELETE', url('/certificates/left'))).status).toBe(200)
  })
})

describe('requests of HashiCorp’s tests of azurerm', () => {
  // azurerm_key_vault_certificate, test "update of lifetime actions": CertificateUpdateParameters.policy
  test('PATCH of a certificate changes its policy', async () => {
    await client('POST', url('/certificates/policied/create'), selfSigned())
    sandbox().advance(2000)
    const lifetime_actions = [{ trigger: { days_before_expiry: 30 }, action: { action_type: 'EmailContacts' } }]
    await client('PATCH', url('/certificates/policied/'), { policy: { lifetime_actions } })
    expect((await client('GET', url('/certificates/policied/policy'))).json.lifetime_actions).toEqual(lifetime_actions)
  })

  // azurerm_key_vault_certificate_issuer, test "complete"
  test('an issuer of the provider OneCertV2-PrivateCA', async () => {
    const made = await client('PUT', url('/certificates/issuers/private'), { provider: 'OneCertV2-PrivateCA' })
    expect([made.status, made.json.provider]).toEqual([200, 'OneCertV2-PrivateCA'])
  })

  // azurerm_key_vault_certificate, tests "basicGenerateEllipticCurve" (P-256K) and "basicGenerateEllipticCurveAutoRenew"
  test.each([
    ['P-256', 256],
    ['P-256K', 256],
    ['P-384', 384],
    ['P-521', 521],
  ])('a certificate with a key on the curve %s', async (crv, key_size) => {
    const name = `curve-${crv}`
    const key_props = { kty: 'EC', crv, key_size, exportable: true, reuse_key: false }
    expect((await client('POST', url(`/certificates/${name}/create`), selfSigned({ key_props }))).status).toBe(202)
    sandbox().advance(2000)
    const made = await client('GET', url(`/certificates/${name}/`))
    expect(at(made.json, 'policy', 'key_props')).toMatchObject({ kty: 'EC', crv, key_size })
    expect(at((await client('GET', url(`/keys/${name}/`))).json, 'key')).toMatchObject({ kty: 'EC', crv })
    const certificate = new X509Certificate(Buffer.from(String(made.json.cer), 'base64'))
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    const { json } = await client('GET', url(`/secrets/${name}/`))
    const again = await client('POST', url(`/certificates/again-${crv}/import`), { value: json.value })
    expect([again.status, again.json.x5t]).toEqual([200, made.json.x5t])
    expect(at(again.json, 'policy', 'key_props', 'crv')).toBe(crv)
  })

  // azurerm_key_vault_certificate, test "basicImportPFX_ECDSA"
  test('a PFX with a key on a curve is imported', async () => {
    const body = { value: pfxOfCurve.toString('base64'), pwd: 'brought' }
    const { status, json } = await client('POST', url('/certificates/curve/import'), body)
    expect([status, at(json, 'policy', 'key_props', 'crv')]).toEqual([200, 'P-256'])
  })

  // azurerm_key_vault_certificate, test "basicImportPEM"; `az keyvault certificate import` of a .pem sends the text
  test('PEM is imported as its text and as base64 of it', async () => {
    const secret_props = { contentType: 'application/x-pem-file' }
    await client('POST', url('/certificates/pem/create'), selfSigned({ secret_props }))
    sandbox().advance(2000)
    const { json } = await client('GET', url('/secrets/pem/'))
    const pem = String(json.value)
    for (const value of [pem, Buffer.from(pem).toString('base64')]) {
      const { status } = await client('POST', url('/certificates/pem-again/import'), { value, policy: { secret_props } })
      expect(status).toBe(200)
    }
  })
})

describe('refuses what a vault does not import', () => {
  const secret_props = { contentType: 'application/x-pem-file' }
  const bring = (body: object) => client('POST', url('/certificates/brought/import'), body)
  let pem: string
  beforeAll(async () => {
    await client('POST', url('/certificates/bringer/create'), selfSigned({ secret_props }))
    sandbox().advance(2000)
    pem = String((await client('GET', url('/secrets/bringer/'))).json.value)
  })

  // "Policy is optional and assumes import of a PFX file. If importing a PEM file, specify the contentType":
  // https://learn.microsoft.com/rest/api/keyvault/certificates/import-certificate
  test('PEM of which the policy does not say that it is PEM', async () => {
    expect(errorOf(await bring({ value: pem })).message).toContain('check if certificate is in valid PKCS#12 format')
  })

  // azurerm, TestAccDataSourceKeyVaultCertificateData_ecdsa_PEM, which says otherwise
  test('but PEM without any policy, where the setting says so', async () => {
    const other = await startSandbox({ settings: { registeringDns: 0, pemWithoutPolicy: 'imported' } })
    const there = asClient(other)
    const value = Buffer.from(pem).toString('base64')
    const imported = await there('POST', url('/certificates/brought/import'), { value })
    expect(at(imported.json, 'policy', 'secret_props')).toEqual({ contentType: 'application/x-pem-file' })
    const silent = { value, policy: { issuer: { name: 'Self' } } }
    expect((await there('POST', url('/certificates/brought/import'), silent)).status).toBe(400)
    await other.close()
  })

  // https://github.com/Azure/azure-sdk-for-go/issues/21780, https://github.com/Azure/azure-cli/issues/27220
  test('a policy with lifetime actions that does not say what the file is', async () => {
    const lifetime_actions = [{ trigger: { days_before_expiry: 30 }, action: { action_type: 'EmailContacts' } }]
    const refused = errorOf(await bring({ value: pfxOfCurve.toString('base64'), pwd: 'brought', policy: { lifetime_actions } }))
    expect(refused).toEqual({ code: 'BadParameter', message: 'Property policy has invalid value\r\n' })
  })

  // https://winterdom.com/2019/10/31/importing-keyvault-certificates-api
  test('an RSA key in PKCS #1', async () => {
    const key = createPrivateKey(pem).export({ type: 'pkcs1', format: 'pem' }).toString()
    const value = `${key}${pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))}`
    expect(errorOf(await bring({ value, policy: { secret_props } })).message).toContain('PEM X.509')
    expect((await bring({ value: pem, policy: { secret_props } })).status).toBe(200)
  })
})

// https://github.com/Azure/azure-rest-api-specs/tree/main/specification/keyvault/data-plane
test.each(['2016-10-01', '7.0', '7.1', '7.2', '7.3'])('the version %s is served', async (version) => {
  expect((await client('GET', url('/secrets', version))).status).toBe(200)
})
