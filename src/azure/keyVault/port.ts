import type { Secret } from '../../core/secret.ts'

type Tags = Readonly<Record<string, string>>

/** The certificate that the vault serves as current. */
export interface VaultCertificate {
  readonly name: string
  readonly version: string
  /** SHA-1 of the DER, upper-case hex. */
  readonly thumbprint: string
  /** Base64 of the DER. */
  readonly certificate: string
  /** ISO instants. */
  readonly notBefore: string
  readonly expires: string
  /** ISO instant of the last write to this version: it has been current since then at the latest. */
  readonly updated: string
  readonly enabled: boolean
  readonly tags: Tags
  readonly policy: CertificatePolicy
  /** The vault makes the next version by itself (lifetime action AutoRenew), and serves it before anybody trusts it. */
  readonly renewsItself: boolean
  /** Its private key can be read with its secret, as Dynamics does. By the policy: what a version was made with is not told. */
  readonly exportable: boolean
}

/** What the next version will be made of. */
export interface CertificatePolicy {
  /** `Unknown` for a certificate that is signed elsewhere, `Self`, or the name of an issuer of the vault. */
  readonly issuer: string
  readonly subject: string
  readonly keySize: number
  readonly validityMonths: number
}

/** A certificate that is being made: its key pair is in the vault already. */
export interface CertificateOperation {
  readonly status: 'inProgress' | 'completed' | 'cancelled' | 'failed'
  readonly issuer: string
  /** Base64 of the DER of the signing request. */
  readonly csr: string
  /** Tags of the certificate that it is an operation of. */
  readonly tags: Tags
  readonly error: string | undefined
}

/** It holds its name, disabled, and nothing else. */
export interface UnissuedCertificate {
  readonly tags: Tags
}

export interface DeletedCertificate {
  readonly name: string
  readonly tags: Tags
}

/** A secret, without its value. */
export interface VaultSecret {
  readonly name: string
  readonly version: string
  readonly expires: string | undefined
  readonly enabled: boolean
  readonly tags: Tags
  /** The tags of versions that were made in the same second: nobody can tell which of them the vault serves. */
  readonly rivals?: readonly Tags[]
}

/**
 * A key vault's contents, over its data plane. `vault` is its address, `https://kv-contoso-mail.vault.azure.net`.
 * A missing object is `undefined`, never an error.
 */
export interface KeyVault {
  /** A vault of this tenant will be asked soon: sign in meanwhile. Does not wait; whoever asks meets what goes wrong. */
  prepare(tenantId: string): void
  /** The current version. A certificate whose first version is still being made is not there yet. */
  certificate(vault: string, name: string): Promise<VaultCertificate | undefined>
  /** The certificate where it has no version: the first one is still being made, or its request was cancelled or deleted. */
  unissued(vault: string, name: string): Promise<UnissuedCertificate | undefined>
  /** The pending or last operation. */
  operation(vault: string, name: string): Promise<CertificateOperation | undefined>
  /** Begin a new version; the former one stays current until it is merged or issued. Does not wait. */
  createCertificate(vault: string, name: string, policy: CertificatePolicy, tags: Tags): Promise<void>
  /** Make the signed certificate (base64 of the DER, leaf first) of the pending operation the current version. */
  mergeCertificate(vault: string, name: string, chain: readonly string[], tags: Tags): Promise<void>
  /**
   * Make the certificate of a file the current version. `pfx` is base64 of a PKCS#12 without a password, `keySize` the bits of
   * its RSA key. Refused while an operation is pending.
   */
  importCertificate(
    vault: string,
    name: string,
    file: { readonly pfx: Secret; readonly keySize: number },
    tags: Tags,
  ): Promise<void>
  /** Forget the pending operation. */
  deleteOperation(vault: string, name: string): Promise<void>
  tagCertificate(vault: string, name: string, tags: Tags): Promise<void>
  /** The tags of every version, in no order: each version has its own. */
  certificateTags(vault: string, name: string): Promise<readonly Tags[]>
  /** The vault no longer makes new versions by itself; it writes to its contacts instead. */
  stopRenewal(vault: string, name: string): Promise<void>
  /** Soft delete; returns once the deleted one can be seen. */
  deleteCertificate(vault: string, name: string): Promise<void>
  deletedCertificate(vault: string, name: string): Promise<DeletedCertificate | undefined>
  /** Bring a soft-deleted certificate back, with its key and secret; returns once it can be seen. */
  recoverCertificate(vault: string, name: string): Promise<void>

  /** The current version, read without its value. */
  secret(vault: string, name: string): Promise<VaultSecret | undefined>
  secretValue(vault: string, name: string, version?: string): Promise<Secret | undefined>
  /** Always makes a new version. `expires` is an ISO instant. */
  setSecret(
    vault: string,
    name: string,
    value: Secret,
    about: { tags: Tags; expires: string; contentType: string },
  ): Promise<void>
  /** The tags of one version, in place of those that it had. */
  tagSecret(vault: string, name: string, version: string, tags: Tags): Promise<void>
  /** Serve this version again. */
  enableSecret(vault: string, name: string, version: string): Promise<void>
  deleteSecret(vault: string, name: string): Promise<void>
  deletedSecret(vault: string, name: string): Promise<{ readonly tags: Tags } | undefined>
  recoverSecret(vault: string, name: string): Promise<void>

  /** The names of everything that the vault holds. */
  contents(vault: string): Promise<{ readonly certificates: readonly string[]; readonly secrets: readonly string[] }>
}
