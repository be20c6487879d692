import { createHash } from 'node:crypto'
import type { KeyVaultCertificateWithPolicy, CertificatePolicy as SdkPolicy } from '@azure/keyvault-certificates'
import { HmaError } from '../../core/errors.ts'
import { unlessAbsent } from '../errors/azureError.ts'
import { everyItem } from '../http/pages.ts'
import { certificateIn, type Fields, fieldsOf, wrong } from '../http/shape.ts'
import type { Appears, OnVault } from './connection.ts'
import type { CertificateOperation, CertificatePolicy, KeyVault, VaultCertificate } from './port.ts'

type Certificates = Pick<
  KeyVault,
  | 'certificate'
  | 'unissued'
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
    certificate: async (vault, name) => (await current(vault, name))?.content,
    async unissued(vault, name) {
      const found = await current(vault, name)
      return found === undefined || found.content !== undefined ? undefined : { tags: found.tags }
    },
    async operation(vault, name) {
      const [found, of] = await Promise.all([
        unlessAbsent(on(vault, `read the pending operation of ${name}`, (at) => at.raw('GET', `/certificates/${name}/pending`))),
        current(vault, name),
      ])
      return found === undefined ? undefined : operationOf(found, of?.tags ?? {})
    },
    async certificateTags(vault, name) {
      const doing = `list the versions of the certificate ${name}`
      return on(vault, doing, async (at) => {
        const versions = await everyItem((await at.certificates()).listPropertiesOfCertificateVersions(name), doing)
        return versions.map((each) => fieldsOf(each, 'the version of the certificate').tags('tags'))
      })
    },
    ...making(on),
    ...removal(on, appears, current),
  }
}

/** A certificate whose first version is still being made has tags but no content, and counts as absent. */
interface Seen {
  readonly tags: CertificateOperation['tags']
  readonly content: VaultCertificate | undefined
}

type Read = (vault: string, name: string) => Promise<Seen | undefined>

/** Concurrent reads of the certificate share one answer. */
function sharedRead(on: OnVault): Read {
  const underWay = new Map<string, Promise<Seen | undefined>>()
  return (vault, name) => {
    const key = `${vault} ${name}`
    const read = (): Promise<Seen | undefined> =>
      unlessAbsent(
        on(vault, `read the certificate ${name}`, async (at) => seen(await (await at.certificates()).getCertificate(name), name)),
      )
    const reading = underWay.get(key) ?? read().finally(() => underWay.delete(key))
    underWay.set(key, reading)
    return reading
  }
}

type CertificateWrites = Pick<
  Certificates,
  'createCertificate' | 'mergeCertificate' | 'importCertificate' | 'deleteOperation' | 'tagCertificate' | 'stopRenewal'
>

const making = (on: OnVault): CertificateWrites => ({
  async createCertificate(vault, name, policy, tags) {
    await on(vault, `begin the certificate ${name}`, async (at) =>
      (await at.certificates()).beginCreateCertificate(name, policyBody(policy), { tags: { ...tags }, enabled: true }),
    )
  },
  async mergeCertificate(vault, name, chain, tags) {
    // The SDK sends only the chain here and drops the tags.
    const body = { x5c: chain, tags, attributes: { enabled: true } }
    await on(vault, `merge the signed certificate into ${name}`, (at) =>
      at.raw('POST', `/certificates/${name}/pending/merge`, body),
    )
  },
  async importCertificate(vault, name, { pfx, keySize }, tags) {
    // The SDK sends no policy here; without one, the vault decides whether the private key can be exported, which Dynamics needs.
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
    // The SDK requires a whole policy here, with an issuer and a subject.
    const body = { lifetime_actions: noRenewalOnTheWire }
    await on(vault, `keep the vault from renewing ${name} by itself`, (at) =>
      at.raw('PATCH', `/certificates/${name}/policy`, body),
    )
  },
})

type Removal = Pick<Certificates, 'deleteCertificate' | 'deletedCertificate' | 'recoverCertificate'>

function removal(on: OnVault, appears: Appears, current: Read): Removal {
  const deletedCertificate: KeyVault['deletedCertificate'] = async (vault, name) => {
    const call = on(vault, `look for the deleted certificate ${name}`, async (at) => {
      const found = await (await at.certificates()).getDeletedCertificate(name)
      return { name, tags: fieldsOf(found.properties, 'the deleted certificate').tags('tags') }
    })
    return unlessAbsent(call)
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

const thumbprintOf = (cer: Uint8Array): string => createHash('sha1').update(cer).digest('hex')

/** As the SDK passes it on, unchecked. */
function seen({ cer, properties, policy }: KeyVaultCertificateWithPolicy, name: string): Seen {
  const from = fieldsOf(properties, 'the certificate')
  const tags = from.tags('tags')
  if (cer === undefined || cer.length === 0) return { tags, content: undefined }
  const rules = fieldsOf(policy ?? {}, 'the policy of the certificate')
  const certificate = certificateIn(Buffer.from(cer))
  if (certificate === undefined) throw wrong('the answer', 'certificate', 'certificate')
  const content = {
    name,
    version: from.string('version'),
    thumbprint: (from.optionalString('x509ThumbprintString') ?? thumbprintOf(cer)).toUpperCase(),
    certificate,
    notBefore: from.instant('notBefore'),
    expires: from.instant('expiresOn'),
    updated: from.optionalInstant('updatedOn') ?? from.instant('createdOn'),
    enabled: from.optionalBoolean('enabled') ?? true,
    tags,
    policy: policyOf(rules),
    renewsItself: rules.objects('lifetimeActions').some((each) => each.optionalString('action') === 'AutoRenew'),
    exportable: rules.optionalBoolean('exportable') ?? true,
  }
  return { tags, content }
}

/** The vault's defaults for a policy. */
const policyOf = (from: Fields): CertificatePolicy => ({
  issuer: from.optionalString('issuerName') ?? 'Unknown',
  subject: from.optionalString('subject') ?? '',
  keySize: from.optionalNumber('keySize') ?? 2048,
  validityMonths: from.optionalNumber('validityInMonths') ?? 12,
})

/** By default a vault renews a self-signed certificate by itself and serves it before anything trusts it. */
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

/** As on the wire (https://learn.microsoft.com/rest/api/keyvault/certificates/import-certificate/import-certificate). */
const importPolicy = (keySize: number) => ({
  key_props: { exportable: true, kty: 'RSA', key_size: keySize, reuse_key: false },
  secret_props: { contentType: 'application/x-pkcs12' },
  lifetime_actions: noRenewalOnTheWire,
  issuer: { name: 'Unknown' },
})

const statuses = ['inProgress', 'completed', 'cancelled', 'failed'] as const

function operationOf(found: Fields, tags: CertificateOperation['tags']): CertificateOperation {
  const status = statuses.find((each) => each === found.string('status'))
  if (status === undefined)
    throw new HmaError('HMA507', `The answer has an unknown status in the operation: ${found.string('status')}`)
  const error = found.optionalObject('error')
  return {
    status,
    issuer: found.optionalObject('issuer')?.optionalString('name') ?? 'Unknown',
    csr: found.optionalString('csr') ?? '',
    tags,
    error: error === undefined ? undefined : (error.optionalString('message') ?? error.optionalString('code')),
  }
}
