import { randomUUID } from 'node:crypto'
import { rolesHeldBy } from '../../directory/roles/held.ts'
import { globalAdministrator } from '../../directory/roles/templates.ts'
import { refuse } from '../refusal.ts'
import type { RequestContext } from '../requestContext.ts'
import { roleIds } from './role.ts'

/**
 * `POST …/elevateAccess`: makes a Global Administrator a User Access Administrator of everything in the tenant.
 * https://learn.microsoft.com/azure/role-based-access-control/elevate-access-global-admin
 */
export function elevateAccess(asked: RequestContext): Response {
  const { azure, caller } = asked.var
  const tenant = azure.world.directory.tenants[caller.tenantId]
  const roles = tenant ? rolesHeldBy(tenant, caller.objectId) : []
  if (!roles.some(({ more }) => more.roleTemplateId === globalAdministrator))
    throw refuse(
      403,
      'AuthorizationFailed',
      `The client '${caller.appId}' with object id '${caller.objectId}' does not have authorization to perform action 'Microsoft.Authorization/elevateAccess/action' over scope '/providers/Microsoft.Authorization' or the scope is invalid.`,
    )
  const { roleAssignments } = azure.world.resources
  const [roleId, principalId] = [roleIds.userAccessAdministrator, caller.objectId]
  if (!roleAssignments.some((one) => one.scope === '' && one.roleId === roleId && one.principalId === principalId)) {
    const at = azure.now().toISOString()
    roleAssignments.push({
      ...{ name: randomUUID(), scope: '', roleId, subscriptionId: '', principalId },
      ...{ principalType: 'ServicePrincipal', description: null },
      ...{ createdAt: at, createdBy: principalId, updatedAt: at, updatedBy: principalId },
    })
  }
  return asked.body(null, 200)
}
