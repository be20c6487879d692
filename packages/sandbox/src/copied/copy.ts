import type { JsonObject } from '../resourceManager/json.ts'

/** An object of a tenant's directory, as Graph showed it. */
export interface InTenant {
  readonly tenantId: string
  readonly body: JsonObject
}

/** What was seen of a real deployment, in the services' own format and without any secret. A world can be started from it. */
export interface Copy {
  /** ISO instant at which it was seen. The world's clock stands there until somebody advances it. */
  readonly at: string
  readonly applications: readonly InTenant[]
  readonly deletedApplications: readonly InTenant[]
  readonly servicePrincipals: readonly InTenant[]
  readonly consents: readonly InTenant[]
  /** The app management policy of each tenant. */
  readonly policies: readonly InTenant[]
  readonly resourceGroups: readonly JsonObject[]
  readonly vaults: readonly JsonObject[]
  readonly roleAssignments: readonly JsonObject[]
  readonly certificates: readonly CopiedCertificate[]
  readonly secrets: readonly CopiedSecret[]
  readonly organizations: readonly CopiedOrganization[]
  readonly profiles: readonly InEnvironment[]
  readonly mailboxes: readonly InEnvironment[]
  /** Which secret a row of Dynamics holds, by the id of the managed identity: its keyId. */
  readonly held: Readonly<Record<string, string>>
}

export interface CopiedCertificate {
  readonly vault: string
  readonly name: string
  /** The current version with its policy. */
  readonly bundle: JsonObject
  /** The operation under way, or the last one, if there is one. */
  readonly pending?: JsonObject
}

export interface CopiedSecret {
  readonly vault: string
  readonly name: string
  /** Its versions, oldest first; `keyId` among the tags says which secret of an application it is. */
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

/** The value that stands in for a secret: the real one is known to its owner alone. */
export const standIn = (keyId: string): string => `rehearsal-${keyId.toLowerCase()}`
