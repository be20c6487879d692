import type { Organization } from '../dataverse/port.ts'
import type { Service } from '../errors/problem.ts'

/** Whom the credential of a tenant signs in as, by what its token says of itself. */
export interface Identity {
  readonly type: 'application' | 'person'
  readonly objectId: string | undefined
  /** The application (client) id, or the user principal name. */
  readonly name: string
  /** ISO instant at which the token ends. */
  readonly until: string | undefined
  /** Application permissions of Microsoft Graph. */
  readonly permissions: readonly string[]
  /** Template ids of directory roles, where the token tells them. */
  readonly directoryRoles: readonly string[] | undefined
}

/** What the roles of an identity allow at a scope. Patterns may hold asterisks. */
export interface Permission {
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
  readonly dataActions: readonly string[]
  readonly notDataActions: readonly string[]
}

/** For `hma doctor`: who is signed in, and what that identity may do. Reads only. */
export interface Inspection {
  /** Sign in to the tenant for Microsoft Graph. */
  identity(tenantId: string): Promise<Identity>
  /** What the signed-in identity may do at an ARM scope, by every role that it has there and above, through groups as well. */
  permissions(tenantId: string, scope: string): Promise<readonly Permission[]>
  /** Which of these privileges the application user of the environment holds; undefined where the environment does not tell. */
  privileges(organization: Organization, names: readonly string[]): Promise<ReadonlyMap<string, boolean | undefined>>
  /** Ask without a token. Whatever is answered, the host is there. */
  reach(service: Service, url: string): Promise<void>
}
