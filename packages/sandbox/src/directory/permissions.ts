import type { RequestContext } from './gate.ts'
import { denied } from './refusal.ts'
import { permissionsByRole } from './roles/held.ts'
import { everythingAllowed } from './roles/templates.ts'
import type { DirectoryObject } from './state.ts'

/** Application permissions that allow an operation: https://learn.microsoft.com/graph/permissions-reference */
const allowing = {
  read: [
    'Application.Read.All',
    'Application.ReadWrite.All',
    'Application.ReadWrite.OwnedBy',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  create: ['Application.ReadWrite.All', 'Application.ReadWrite.OwnedBy'],
  readDeleted: ['Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  grant: ['AppRoleAssignment.ReadWrite.All'],
  /** What a grant needs in addition. */
  readGranted: ['Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  organization: ['Organization.Read.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  policy: ['Policy.Read.All'],
  readUsers: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  writeUsers: ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
  readGroups: ['Group.Read.All', 'Group.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  writeGroups: ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  readGrants: ['DelegatedPermissionGrant.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  writeGrants: ['DelegatedPermissionGrant.ReadWrite.All', 'Directory.ReadWrite.All'],
  readApplicationPolicies: ['Policy.Read.All', 'Policy.ReadWrite.ApplicationConfiguration'],
  writeApplicationPolicies: ['Policy.ReadWrite.ApplicationConfiguration'],
  readRoles: [
    'RoleManagement.Read.Directory',
    'RoleManagement.ReadWrite.Directory',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  writeRoles: ['RoleManagement.ReadWrite.Directory'],
  domains: ['Domain.Read.All', 'Domain.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  /** Open to any signed-in identity. */
  anything: undefined,
} as const

export type Operation = keyof typeof allowing

/** By a permission that the application was granted, or by a role of the directory. */
function holds(asked: RequestContext, roles: readonly string[]): boolean {
  const { caller, callerId, tenant } = asked.var
  const enough = (role: string): boolean => roles.includes(role) || role === everythingAllowed
  return caller.roles.some((role) => roles.includes(role)) || permissionsByRole(tenant, callerId).some(enough)
}

/** Ends the request unless one of the caller's permissions allows the operation. */
export function requireOperation(asked: RequestContext, operation: Operation): void {
  const enough = allowing[operation]
  if (enough !== undefined && !holds(asked, enough)) throw denied()
}

/** May the caller write this object: any, or only its own? */
export function requireWrite(asked: RequestContext, object: DirectoryObject): void {
  if (holds(asked, ['Application.ReadWrite.All']) || (managesOwned(asked) && object.owners.includes(asked.var.callerId))) return
  throw denied()
}

/** Adding an owner takes the right to write every application and to read the directory. */
export function requireOwnerWrite(asked: RequestContext): void {
  const reads = holds(asked, ['Directory.Read.All', 'Directory.ReadWrite.All'])
  if (!holds(asked, ['Application.ReadWrite.All']) || !reads) throw denied()
}

/** Does the caller manage only what it owns? */
export const managesOwned = (asked: RequestContext): boolean =>
  holds(asked, ['Application.ReadWrite.OwnedBy']) && !holds(asked, ['Application.ReadWrite.All'])
