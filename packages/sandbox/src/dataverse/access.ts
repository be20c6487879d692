import { type Azure, isCaller } from '../azure.ts'
import { allows, grantsOf } from './roles/securityRoles.ts'
import type { Scope } from './scope.ts'
import type { OrganizationState, Row } from './state.ts'
import type { Table } from './tables.ts'
import { Refusal } from './wire/refusal.ts'

/** Linking one row to another takes Append on its table and AppendTo on the other: https://learn.microsoft.com/power-platform/admin/security-roles-privileges */
export type Action = 'Create' | 'Read' | 'Write' | 'Delete' | 'Append' | 'AppendTo'

/** No usable token: 401, with a challenge that says where tokens come from. */
export class Unauthenticated extends Error {
  readonly challenge: string

  constructor(organization: OrganizationState, request: Request, problem: string) {
    super(problem)
    const { host, port, resource } = placesFor(organization, new URL(request.url))
    const authority = `${host}${port}/${organization.tenantId}/oauth2/authorize`
    this.challenge = `Bearer authorization_uri=${authority}, resource_id=${resource}/`
  }
}

/** A client that used the sandbox's own host names is redirected to those. */
function placesFor(organization: OrganizationState, url: URL): { host: string; port: string; resource: string } {
  if (!url.hostname.endsWith('.sandbox.localhost'))
    return { host: organization.authorityHost, port: '', resource: organization.environmentUrl }
  return { host: 'https://login.sandbox.localhost', port: url.port === '' ? '' : `:${url.port}`, resource: url.origin }
}

/** The application user behind the request's token: a row of `systemusers` with the application's id. */
export function userOf(azure: Azure, organization: OrganizationState, request: Request): Row {
  const caller = azure.authenticate(request, [organization.environmentUrl, new URL(request.url).origin])
  if (!isCaller(caller)) throw new Unauthenticated(organization, request, caller)
  if (caller.tenantId.toLowerCase() !== organization.tenantId) throw new Unauthenticated(organization, request, 'tenant')
  const appId = caller.appId.toLowerCase()
  const user = Object.values(organization.tables.systemuser).find((row) => row.cells.applicationid === appId)
  if (user === undefined) throw new Refusal(403, '0x80072560', 'The user is not a member of the organization.')
  if (user.cells.isdisabled === true) {
    const message = `The specified user(Id = ${user.id}) is disabled. Consider enabling this user. Additional Details: isDisabled:True`
    throw new Refusal(403, '0x80040225', message)
  }
  return user
}

/** Does a security role of the user hold the privilege, such as `prvCreateEmailServerProfile`? */
export function holds(organization: OrganizationState, user: Row, privilege: string): boolean {
  return grantsOf(organization, user.id).some((grant) => allows(grant, privilege))
}

/** Throws if no security role of the user holds the privilege. */
export function requireTableAccess(organization: OrganizationState, user: Row, action: Action, table: Table): void {
  const privilege = `prv${action}${table.privilege}`
  const on = ` on OTC=${table.typeCode} for entity '${table.name}' (LocalizedName='${table.displayName}'). context.Caller=${user.id}`
  if (!holds(organization, user, privilege)) throw missing(organization, user, privilege, on)
}

/** A privilege that belongs to no table. */
export function requirePrivilege({ organization, user }: Scope, privilege: string): void {
  if (!holds(organization, user, privilege)) throw missing(organization, user, privilege, '')
}

/** Like {@link requireTableAccess}, for approving an email address: the privilege belongs to no table. */
export function requireApproval(scope: Scope): void {
  requirePrivilege(scope, approvalPrivilege)
  if (!scope.azure.settings.applicationsApprove)
    throw new Refusal(403, '0x80040220', 'The email address can be approved by a Microsoft 365 administrator only.')
}

/** https://learn.microsoft.com/power-platform/admin/miscellaneous-privileges: Approve Email Addresses for Users or Queues */
export const approvalPrivilege = 'prvApproveRejectEmailAddress'

function missing(organization: OrganizationState, user: Row, privilege: string, on: string): Refusal {
  const roles = grantsOf(organization, user.id).length
  const who = `Principal user (Id=${user.id}, type=8, roleCount=${roles}, privilegeCount=${roles * 8}, accessMode=4)`
  return new Refusal(403, '0x80040220', `${who}, is missing ${privilege} privilege${on}`)
}
