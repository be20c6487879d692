import type { Caller, World } from '../azure.ts'
import { same } from '../resourceManager/json.ts'
import { denial, grant } from '../resourceManager/roles/permissions.ts'
import type { AccessModel, AccessPolicyEntry, VaultResource } from '../resourceManager/state.ts'
import { isActive, vaultId, vaultNamed } from '../resourceManager/vaults/vaults.ts'
import { dataActionOf, type Operation, permissionOf } from './certificates/operations.ts'

/** The reason why a caller is kept out, or the role assignment that lets it in. */
export type Verdict =
  | { readonly allowed: true; readonly assignment?: string }
  | {
      readonly allowed: false
      readonly reason: 'AccessDenied' | 'ForbiddenByPolicy' | 'ForbiddenByRbac'
      /** The name of the deny assignment that overrides a role, if any. */
      readonly denied?: string
    }

/** The id of an object in the vault, as role assignments may name it. */
export const scopeOf = (vault: VaultResource, operation: Operation, name: string | undefined): string =>
  name === undefined ? vaultId(vault) : `${vaultId(vault)}/${operation.category}/${name}`

/** May this principal do that now? An access model and a role assignment take effect after `propagation` milliseconds. */
export function judge(
  world: World,
  vault: VaultResource,
  caller: Pick<Caller, 'objectId' | 'appId'>,
  operation: Operation,
  name: string | undefined,
  counts: (at: string) => boolean = () => true,
): Verdict {
  const guard = vault.guards.findLast(({ at }) => counts(at))
  if (guard === undefined)
    return { allowed: false, reason: vault.properties.enableRbacAuthorization ? 'ForbiddenByRbac' : 'AccessDenied' }
  if (!guard.rbac) return byPolicy(guard, caller, operation)
  const old = ({ createdAt }: { readonly createdAt: string }) => counts(createdAt)
  const scope = scopeOf(vault, operation, name)
  const assignment = grant(world, caller.objectId, 'dataActions', dataActionOf(operation), scope, old)
  if (!assignment) return { allowed: false, reason: 'ForbiddenByRbac' }
  const denied = denial(world, caller.objectId, 'dataActions', dataActionOf(operation), scope, old)
  return denied
    ? { allowed: false, reason: 'ForbiddenByRbac', denied: denied.name }
    : { allowed: true, assignment: assignment.name }
}

function byPolicy(guard: AccessModel, caller: Pick<Caller, 'objectId' | 'appId'>, operation: Operation): Verdict {
  const entries = guard.accessPolicies.filter(
    ({ objectId, applicationId }) =>
      same(objectId, caller.objectId) && (applicationId === undefined || same(applicationId, caller.appId)),
  )
  if (entries.length === 0) return { allowed: false, reason: 'AccessDenied' }
  return entries.some((entry) => permits(entry, operation)) ? { allowed: true } : { allowed: false, reason: 'ForbiddenByPolicy' }
}

function permits({ permissions }: AccessPolicyEntry, operation: Operation): boolean {
  const permission = permissionOf(operation)
  const issuers = permission.endsWith('issuers') ? ['manageissuers'] : []
  const enough: readonly string[] = ['all', permission, ...issuers]
  return permissions[operation.category].some((one) => enough.includes(one.toLowerCase()))
}

/** May the principal read secrets and certificates of the vault, once everything under way has propagated? */
export function mayRead(world: World, vaultName: string, objectId: string): { secrets: boolean; certificates: boolean } {
  const vault = vaultNamed(world, vaultName)
  if (!vault || !isActive(vault)) return { secrets: false, certificates: false }
  const caller = { objectId, appId: '' }
  const may = (category: Operation['category']) => judge(world, vault, caller, { category, permission: 'get' }, undefined).allowed
  return { secrets: may('secrets'), certificates: may('certificates') }
}
