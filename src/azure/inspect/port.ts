import type { Organization } from '../dataverse/port.ts'
import type { Service } from '../errors/problem.ts'

/** The identity that a tenant's credential signs in as, according to its token. */
export interface Identity {
  readonly type: 'application' | 'person'
  readonly objectId: string | undefined
  /** The application (client) id, or the user principal name. */
  readonly name: string
  /** ISO instant at which the token ends. */
  readonly until: string | undefined
  /** Application permissions of Microsoft Graph. */
  readonly permissions: readonly string[]
  /** Template ids of directory roles, if the token has them. */
  readonly directoryRoles: readonly string[] | undefined
}

/** What an identity's roles allow at a scope. Patterns may contain asterisks. */
export interface Permission {
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
  readonly dataActions: readonly string[]
  readonly notDataActions: readonly string[]
}

/** For `hma doctor`: who is signed in, and what that identity may do. Reads only. */
export interface Inspection {
  /** Signs in to the tenant for Microsoft Graph. */
  identity(tenantId: string): Promise<Identity>
  /** What the signed-in identity may do at an ARM scope, by every role it has there and above, including through groups. */
  permissions(tenantId: string, scope: string): Promise<readonly Permission[]>
  /** Which of these privileges the environment's application user holds; undefined if the environment does not say. */
  privileges(organization: Organization, names: readonly string[]): Promise<ReadonlyMap<string, boolean | undefined>>
  /** Asks without a token. Any answer proves that the host is there. */
  reach(service: Service, url: string): Promise<void>
}
