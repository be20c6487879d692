import type { JsonObject } from '../resourceManager/json.ts'

/** An object of a tenant's directory, as Graph showed it. */
export interface InTenant {
  readonly tenantId: string
  readonly body: JsonObject
}

/** What was seen of a real deployment, in the services' own format and without any secret. A world can be started from it. */
export interface Copy {
  /** ISO instant at which it was seen. The world's clock stands still there until it is advanced. */
  readonly at: string
  readonly applications: readonly InTenant[]
  readonly deletedApplications: readonly InTenant[]
  readonly servicePrincipals: readonly InTenant[]
  readonly consents: readonly InTenant[]
  /** The app management policy of each tenant. */
  readonly policies: readonly InTenant[]
  /** Policies assigned to individual applications. */
  readonly assignedPolicies: readonly AssignedPolicyCopy[]
  readonly resourceGroups: readonly JsonObject[]
  /** Ids of resource groups that do not exist. */
  readonly absentGroups: readonly string[]
  readonly vaults: readonly JsonObject[]
  /** Soft-deleted vaults, whose contents cannot be seen. */
  readonly deletedVaults: readonly InTenant[]
  /** Names, in lower case, of the vaults whose network rules admitted the identity that took the copy. */
  readonly reachedVaults: readonly string[]
  readonly roleAssignments: readonly JsonObject[]
  readonly certificates: readonly CopiedCertificate[]
  readonly secrets: readonly CopiedSecret[]
  readonly organizations: readonly CopiedOrganization[]
  readonly profiles: readonly InEnvironment[]
  /** Rows that no profile points to. */
  readonly rows: readonly CopiedRow[]
  readonly mailboxes: readonly InEnvironment[]
  /** The keyId of the secret that each row in Dynamics holds, by the id of the managed identity. */
  readonly held: Readonly<Record<string, string>>
  readonly exchange: readonly CopiedExchange[]
  /** The certificate that the user supplies in a file, base64 of its DER, leaf first; empty if there is none. */
  readonly brought: readonly string[]
}

export interface AssignedPolicyCopy extends InTenant {
  /** Object id of the application. */
  readonly applicationId: string
}

export interface CopiedRow extends InEnvironment {
  readonly table: 'keyvaultreference' | 'managedidentity'
}

/** How Exchange Web Services answer a request without a token. */
export interface CopiedExchange {
  readonly ewsUrl: string
  readonly status: number
  /** The schemes of `WWW-Authenticate`, with the names of their parameters in lower case. */
  readonly challenges: readonly { readonly scheme: string; readonly parameters: Readonly<Record<string, string>> }[]
  /** Header `X-FEServer`. */
  readonly server?: string
  /** Header `X-OWA-Version`. */
  readonly build?: string
}

export interface CopiedCertificate {
  readonly vault: string
  readonly name: string
  /** The current version with its policy; marked if it is deleted. */
  readonly bundle: JsonObject
  /** The versions as listed, if they were listed. */
  readonly former?: readonly JsonObject[]
  /** The operation under way, or the last one, if there is one. */
  readonly pending?: JsonObject
}

export interface CopiedSecret {
  readonly vault: string
  readonly name: string
  /**
   * Its versions, oldest first; `keyId` among the tags says which secret of an application it is. For a deleted one, what the service
   * shows.
   */
  readonly versions: readonly JsonObject[]
}

export interface CopiedOrganization {
  readonly environmentUrl: string
  readonly organizationId: string
  readonly businessUnitId: string
}

export interface InEnvironment {
  readonly environmentUrl: string
  readonly body: JsonObject
}

/** The value that stands in for a secret, whose real value only its owner knows. */
export const standIn = (keyId: string): string => `rehearsal-${keyId.toLowerCase()}`
