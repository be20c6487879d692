import { type Asked, demand } from './asked.ts'
import type { Scope } from './path.ts'
import { covers } from './permissions.ts'
import { roles } from './roles.ts'

/**
 * What the caller may do at a scope, one entry for each of its role assignments there and above
 * (https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource).
 */
export function listPermissions(asked: Asked, scope: Scope): Response {
  demand(asked, 'Microsoft.Authorization/permissions/read', scope.path)
  const { azure, caller } = asked.var
  const held = azure.world.resources.roleAssignments.filter(
    (one) => one.principalId === caller.objectId && covers(one.scope, scope.path),
  )
  const value = held.flatMap(({ roleId }) => {
    const role = roles.find(({ id }) => id === roleId)
    return role ? [{ actions: role.actions, notActions: role.notActions, dataActions: role.dataActions, notDataActions: [] }] : []
  })
  return asked.json({ value })
}
