import type { UnissuedCertificate, VaultCertificate } from '../../azure/keyVault/port.ts'
import { thumbprint } from '../../certificates/x509.ts'
import { expiring } from '../../core/diff.ts'
import type { Difference, Observation } from '../../core/kind.ts'
import type { Mark } from '../../core/ownership.ts'
import type { Secret } from '../../core/secret.ts'
import { marksInVaultTags } from '../mark.ts'
import type { Registration } from '../registered.ts'
import { type CertificateKey, ordered, renewalDue, unexportable, type Wanted } from './renewal.ts'
import type { SignedFile } from './signature.ts'

/** A certificate created in the vault has a configured name, size and validity; an imported one has its own. */
export type Spec = Partial<Wanted> & {
  readonly vault: string
  readonly name: string
  /** `hma`: HMA-App trusts the key first, then it becomes current. Otherwise an issuer of the vault makes it, and it is current at once. */
  readonly issuer?: string
  /** With the issuer `hma` or a file: the key that must be current, and the registration that trusts it first. */
  readonly key?: CertificateKey
  readonly registration?: Registration
  /** If the user's CA signs: its answer; the whole chain goes into the vault. */
  readonly signed?: SignedFile
  /** For an imported certificate: the file's name, and its content as base64 of a PKCS#12 without a password. */
  readonly file?: string
  readonly pfx?: Secret
}

export type Live = {
  readonly vault: string
  readonly name: string
  readonly marks: readonly Mark[]
  readonly thumbprint?: string
  readonly expires?: string
  readonly current?: VaultCertificate
  readonly key?: CertificateKey
  /** An issuer of the vault is at work, or a request is waiting. */
  readonly issuing?: true
  /** The certificate has no version: its first request was cancelled or deleted. */
  readonly unissued?: UnissuedCertificate
  readonly failed?: string
  /** The issuer from which someone else ordered a certificate under this name. */
  readonly orderedBy?: string
  readonly deleted?: true
}

/** Why the served certificate is not the desired one. Pure. */
export function unlikeWanted(spec: Partial<Spec>, live: Live, now: Date): readonly Difference[] {
  if (live.deleted) return [{ field: 'state', from: 'deleted', to: 'active', why: 'recovered from soft delete, not created' }]
  if (live.orderedBy !== undefined) return [ordered(live.orderedBy, live)]
  if (spec.file !== undefined) return [...changedByOthers(live), ...importDue(spec, spec.file, live, now)]
  if (live.issuing)
    return [{ field: 'version', why: `${spec.issuer ?? 'the issuer'} is making it`, pending: true, reason: 'waiting' }]
  if (!live.current) return [{ field: 'version', why: live.failed ?? 'it does not exist yet' }]
  const due = renewalDue(spec, live.current, now)
  return [...changedByOthers(live), ...(spec.issuer === 'hma' ? makeCurrent(spec, live, due) : due.map(gap))]
}

/** Changes made by others in the vault, except those that a new version repairs. */
const changedByOthers = ({ current, marks: [mark] }: Live): Difference[] => [
  ...(current && mark && marksInVaultTags(current.tags).length === 0
    ? [{ field: 'mark', to: mark.deployment, why: `a version was created outside hma: ${current.version} in the vault` }]
    : []),
  ...(current?.renewsItself
    ? [{ field: 'autoRenew', from: true, to: false, why: 'a new version would become current before HMA-App trusts it' }]
    : []),
]

/** The key that HMA-App already trusts becomes the current version; until there is one, this holds the reason. */
function makeCurrent({ key }: Partial<Spec>, live: Live, due: Difference[]): Difference[] {
  if (!key) return due
  if (key.publicKey === live.key?.publicKey) return []
  const why = 'it becomes current when HMA-App trusts it'
  return [...due, { field: 'publicKey', from: live.key?.publicKey, to: key.publicKey, why }]
}

/** The file's certificate becomes the current version. Once that expires, only a person can supply another. */
function importDue({ key, renewBeforeDays, otherThan }: Partial<Spec>, file: string, live: Live, now: Date): Difference[] {
  const { current } = live
  if (key?.certificate === undefined) return []
  if (!current) return [{ field: 'version', why: 'it is not imported yet' }]
  if (current.certificate !== key.certificate) {
    const why = `${file} holds another certificate: it becomes current when HMA-App trusts it`
    return [{ field: 'thumbprint', from: current.thumbprint, to: thumbprint(key.certificate), why }]
  }
  if (live.issuing) return [{ field: 'request', from: true, to: false, why: `the certificate comes from ${file}` }]
  if (!current.enabled) return [{ field: 'enabled', from: false, to: true, why: 'the current version is disabled' }]
  if (!current.exportable) return [unexportable]
  const manual = `Put a new certificate with its private key into ${file}, and run \`hma apply\`.`
  const asked = otherThan === current.thumbprint ? [{ field: 'version', why: 'rotation requested' }] : []
  const due = renewBeforeDays === undefined ? [] : expiring(current.expires, renewBeforeDays, now)
  return [...asked, ...due].map((difference) => ({ ...difference, reason: 'waiting', manual }))
}

/** https://learn.microsoft.com/azure/key-vault/certificates/secure-certificates, after the CA/Browser Forum's ballot SC-081v3. */
const publicLimits = '200 days since March 2026, 100 days from March 2027, 47 days from March 2029'

/** Public CAs issue for six months at most. */
const mostOfPublic = 6

/** The issuers that a vault orders from are public CAs, whose certificates have ever shorter lifetimes. */
export const publicAuthority = ({ issuer = 'hma', validityMonths = 0 }: Partial<Spec>): readonly Observation[] =>
  ['hma', 'self', 'unknown'].includes(issuer.toLowerCase()) || validityMonths <= mostOfPublic
    ? []
    : [
        {
          severity: 'info',
          text: `If the issuer "${issuer}" is a public CA, it cannot give ${validityMonths} months: public TLS certificates are valid for ${publicLimits} at most.`,
          hint: 'Entra only checks the key, so Hybrid Modern Authentication needs no public certificate. Set `certificate.issuer: hma`: it renews without a gap.',
        },
      ]

const gap = (difference: Difference): Difference => ({
  ...difference,
  why: [
    difference.why,
    'the new version is current before HMA-App trusts it: sign-in fails in between. With the issuer hma there is no gap',
  ]
    .filter(Boolean)
    .join('; '),
})
