/** Tags of an object; absent if none were ever set. */
export type Tags = Record<string, string>

/** How the next version is made, with the names and order used on the wire. */
export interface Policy {
  key_props: { exportable: boolean; kty: string; key_size: number; reuse_key: boolean; crv?: string }
  secret_props: { contentType: string }
  x509_props: {
    subject: string
    sans?: Sans
    ekus: string[]
    key_usage: string[]
    validity_months: number
    basic_constraints: { ca: boolean }
  }
  lifetime_actions: LifetimeAction[]
  issuer: { name: string; cty?: string; cert_transparency?: boolean }
  /** Seconds since 1970. */
  attributes: { enabled: boolean; created: number; updated: number }
}

export interface Sans {
  emails?: string[]
  dns_names?: string[]
  upns?: string[]
  uris?: string[]
  ipAddresses?: string[]
}

export interface LifetimeAction {
  trigger: { lifetime_percentage?: number; days_before_expiry?: number }
  action: { action_type: 'AutoRenew' | 'EmailContacts' }
}

/** Times of an object, in seconds since 1970. */
export interface Attributes {
  enabled: boolean
  nbf?: number
  exp?: number
  created: number
  updated: number
}

export interface CertificateVersion {
  /** 32 hex digits, the same for the certificate, its key and its secret. */
  version: string
  attributes: Attributes & { nbf: number; exp: number }
  tags?: Tags
  /** Base64 of the DER: the certificate, then the rest of its chain. */
  chain: string[]
  /** PKCS#8, PEM. */
  privateKey: string
  /** What the managed secret holds: base64 of the PKCS#12, or PEM. */
  secretValue: string
  contentType: string
  exportable: boolean
}

/** A version being created: a key pair that waits for its certificate. */
export interface Operation {
  /** 32 hex digits. */
  requestId: string
  /** Version under which the certificate is shown while it waits. */
  version: string
  status: 'inProgress' | 'completed' | 'cancelled' | 'failed'
  issuer: Policy['issuer']
  cancellationRequested: boolean
  error?: { code: string; message: string }
  /** Base64 of the DER of the signing request. */
  csr: string
  /** PKCS#8, PEM; empty once it has gone into a version. */
  privateKey: string
  /** The policy as it was when the operation began. */
  policy: Policy
  attributes: Attributes & { nbf: number; exp: number }
  tags?: Tags
  /** Milliseconds since 1970 at which an automatic issuer is done; null if it has to be merged. */
  readyAt: number | null
}

/** A soft delete. */
export interface Deletion {
  /** Seconds since 1970. */
  deletedDate: number
  scheduledPurgeDate: number
}

/** What certificates and secrets have in common: soft deletes, and deletions and recoveries that take a while. */
export interface Erasable {
  name: string
  deleted?: Deletion
  /** Milliseconds since 1970 until which a deletion or a recovery is under way. */
  unsettledUntil?: number
}

/** How a certificate without any version is shown. */
export type Unissued = Pick<Operation, 'version' | 'attributes' | 'tags'>

export interface Certificate extends Erasable {
  policy: Policy
  /** What remains if the operation of the first version was deleted: disabled, without a certificate. */
  unissued?: Unissued
  /** Oldest first. */
  versions: CertificateVersion[]
  operation?: Operation
}

export interface SecretVersion {
  version: string
  value: string
  contentType?: string
  attributes: Attributes
  tags?: Tags
}

export interface Secret extends Erasable {
  /** Oldest first. */
  versions: SecretVersion[]
}

export interface KeyVersion {
  version: string
  /** PKCS#8, PEM. */
  privateKey: string
  /** `RSA`, `EC`, or the same with `-HSM`. */
  kty: string
  operations: string[]
  attributes: Attributes
  tags?: Tags
  /** Only with a release policy. */
  exportable?: boolean
  releasePolicy?: ReleasePolicy
}

export interface ReleasePolicy {
  contentType: string
  /** Base64 without padding, of JSON. */
  data: string
  immutable: boolean
}

export interface RotationPolicy {
  lifetimeActions: { trigger: { timeAfterCreate?: string; timeBeforeExpiry?: string }; action: { type: 'Rotate' | 'Notify' } }[]
  /** An ISO duration. */
  expiryTime?: string
  /** Seconds since 1970. */
  created?: number
  updated?: number
}

export interface Key extends Erasable {
  /** Oldest first. */
  versions: KeyVersion[]
  rotation?: RotationPolicy
}

export interface Issuer {
  name: string
  provider: string
  credentials?: { account_id?: string; pwd?: string }
  org_details?: Record<string, unknown>
  attributes: { enabled: boolean; created: number; updated: number }
}

export interface Contact {
  email: string
  name?: string
  phone?: string
}

/** What one vault holds; objects by their name in lower case. */
export interface Vault {
  certificates: Record<string, Certificate>
  secrets: Record<string, Secret>
  keys?: Record<string, Key>
  issuers: Record<string, Issuer>
  contacts: Contact[]
  /** The copies behind the backups that clients hold, by id. */
  backups: Record<
    string,
    { kind: 'certificate'; object: Certificate } | { kind: 'secret'; object: Secret } | { kind: 'key'; object: Key }
  >
}

/** The contents of the vaults, by the vault's name in lower case. */
export type Vaults = Record<string, Vault>

export const empty = (): Vaults => ({})

export const emptyVault = (): Vault => ({ certificates: {}, secrets: {}, issuers: {}, contacts: [], backups: {} })
