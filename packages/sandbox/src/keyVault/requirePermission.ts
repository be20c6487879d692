import { judge, scopeOf } from './access.ts'
import { dataActionOf, type Operation, permissionOf } from './certificates/operations.ts'
import { refuse } from './errors.ts'
import type { RequestContext } from './requestContext.ts'

/** Ends the request unless the caller may do this in the vault, or to the object of that name in it. */
export function requirePermission(
  asked: RequestContext,
  category: Operation['category'],
  permission: string,
  name?: string,
): void {
  const { azure, resource, caller } = asked.var
  const operation = { category, permission }
  const before = azure.now().getTime() - azure.settings.propagation
  const verdict = judge(azure.world, resource, caller, operation, name, (at) => Date.parse(at) <= before)
  if (verdict.allowed) {
    asked.set('assignment', verdict.assignment)
    return
  }
  if (judge(azure.world, resource, caller, operation, name).allowed) azure.met?.('right not propagated')
  const text =
    verdict.reason === 'ForbiddenByRbac' ? rbacText(asked, operation, name, verdict.denied) : policyText(asked, operation)
  throw refuse(403, 'Forbidden', text, verdict.reason)
}

const identityOf = (asked: RequestContext): string => {
  const { appId, objectId, tenantId } = asked.var.caller
  return `appid=${appId};oid=${objectId};iss=https://sts.windows.net/${tenantId}/`
}

const vaultOf = (asked: RequestContext): string => `${asked.var.resource.name};location=${asked.var.resource.location}`

const policyText = (asked: RequestContext, operation: Operation): string =>
  `The user, group or application '${identityOf(asked)}' does not have ${operation.category} ${permissionOf(operation)} permission on key vault '${vaultOf(asked)}'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`

/** How it names a deny assignment is UNCONFIRMED. */
function rbacText(asked: RequestContext, operation: Operation, name: string | undefined, denied: string | undefined): string {
  const scope = scopeOf(asked.var.resource, operation, name)
    .replace('/resourceGroups/', '/resourcegroups/')
    .replace('/Microsoft.KeyVault/', '/microsoft.keyvault/')
  return [
    'Caller is not authorized to perform action on resource.',
    'If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
    `Caller: ${identityOf(asked)}`,
    `Action: '${dataActionOf(operation)}'`,
    `Resource: '${scope}'`,
    'Assignment: (not found)',
    `DenyAssignmentId: ${denied === undefined ? 'null' : `'${denied.replaceAll('-', '')}'`}`,
    `DecisionReason: '${denied === undefined ? 'DeniedWithNoValidRBAC' : 'DeniedWithDenyAssignment'}' `,
    `Vault: ${vaultOf(asked)}`,
    '',
  ].join('\r\n')
}
