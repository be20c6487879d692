import type { KeyVaultCertificateWithPolicy, CertificatePolicy as SdkPolicy } from '@azure/keyvault-certificates'
import { HmaError } from '../core/errors.ts'
import { unlessAbsent } from './azureError.ts'
import type { CertificateOperation, CertificatePolicy, KeyVault, VaultCertificate } from './keyVault.ts'
import type { Appears, OnVault } from './keyVaultClient.ts'
import type { Fields } from './shape.ts'

type Certificates = Pick<
  KeyVault,
  | 'certificate'
  | 'operation'
  | 'createCertificate'
  | 'mergeCertificate'
  | 'importCertificate'
  | 'deleteOperation'
  | 'tagCertificate'
  | 'certificateTags'
  | 'stopRenewal'
  | 'deleteCertificate'
  | 'deletedCertificate'
  | 'recoverCertificate'
>

export function certificates(on: OnVault, appears: Appears): Certificates {
  const current = sharedRead(on)
  return {
    certificate: async (vault, name) => certificateOf(await current(vault, name)),
    async operation(vault, name) {
      const [found, of] = await Promise.all([
        unlessAbsent(on(vault, `read the pending operation of ${name}`, (at) => at.raw('GET', `/certificates/${name}/pending`))),
        current(vault, name),
      ])
      return found === undefined ? undefined : operationOf(found, of?.properties.tags ?? {})
    },
    async certificateTags(vault, name) {
      const tags: CertificateOperation['tags'][] = []
      await on(vault, `list the versions of the certificate ${name}`, async (at) => {
        for await (const each of (await at.certificates()).listPropertiesOfCertificateVersions(name)) tags.push(each.tags ?? {})
      })
      return tags
    },
    ...making(on),
    ...removal(on, appears, current),
  }
}

type Read = (vault: string, name: string) => Promise<KeyVaultCertificateWithPolicy | undefined>

/** Whoever asks for the certificate while it is being read gets the same answer. */
function sharedRead(on: OnVault): Read {
  const underWay = new Map<string, Promise<KeyVaultCertificateWithPolicy | undefined>>()
  return (vault, name) => {
    const key = `${vault} ${name}`
    const read = (): Promise<KeyVaultCertificateWithPolicy | undefined> =>
      unlessAbsent(on(vault, `read the certificate ${name}`, async (at) => (await at.certificates()).getCertificate(name)))
    const reading = underWay.get(key) ?? read().finally(() => underWay.delete(key))
    underWay.set(key, reading)
    return reading
  }
}

type Making = Pick<
  Certificates,
  'createCertificate' | 'mergeCertificate' | 'importCertificate' | 'deleteOperation' | 'tagCertificate' | 'stopRenewal'
>

const making = (on: OnVault): Making => ({
  async createCertificate(vault, name, policy, tags) {
    await on(vault, `begin the certificate ${name}`, async (at) =>
      (await at.certificates()).beginCreateCertificate(name, policyBody(policy), { tags: { ...tags }, enabled: true }),
    )
  },
  async mergeCertificate(vault, name, chain, tags) {
    // The SDK sends nothing but the chain here, and drops the tags.
    const body = { x5c: chain, tags, attributes: { enabled: true } }
    await on(vault, `merge the signed certificate into ${name}`, (at) =>
      at.raw('POST', `/certificates/${name}/pending/merge`, body),
    )
  },
  async importCertificate(vault, name, { pfx, keySize }, tags) {
    // The SDK sends no policy here, and without one the vault decides whether Dynamics may read the private key.
    const body = { value: pfx.reveal(), policy: importPolicy(keySize), tags, attributes: { enabled: true } }
    await on(vault, `import the certificate ${name}`, (at) => at.raw('POST', `/certificates/${name}/import`, body))
  },
  async deleteOperation(vault, name) {
    const call = on(vault, `forget the pending operation of ${name}`, async (at) =>
      (await at.certificates()).deleteCertificateOperation(name),
    )
    await unlessAbsent(call)
  },
  async tagCertificate(vault, name, tags) {
    await on(vault, `tag the certificate ${name}`, async (at) =>
      (await at.certificates()).updateCertificateProperties(name, '', { tags: { ...tags } }),
    )
  },
  async stopRenewal(vault, name) {
    // The SDK wants the whole policy here, with an issuer and a subject.
    const body = { lifetime_actions: noRenewalOnTheWire }
    await on(vault, `keep the vault from renewing ${name} by itself`, (at) =>
      at.raw('PATCH', `/certificates/${name}/policy`, body),
    )
  },
})

