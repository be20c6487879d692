import type { Secret } from '../../core/secret.ts'

declare const ofKey: unique symbol

/** The id that the directory gave a credential: credentials are selected and removed by it alone. */
export type KeyId = string & { readonly [ofKey]: true }

/** An entry as the directory wrote it. Most are not ours: hma reads little of them and relies on nothing. */
export type Raw = Readonly<Record<string, unknown>>

/** A key of an application: a certificate it signs in with, or whatever else is in the list. */
export interface KeyCredential {
  readonly keyId: KeyId | undefined
  readonly displayName: string | undefined
  /** SHA-1 of the DER, upper-case hex. */
  readonly thumbprint: string | undefined
  /** ISO instants; empty if the directory gives none. */
  readonly start: string
  readonly end: string
  /** Base64 of the DER, if the directory shows it. */
  readonly certificate: string | undefined
  /** Whether the application can sign in with it: the list holds other types and usages too. */
  readonly signsIn: boolean
  /** What to send back in order to keep it. */
  readonly raw: Raw
}

/** A client secret of an application, without its value, which the directory shows only once. */
export interface PasswordCredential {
  readonly keyId: string
  readonly displayName: string | undefined
  /** ISO instants; empty if the directory gives none. */
  readonly start: string
  readonly end: string
}

export interface RequiredPermission {
  readonly resourceAppId: string
  readonly roleId: string
  readonly type: string
}

export interface Application {
  readonly objectId: string
  readonly appId: string
  readonly displayName: string
  readonly uniqueName: string | undefined
  readonly tags: readonly string[]
  readonly keyCredentials: readonly KeyCredential[]
  readonly passwordCredentials: readonly PasswordCredential[]
  readonly requiredPermissions: readonly RequiredPermission[]
  /** The same as the directory wrote it: one entry per API. */
  readonly requiredAccess: readonly Raw[]
  /** Notes for the people who manage it. */
  readonly notes: string | undefined
  /** ISO instant. */
  readonly created: string | undefined
}

/** What an app management policy restricts: the default one of a tenant, or one assigned to an application. */
export interface CredentialRestriction {
  readonly kind: 'secretsForbidden' | 'secretLifetime' | 'certificateLifetime'
  readonly days?: number
  /** Registrations created before this ISO instant are exempt. */
  readonly createdAfter?: string
  /** Lifts the restriction: a policy assigned to an application can exempt it from the tenant's. */
  readonly lifted?: true
}

export interface AppRole {
  readonly id: string
  /** `full_access_as_app` */
  readonly value: string
  /** A disabled role is in no token, whoever was granted it. */
  readonly enabled: boolean
}

export interface ServicePrincipal {
  readonly id: string
  readonly appId: string
  readonly displayName: string
  /** A disabled principal gets no tokens. */
  readonly enabled: boolean
  readonly appRoles: readonly AppRole[]
  readonly servicePrincipalNames: readonly string[]
}

export interface AppRoleAssignment {
  readonly id: string
  readonly appRoleId: string
  readonly principalId: string
  readonly resourceId: string
}

/** A certificate to add. */
export interface NewKey {
  readonly certificate: string
  readonly displayName: string
  readonly start: string
  readonly end: string
}

/**
 * Microsoft Entra's directory, over Microsoft Graph v1.0. Every call names its tenant by GUID.
 *
 * Reads answer from replicas that lag; a missing object is `undefined`, never an error. Writes to one
 * application are made one at a time: a password write close to a key write has been seen to lose the certificate
 * (https://github.com/Azure/azure-cli/issues/32467).
 */
export interface Directory {
  /** The application with its credentials, including the certificates' bytes. */
  application(tenantId: string, key: { uniqueName: string } | { appId: string }): Promise<Application | undefined>
  /** Every application with that display name, unordered. */
  applicationsNamed(tenantId: string, displayName: string): Promise<readonly Application[]>
  /** A soft-deleted application that still holds the unique name or has the appId; Entra keeps it for 30 days. */
  deletedApplication(tenantId: string, key: { uniqueName: string } | { appId: string }): Promise<Application | undefined>
  restoreApplication(tenantId: string, objectId: string): Promise<void>
  /** Upsert by unique name: two concurrent calls create one application. */
  createApplication(
    tenantId: string,
    application: { uniqueName: string; displayName: string; tags: readonly string[]; notes?: string },
  ): Promise<void>
  updateApplication(
    tenantId: string,
    objectId: string,
    change: {
      displayName?: string
      notes?: string
      tags?: readonly string[]
      uniqueName?: string
      requiredAccess?: readonly Raw[]
    },
  ): Promise<void>
  /** Soft delete, with its service principal. */
  deleteApplication(tenantId: string, objectId: string): Promise<void>

  /** Replaces the whole list of keys: entries to keep are sent back as they were read. */
  setKeys(
    tenantId: string,
    objectId: string,
    keys: { readonly kept: readonly KeyCredential[]; readonly added?: NewKey },
  ): Promise<void>
  /** Never retried by the transport: a lost answer leaves a secret with an unknown value. */
  addPassword(
    tenantId: string,
    objectId: string,
    password: { displayName: string; start: string; end: string },
  ): Promise<{ keyId: string; value: Secret }>
  /** Removing something missing is not an error. */
  removePassword(tenantId: string, objectId: string, keyId: string): Promise<void>

  /** Which credentials the tenant forbids or limits in time. */
  credentialRestrictions(tenantId: string): Promise<readonly CredentialRestriction[]>
  /** Those of the policies assigned to this application. */
  assignedRestrictions(tenantId: string, objectId: string): Promise<readonly CredentialRestriction[]>

  servicePrincipal(tenantId: string, appId: string): Promise<ServicePrincipal | undefined>
  /** A soft-deleted service principal of the application: restoring an application does not restore it. */
  deletedServicePrincipal(tenantId: string, appId: string): Promise<{ readonly id: string } | undefined>
  restoreServicePrincipal(tenantId: string, id: string): Promise<void>
  createServicePrincipal(tenantId: string, appId: string): Promise<void>
  /** Enables it, so that it gets tokens again. */
  enableServicePrincipal(tenantId: string, id: string): Promise<void>
  /** Replaces the whole list of names for which clients can request tokens of this service principal. */
  setServicePrincipalNames(tenantId: string, id: string, names: readonly string[]): Promise<void>

  /** The application permissions granted to this service principal, given by its object id or its application. Empty if it does not exist. */
  appRoleAssignments(tenantId: string, principal: string | { readonly appId: string }): Promise<readonly AppRoleAssignment[]>
  /** Admin consent to one application permission. Granting it twice is not an error. */
  grantAppRole(tenantId: string, grant: { principalId: string; resourceId: string; appRoleId: string }): Promise<void>
}
