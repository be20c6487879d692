import type { CertificateOperation, VaultCertificate } from '../../azure/keyVault/port.ts'
import { keySizeOf, sameName, subjectOf, validityOf, validUntil } from '../../certificates/x509.ts'
import { expiring } from '../../core/diff.ts'
import type { Difference } from '../../core/kind.ts'
import { day, hasBegun } from '../../core/time.ts'

/** What the certificate must be like, and when it must be replaced. */
export type Wanted = {
  readonly subject: string
  readonly keySize: number
  readonly validityMonths: number
  readonly renewBeforeDays: number
  /** So many days earlier still, where renewals are spread. */
  readonly renewEarlierDays?: number
  /** A CA may write its own subject: then the requested one counts. */
  readonly signedBy?: 'your CA'
  /** Thumbprint of a certificate to replace regardless of its age (`hma rotate certificate`). */
  readonly otherThan?: string
}

/** Why a new version of the certificate is needed; empty if the current one will do. Pure. */
export function renewalDue(wanted: Partial<Wanted>, current: VaultCertificate, now: Date): Difference[] {
  const { subject, keySize, validityMonths, renewBeforeDays, renewEarlierDays, signedBy, otherThan } = wanted
  const name = (signedBy && current.policy.subject) || subjectOf(current.certificate)
  const size = keySizeOf(current.certificate)
  return [
    ...(otherThan === current.thumbprint
      ? [{ field: 'version', from: current.version, reason: 'requested' as const, why: 'rotation requested' }]
      : []),
    ...(renewBeforeDays === undefined ? [] : expiring(current.expires, renewBeforeDays, now, renewEarlierDays)),
    ...(hasBegun(current.notBefore, now)
      ? []
      : [{ field: 'version', why: `the current one is valid from ${current.notBefore} only` }]),
    ...(subject === undefined || sameName(name, subject) ? [] : [{ field: 'subject', from: name, to: subject }]),
    ...(keySize === undefined || size === keySize ? [] : [{ field: 'keySize', from: size, to: keySize }]),
    ...(validityMonths === undefined || current.policy.validityMonths === validityMonths || lasts(current, validityMonths)
      ? []
      : [{ field: 'validityMonths', from: current.policy.validityMonths, to: validityMonths }]),
    ...(current.exportable ? [] : [unexportable]),
    ...(current.enabled ? [] : [{ field: 'enabled', from: false, to: true, why: 'the current version is disabled' }]),
  ]
}

/** An operation that someone started with another issuer: once it completes, the vault serves a certificate that HMA-App does not trust. */
export function ordered(by: string, { vault, name }: { readonly vault: string; readonly name: string }): Difference {
  const vaultName = new URL(vault).hostname.split('.')[0]
  return {
    field: 'operation',
    from: by,
    reason: 'waiting',
    why: `someone ordered a certificate from the issuer "${by}" under this name`,
    manual: `Someone ordered ${name} from the issuer "${by}" in the vault. As soon as it is issued, the vault serves it, before HMA-App trusts it. Cancel the order and delete what is left of it: az keyvault certificate pending delete --vault-name ${vaultName} --name ${name}. Or, if this issuer should sign, set certificate.issuer to "${by}". Then run \`hma apply\`.`,
  }
}

/** The issuer of an operation under way, if it is not the configured one. */
export const orderedBy = (operation: CertificateOperation | undefined, expected: string): string | undefined =>
  operation?.status === 'inProgress' && operation.issuer.toLowerCase() !== expected.toLowerCase() ? operation.issuer : undefined

/** The key of a version cannot change, so a new version is needed. */
export const unexportable: Difference = {
  ...{ field: 'exportable', from: false, to: true },
  why: 'Dynamics cannot read a private key that is not exportable',
}

const halfAMonth = 15 * day

/** The policy can be older than the certificate, if the configuration changed while a request waited for its signature. */
function lasts({ certificate }: VaultCertificate, months: number): boolean {
  const { notBefore, notAfter } = validityOf(certificate)
  return Math.abs(notAfter.getTime() - validUntil(notBefore, months).getTime()) < halfAMonth
}

/** The key to be trusted, and where its certificate comes from. */
export type CertificateKey = {
  /** SHA-256 of the public key, upper-case hex. */
  readonly publicKey: string
  /** Base64 of the DER: the request waiting for its signature, or the existing certificate. */
  readonly csr?: string
  readonly certificate?: string
  /** ISO instant since which, at the latest, the vault has served it. */
  readonly since?: string
}