type Removal = Pick<Certificates, 'deleteCertificate' | 'deletedCertificate' | 'recoverCertificate'>

function removal(on: OnVault, appears: Appears, current: Read): Removal {
  const deletedCertificate: KeyVault['deletedCertificate'] = async (vault, name) => {
    const call = on(vault, `look for the deleted certificate ${name}`, async (at) =>
      (await at.certificates()).getDeletedCertificate(name),
    )
    const found = await unlessAbsent(call)
    return found === undefined ? undefined : { name, tags: found.properties.tags ?? {} }
  }
  return {
    deletedCertificate,
    async deleteCertificate(vault, name) {
      const gone = await unlessAbsent(
        on(vault, `delete the certificate ${name}`, (at) => at.raw('DELETE', `/certificates/${name}`)),
      )
      if (gone !== undefined) await appears(`The deleted certificate ${name}`, () => deletedCertificate(vault, name))
    },
    async recoverCertificate(vault, name) {
      await on(vault, `recover the certificate ${name}`, (at) => at.raw('POST', `/deletedcertificates/${name}/recover`))
      await appears(`The recovered certificate ${name}`, () => current(vault, name))
    },
  }
}

/** A certificate whose first version is still being made has no content yet, and counts as absent. */
function certificateOf(found: KeyVaultCertificateWithPolicy | undefined): VaultCertificate | undefined {
  if (found?.cer === undefined || found.cer.length === 0) return undefined
  const { name, cer, properties, policy = {} } = found
  return {
    name,
    version: need(properties.version, 'version'),
    thumbprint: need(properties.x509ThumbprintString, 'x5t').toUpperCase(),
    certificate: Buffer.from(cer).toString('base64'),
    notBefore: need(properties.notBefore, 'attributes.nbf').toISOString(),
    expires: need(properties.expiresOn, 'attributes.exp').toISOString(),
    updated: need(properties.updatedOn, 'attributes.updated').toISOString(),
    enabled: properties.enabled ?? true,
    tags: properties.tags ?? {},
    policy: policyOf(policy),
    renewsItself: (found.policy?.lifetimeActions ?? []).some(({ action }) => action === 'AutoRenew'),
  }
}

/** What the vault fills in where a policy is silent. */
const policyOf = (policy: Partial<SdkPolicy>): CertificatePolicy => ({
  issuer: policy.issuerName ?? 'Unknown',
  subject: policy.subject ?? '',
  keySize: policy.keySize ?? 2048,
  validityMonths: policy.validityInMonths ?? 12,
})

function need<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new HmaError(`The answer has no ${field} in the certificate`)
  return value
}

/** Left alone, a vault renews a self-signed certificate by itself, and serves it before anybody trusts it. */
const noRenewalByTheVault = [{ lifetimePercentage: 80, action: 'EmailContacts' as const }]

const policyBody = (policy: CertificatePolicy): SdkPolicy => ({
  issuerName: policy.issuer,
  subject: policy.subject,
  keyType: 'RSA',
  keySize: policy.keySize,
  reuseKey: false,
  exportable: true,
  contentType: 'application/x-pkcs12',
  keyUsage: ['digitalSignature', 'keyEncipherment'],
  validityInMonths: policy.validityMonths,
  lifetimeActions: noRenewalByTheVault,
})

const noRenewalOnTheWire = noRenewalByTheVault.map(({ lifetimePercentage, action }) => ({
  trigger: { lifetime_percentage: lifetimePercentage },
  action: { action_type: action },
}))

/** As the wire has it (https://learn.microsoft.com/rest/api/keyvault/certificates/import-certificate/import-certificate). */
const importPolicy = (keySize: number) => ({
  key_props: { exportable: true, kty: 'RSA', key_size: keySize, reuse_key: false },
  secret_props: { contentType: 'application/x-pkcs12' },
  lifetime_actions: noRenewalOnTheWire,
  issuer: { name: 'Unknown' },
})

const statuses = ['inProgress', 'completed', 'cancelled', 'failed'] as const

function operationOf(found: Fields, tags: CertificateOperation['tags']): CertificateOperation {
  const status = statuses.find((each) => each === found.string('status'))
  if (status === undefined) throw new HmaError(`The answer has an unknown status in the operation: ${found.string('status')}`)
  const error = found.optionalObject('error')
  return {
    status,
    issuer: found.optionalObject('issuer')?.optionalString('name') ?? 'Unknown',
    csr: found.optionalString('csr') ?? '',
    tags,
    error: error === undefined ? undefined : (error.optionalString('message') ?? error.optionalString('code')),
  }
}
