import type { Application, KeyCredential } from '../azure/directory.ts'
import type { CertificateOperation, KeyVault, VaultCertificate } from '../azure/keyVault.ts'
import { HmaError } from '../core/errors.ts'
import type { Difference, Kind } from '../core/kind.ts'
import { vaultTag } from './mark.ts'
import { type CertificateKey, renewalDue, type Wanted } from './renewal.ts'
import type { Registration, Sight } from './sight.ts'
import { publicKeyOfCertificate } from './x509.ts'

export type Spec = Wanted & {
  readonly vault: string
  readonly name: string
  /** `hma`: HMA-App trusts the key first, then it becomes current. Otherwise an issuer of the vault makes it, and it is current at once. */
  readonly issuer: string
  /** With the issuer `hma`: the key that must be current, and the registration that keeps its signed certificate. */
  readonly key?: CertificateKey
  readonly registration?: Registration
}

export type Live = {
  readonly vault: string
  readonly name: string
  readonly mark?: string
  readonly thumbprint?: string
  readonly expires?: string
  readonly current?: VaultCertificate
  readonly key?: CertificateKey
  /** An issuer of the vault is at work. */
  readonly issuing?: true
  readonly failed?: string
  readonly deleted?: true
}

/** The certificate that the vault serves as current: what Dynamics reads. */
export const certificate = (keyVault: KeyVault, sight: Sight): Kind<Spec, Live, 'vault' | 'name'> => ({
  identity: ['vault', 'name'],

  async read({ vault, name, issuer }, run) {
    const { current, operation, deleted } = await sight.certificate(vault, name, run)
    if (deleted) return { vault, name, deleted: true, ...marked(deleted.tags) }
    const issuance = issuer === 'hma' ? {} : progress(operation)
    if (!current) return 'issuing' in issuance ? { vault, name, ...issuance, ...marked(operation?.tags ?? {}) } : undefined
    const { thumbprint, expires, certificate } = current
    const key = { publicKey: publicKeyOfCertificate(certificate), certificate }
    return { vault, name, thumbprint, expires, current, key, ...issuance, ...marked(current.tags) }
  },

  owner: (live) => live.mark,

  diff: (spec, live, now) => {
    if (live.deleted) return [{ field: 'state', from: 'deleted', to: 'active', why: 'recovered from soft delete, not made anew' }]
    if (live.issuing)
      return [{ field: 'version', why: `${spec.issuer ?? 'the issuer'} is making it`, pending: true, reason: 'waiting' }]
    if (!live.current) return [{ field: 'version', why: live.failed ?? 'it is not made yet' }]
    const due = renewalDue(spec, live.current, now)
    return spec.issuer === 'hma' ? becoming(spec, live, due) : due.map(gap)
  },

  async reconcile(spec, live, run) {
    const { vault, name } = spec
    const tags = { ...live?.current?.tags, [vaultTag]: run.owner }
    if (live?.deleted) return keyVault.recoverCertificate(vault, name)
    if (live?.current && live.mark !== run.owner) return keyVault.tagCertificate(vault, name, tags)
    if (spec.issuer !== 'hma') return keyVault.createCertificate(vault, name, { ...spec }, tags)
    const application = spec.registration && (await sight.application(spec.registration, run))
    await keyVault.mergeCertificate(vault, name, [signedFor(spec.key, application, run.now)], tags)
  },

  remove: ({ vault, name }) => keyVault.deleteCertificate(vault, name),
})

const marked = (tags: Readonly<Record<string, string>>): { mark?: string } => {
  const mark = tags[vaultTag]
  return mark === undefined ? {} : { mark }
}

const progress = (operation: CertificateOperation | undefined): { issuing?: true; failed?: string } => ({
  ...(operation?.status === 'inProgress' && { issuing: true as const }),
  ...(operation?.status === 'failed' && { failed: operation.error ?? 'the issuer refused' }),
})

/** The key that HMA-App trusts already becomes the current version; until there is one, the reason for it stands here. */
function becoming({ key }: Partial<Spec>, live: Live, due: Difference[]): Difference[] {
  if (!key || key.publicKey === live.key?.publicKey) return due
  return [
    ...due,
    { field: 'publicKey', from: live.key?.publicKey, to: key.publicKey, why: 'HMA-App trusts it: it becomes current' },
  ]
}

const gap = (difference: Difference): Difference => ({
  ...difference,
  why: [
    difference.why,
    'the new version is current before HMA-App trusts it: a gap in which sign-in fails. The issuer hma leaves none',
  ]
    .filter(Boolean)
    .join('; '),
})

/** The signed certificate is kept where it had to go first: among the credentials of HMA-App. */
function signedFor(key: CertificateKey | undefined, application: Application | undefined, now: Date): string {
  const fits = (one: KeyCredential): boolean =>
    one.certificate !== undefined &&
    Date.parse(one.end) > now.getTime() &&
    publicKeyOfCertificate(one.certificate) === key?.publicKey
  const signed = application?.keyCredentials.find(fits)?.certificate
  if (signed === undefined) throw new HmaError('HMA-App does not show the certificate of the new key yet', { retryable: true })
  return signed
}
