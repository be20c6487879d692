import type { Secret } from '../../core/secret.ts'

type Tags = Readonly<Record<string, string>>

/** The certificate that the vault currently serves. */
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
  /** ISO instant of the last write to this version, which has been current since then at the latest. */
  readonly updated: string
  readonly enabled: boolean
  readonly tags: Tags
  readonly policy: CertificatePolicy
  /** The vault creates the next version by itself (lifetime action AutoRenew) and serves it before anything trusts it. */
  readonly renewsItself: boolean
  /** Its private key can be exported with its secret, as Dynamics does. Judged by the policy: the vault does not say how a version was created. */
  readonly exportable: boolean
}

/** The settings of the next version. */
export interface CertificatePolicy {
  /** `Unknown` if signed elsewhere, `Self`, or the name of an issuer of the vault. */
  readonly issuer: string
  readonly subject: string
  readonly keySize: number
  readonly validityMonths: number
}

/** A pending certificate: its key pair is already in the vault. */
export interface CertificateOperation {
  readonly status: 'inProgress' | 'completed' | 'cancelled' | 'failed'
  readonly issuer: string
  /** Base64 of the DER of the signing request. */
  readonly csr: string
  /** Tags of the certificate that it is an operation of. */
  readonly tags: Tags
  readonly error: string | undefined
}

/** A certificate without a version: disabled and empty, but its name is taken. */
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
  /** The tags of versions created within the same second: which of them the vault serves is unknown. */
  readonly rivals?: readonly Tags[]
}

/**
 * A key vault's contents, over its data plane. `vault` is its address, `https://kv-contoso-mail.vault.azure.net`.
 * A missing object is `undefined`, never an error.
 */
export interface KeyVault {
  /** Signs in ahead of a request to a vault of this tenant. Does not wait; errors are left to the request. */
  prepare(tenantId: string): void
  /** The current version. A certificate whose first version is pending does not exist yet. */
  certificate(vault: string, name: string): Promise<VaultCertificate | undefined>
  /** The certificate if it has no version: the first one is pending, or its request was cancelled or deleted. */
  unissued(vault: string, name: string): Promise<UnissuedCertificate | undefined>
  /** The pending or last operation. */
  operation(vault: string, name: string): Promise<CertificateOperation | undefined>
  /** Starts a new version; the former one stays current until the new one is merged or issued. Does not wait. */
  createCertificate(vault: string, name: string, policy: CertificatePolicy, tags: Tags): Promise<void>
  /** Completes the pending operation with the signed certificate (base64 of the DER, leaf first), which becomes current. */
  mergeCertificate(vault: string, name: string, chain: readonly string[], tags: Tags): Promise<void>
  /**
   * Imports a certificate as the current version. `pfx` is base64 of a PKCS#12 without a password, `keySize` the bits of
   * its RSA key. Refused while an operation is pending.
   */
  importCertificate(
    vault: string,
    name: string,
    file: { readonly pfx: Secret; readonly keySize: number },
    tags: Tags,
  ): Promise<void>
  /** Deletes the pending operation. */
  deleteOperation(vault: string, name: string): Promise<void>
  tagCertificate(vault: string, name: string, tags: Tags): Promise<void>
  /** The tags of every version, unordered: each version has its own. */
  certificateTags(vault: string, name: string): Promise<readonly Tags[]>
  /** Stops the vault from creating new versions by itself; it emails its contacts instead. */
  stopRenewal(vault: string, name: string): Promise<void>
  /** Soft delete; returns once the deleted certificate is visible. */
  deleteCertificate(vault: string, name: string): Promise<void>
  deletedCertificate(vault: string, name: string): Promise<DeletedCertificate | undefined>
  /** Recovers a soft-deleted certificate with its key and secret; returns once it is visible. */
  recoverCertificate(vault: string, name: string): Promise<void>

  /** The current version, read without its value. */
  secret(vault: string, name: string): Promise<VaultSecret | undefined>
  secretValue(vault: string, name: string, version?: string): Promise<Secret | undefined>
  /**
   * Always creates a new version. `expires` is an ISO instant. With `inLaterSecond`, in a later second than the versions that exist: a vault
   * says in which second a version was created, and no more.
   */
  setSecret(
    vault: string,
    name: string,
    value: Secret,
    about: { tags: Tags; expires: string; contentType: string; inLaterSecond?: boolean },
  ): Promise<void>
  /** Replaces the tags of one version. */
  tagSecret(vault: string, name: string, version: string, tags: Tags): Promise<void>
  /** Enables this version again. */
  enableSecret(vault: string, name: string, version: string): Promise<void>
  deleteSecret(vault: string, name: string): Promise<void>
  deletedSecret(vault: string, name: string): Promise<{ readonly tags: Tags } | undefined>
  recoverSecret(vault: string, name: string): Promise<void>

  /** The names of everything in the vault. */
  contents(vault: string): Promise<{ readonly certificates: readonly string[]; readonly secrets: readonly string[] }>
}
