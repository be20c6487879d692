import type { CertificateOperation, VaultCertificate } from '../../azure/keyVault/port.ts'
import { keySizeOf, sameName, subjectOf, validityOf, validUntil } from '../../certificates/x509.ts'
import { expiring } from '../../core/diff.ts'
import type { Difference } from '../../core/kind.ts'
import { day, hasBegun } from '../../core/time.ts'

/** What the certificate has to be, and when it has to be a new one. */
export type Wanted = {
  readonly subject: string
  readonly keySize: number
  readonly validityMonths: number
  readonly renewBeforeDays: number
  /** So many days earlier still, where renewals are spread. */
  readonly renewEarlierDays?: number
  /** A CA may write a subject of its own: then what was asked of it counts. */
  readonly signedBy?: 'your CA'
  /** Thumbprint of a certificate that is to be replaced whatever its age (`hma rotate certificate`). */
  readonly otherThan?: string
}

/** Why a new version of the certificate is needed; nothing where the current one will do. Pure. */
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

/** An operation that somebody began with another issuer: where it ends, the vault serves a certificate that HMA-App does not trust. */
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

/** The issuer of an operation under way that is not the one that this configuration asks. */
export const orderedBy = (operation: CertificateOperation | undefined, expected: string): string | undefined =>
  operation?.status === 'inProgress' && operation.issuer.toLowerCase() !== expected.toLowerCase() ? operation.issuer : undefined

/** The key of a version stays as it was made, so it takes a new one. */
export const unexportable: Difference = {
  ...{ field: 'exportable', from: false, to: true },
  why: 'Dynamics cannot read a private key that is not exportable',
}

const halfAMonth = 15 * day

/** The policy is older than the certificate where the configuration changed while a request waited for its signature. */
function lasts({ certificate }: VaultCertificate, months: number): boolean {
  const { notBefore, notAfter } = validityOf(certificate)
  return Math.abs(notAfter.getTime() - validUntil(notBefore, months).getTime()) < halfAMonth
}

/** The key that is to be trusted, and where its certificate comes from. */
export type CertificateKey = {
  /** SHA-256 of the public key, upper-case hex. */
  readonly publicKey: string
  /** Base64 of the DER: the request that waits for its signature, or the certificate that is there. */
  readonly csr?: string
  readonly certificate?: string
  /** ISO instant since which the vault has served it, at the latest. */
  readonly since?: string
}
