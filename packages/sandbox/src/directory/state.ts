import type { Principal } from '../seed.ts'

/** The kinds of plain objects; objects/kinds.ts says what each is like. */
export type ObjectKindName =
  | 'user'
  | 'group'
  | 'permissionGrant'
  | 'claimsMappingPolicy'
  | 'appManagementPolicy'
  | 'directoryRole'
  | 'roleDefinition'

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** A certificate that an application or a service principal signs in with. */
export interface KeyCredential {
  keyId: string
  displayName: string | null
  /** ISO instants; empty where an old entry has none. */
  startDateTime: string
  endDateTime: string
  /** Base64 of the certificate's DER. */
  key: string
  /** SHA-1 of the DER in upper-case hex, unless the client gave something else. */
  customKeyIdentifier: string
  /** SHA-1 of the DER, upper-case hex. */
  thumbprint: string
  type: string
  usage: string
}

/** A client secret; only what is needed to check it is stored. */
export interface PasswordCredential {
  keyId: string
  displayName: string | null
  startDateTime: string
  endDateTime: string
  /** The first three characters. */
  hint: string
  /** SHA-256 of the secret's UTF-8 bytes, lower-case hex. */
  sha256: string
}

export interface AppRole {
  id: string
  value: string | null
  displayName: string
  description: string
  allowedMemberTypes: string[]
  isEnabled: boolean
}

/** What applications and service principals have in common. */
export interface DirectoryObject {
  /** Object id. */
  id: string
  appId: string
  displayName: string
  /** ISO instants; `deletedDateTime` is null while the object is not soft-deleted. */
  createdDateTime: string
  deletedDateTime: string | null
  tags: string[]
  appRoles: AppRole[]
  keyCredentials: KeyCredential[]
  passwordCredentials: PasswordCredential[]
  /** Object ids of the owners. */
  owners: string[]
  /** Other properties that have been set, by name. */
  more: Record<string, Json>
}

/** An issuer whose tokens an application accepts instead of a secret. */
export interface FederatedCredential {
  id?: string
  name?: string
  description?: string
  issuer: string
  /** Null if an expression says which subjects match. */
  subject: string | null
  audiences: string[]
  expression?: { value: string; languageVersion: 1 }
}

export interface Application extends DirectoryObject {
  uniqueName: string | null
  federatedIdentityCredentials?: FederatedCredential[]
  /** Media type, and base64 of the image. */
  logo?: { type: string; bytes: string }
  requiredResourceAccess: { resourceAppId: string; resourceAccess: { id: string; type: string }[] }[]
}

export interface ServicePrincipal extends DirectoryObject {
  accountEnabled: boolean
  /** Tenant of the registration; Microsoft's own for first-party applications. */
  appOwnerOrganizationId: string
  servicePrincipalNames: string[]
}

/** Consent to an application permission. */
export interface AppRoleAssignment {
  id: string
  appRoleId: string
  createdDateTime: string
  /** Object ids of service principals: who got the role, and of which API it is. */
  principalId: string
  resourceId: string
}

/** What a tenant's directory holds. */
export interface Kinds {
  applications: Application
  servicePrincipals: ServicePrincipal
  appRoleAssignments: AppRoleAssignment
}

/** Objects by their id. */
export type Collections = { [Name in keyof Kinds]: Record<string, Kinds[Name]> }

/** The object before a write that some replicas have not seen yet; null if it did not exist. */
export interface Change<Kind> {
  /** Milliseconds since 1970, by the sandbox's clock. */
  at: number
  id: string
  before: Kind | null
}

/** Writes that some replicas may not have seen yet, oldest first. */
export type Recent = { [Name in keyof Kinds]: Change<Kinds[Name]>[] }

/** The tenant's app management policy: how long credentials may live, and whether secrets may be added. */
export interface CredentialPolicy {
  isEnabled: boolean
  /** Client secrets may not be added. */
  passwordAddition: boolean
  /** Longest lifetime of a client secret and of a certificate, in days; null if a policy for individual applications lifts the limit. */
  passwordLifetimeDays?: number | null
  keyLifetimeDays?: number | null
  /** A restriction holds for applications made since this ISO instant; if left out, for all. */
  createdAfter?: Partial<Record<RestrictionType, string>>
}

export type RestrictionType = 'passwordAddition' | 'passwordLifetime' | 'asymmetricKeyLifetime'

/** A policy that is assigned to single applications: what it sets for a kind of credential overrides the tenant's policy. */
export interface AssignedPolicy extends Partial<CredentialPolicy> {
  id: string
  displayName: string
  isEnabled: boolean
}

/** One tenant, as its newest replica knows it. Keys of the collections are object ids. */
export interface Tenant extends Collections {
  id: string
  displayName: string
  /** The initial domain, `….onmicrosoft.com`. */
  domain: string
  createdDateTime: string
  policy: CredentialPolicy
  /** What was written in its place, in Graph's format. */
  writtenPolicy?: { isEnabled: boolean; applications: Json; servicePrincipals: Json }
  /** By the object id of the application. */
  assignedPolicies?: Record<string, AssignedPolicy>
  /** Users, groups and the like, by their id. */
  objects?: Record<string, PlainObject>
  writes?: Writes
  recent: Recent
}

/** For delta queries: the writes of a tenant are numbered, and each object knows which write last changed each property. */
export interface Writes {
  count: number
  objects: Record<string, { collection: string; at: Record<string, number> }>
}

/** A user, a group, or another object that is neither an application nor a service principal. */
export interface PlainObject {
  id: string
  kind: ObjectKindName
  createdDateTime: string
  deletedDateTime: string | null
  more: Record<string, Json>
  /** Object ids, of a group or a role. */
  members: string[]
  owners: string[]
}

/** Entra's directory: tenants by id, and the principals that programs sign in with. */
export interface Directory {
  tenants: Record<string, Tenant>
  principals: Principal[]
  /** Public keys, PEM, of the outside issuers that federated credentials trust. */
  issuers?: Record<string, string>
}

export const empty = (): Directory => ({ tenants: {}, principals: [] })
