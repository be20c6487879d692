import type { Application } from '../azure/directory.ts'
import type { CertificateOperation, CertificatePolicy, KeyVault, VaultCertificate } from '../azure/keyVault.ts'
import { expiring } from '../core/diff.ts'
import { HmaError } from '../core/errors.ts'
import type { Difference, Kind } from '../core/kind.ts'
import type { Secret } from '../core/secret.ts'
import { vaultTag } from './mark.ts'
import { type CertificateKey, renewalDue, type Wanted } from './renewal.ts'
import type { Registration, Sight } from './sight.ts'
import type { SignedFile } from './signature.ts'
import { keySizeOf, publicKeyOfCertificate, thumbprint } from './x509.ts'

/** What is wanted of a certificate that the vault makes has a name, a size and a validity; a file brings its own. */
export type Spec = Partial<Wanted> & {
  readonly vault: string
  readonly name: string
  /** `hma`: HMA-App trusts the key first, then it becomes current. Otherwise an issuer of the vault makes it, and it is current at once. */
  readonly issuer?: string
  /** With the issuer `hma` and with a file: the key that must be current, and the registration that trusts it first. */
  readonly key?: CertificateKey
  readonly registration?: Registration
  /** Where the operator's CA signs: its answer, of which the whole chain goes into the vault. */
  readonly signed?: SignedFile
  /** Where a file brings the certificate: its name, and what it holds as base64 of a PKCS#12 without a password. */
  readonly file?: string
  readonly pfx?: Secret
}

export type Live = {
  readonly vault: string
  readonly name: string
  readonly mark?: string
  readonly thumbprint?: string
  readonly expires?: string
  readonly current?: VaultCertificate
  readonly key?: CertificateKey
  /** An issuer of the vault is at work, or a request waits. */
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
    if (spec.file !== undefined) return brought(spec, spec.file, live, now)
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
    if (spec.issuer !== 'hma' && !spec.pfx) return keyVault.createCertificate(vault, name, policyOf(spec), tags)
    const application = spec.registration && (await sight.application(spec.registration, run))
    const trusted = certificatesOf(application, run.now)
    if (!spec.pfx) return keyVault.mergeCertificate(vault, name, chainOf(spec, trusted), tags)
    const certificate = trustedFile(spec, trusted)
    if (live?.issuing) await keyVault.deleteOperation(vault, name)
    if (live?.current?.enabled && live.current.certificate === certificate) return
    await keyVault.importCertificate(vault, name, { pfx: spec.pfx, keySize: keySizeOf(certificate) }, tags)
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
  if (!key) return due
  if (key.publicKey === live.key?.publicKey) return []
  const why = 'it becomes current once HMA-App trusts it'
  return [...due, { field: 'publicKey', from: live.key?.publicKey, to: key.publicKey, why }]
}

/** The certificate of the file becomes the current version. When that expires, only a person has another. */
function brought({ key, renewBeforeDays, otherThan }: Partial<Spec>, file: string, live: Live, now: Date): Difference[] {
  const { current } = live
  if (key?.certificate === undefined) return []
  if (!current) return [{ field: 'version', why: 'it is not imported yet' }]
  if (current.certificate !== key.certificate) {
    const why = `${file} holds another certificate: it becomes current once HMA-App trusts it`
    return [{ field: 'thumbprint', from: current.thumbprint, to: thumbprint(key.certificate), why }]
  }
  if (live.issuing) return [{ field: 'request', from: true, to: false, why: `the certificate comes from ${file}` }]
  if (!current.enabled) return [{ field: 'enabled', from: false, to: true, why: 'the current version is disabled' }]
  const manual = `Put a new certificate with its private key into ${file}, and run \`hma apply\`.`
  const asked = otherThan === current.thumbprint ? [{ field: 'version', why: 'a new one was asked for' }] : []
  const due = renewBeforeDays === undefined ? [] : expiring(current.expires, renewBeforeDays, now)
  return [...asked, ...due].map((difference) => ({ ...difference, reason: 'waiting', manual }))
}

function policyOf({ issuer, subject, keySize, validityMonths }: Spec): CertificatePolicy {
  if (issuer === undefined || subject === undefined || keySize === undefined || validityMonths === undefined)
    throw new HmaError('There is neither a file nor an issuer from which the certificate could come')
  return { issuer, subject, keySize, validityMonths }
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

/** What HMA-App trusts now, as base64 of the DER. */
const certificatesOf = (application: Application | undefined, now: Date): string[] =>
  (application?.keyCredentials ?? []).flatMap(({ end, certificate }) =>
    certificate !== undefined && Date.parse(end) > now.getTime() ? [certificate] : [],
  )

const unseen = (): HmaError => new HmaError('HMA-App does not show the certificate of the new key yet', { retryable: true })

/** The signed certificate is kept where it had to go first: among the credentials of HMA-App. A CA's file has its issuers too. */
function chainOf({ key, signed }: Spec, trusted: readonly string[]): readonly string[] {
  const fitting = trusted.filter((one) => publicKeyOfCertificate(one) === key?.publicKey)
  const [leaf] = signed?.chain ?? []
  if (signed && leaf !== undefined && fitting.some((one) => thumbprint(one) === thumbprint(leaf))) return signed.chain
  const [first] = fitting
  if (first === undefined) throw unseen()
  return [first]
}

function trustedFile({ key }: Spec, trusted: readonly string[]): string {
  const certificate = key?.certificate
  if (certificate === undefined || !trusted.some((one) => thumbprint(one) === thumbprint(certificate))) throw unseen()
  return certificate
}
