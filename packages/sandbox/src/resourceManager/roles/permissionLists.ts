import type { RequestContext } from '../requestContext.ts'
import { rolesHeld } from './permissions.ts'

/** What the caller may do at a scope, by the roles that reach it: https://learn.microsoft.com/rest/api/authorization/permissions */
export function listPermissions(asked: RequestContext, scope: string): Response {
  const { azure, caller } = asked.var
  const value = rolesHeld(azure.world, caller.objectId, scope).map(
    ({ actions, notActions, dataActions, notDataActions = [] }) => ({
      actions,
      notActions,
      dataActions,
      notDataActions,
    }),
  )
  return asked.json({ value })
}
