import type { World } from '../../azure.ts'
import { someReplica } from '../../directory/replicas.ts'
import { isGuid, type JsonObject, objectAt, same, textAt } from '../json.ts'
import { groupIn, isTaken } from '../managementGroups/hierarchy.ts'
import type { Scope } from '../path.ts'
import { refuse } from '../refusal.ts'
import type { RequestContext } from '../requestContext.ts'
import type { RoleAssignment } from '../state.ts'
import { requireGroup, requireVault } from '../vaults/vaults.ts'
import { allows, allRoles, principalsOf, reaches, roleOf } from './permissions.ts'

/** What a request to assign a role says. */
export interface Given extends Pick<RoleAssignment, 'roleId' | 'principalId' | 'description' | 'condition' | 'conditionVersion'> {
  readonly principalType: string | undefined
}

export function readAssignment(world: World, name: string, body: JsonObject): Given {
  if (!isGuid(name)) {
    throw refuse(
      400,
      'InvalidRoleAssignmentId',
      `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
    )
  }
  const properties = objectAt(body, 'properties')
  const principalId = textAt(properties, 'principalId')
  if (!principalId || !isGuid(principalId)) {
    throw refuse(
      400,
      'InvalidPrincipalId',
      `The principal ID '${principalId ?? ''}' is not valid. The principal ID must be a GUID.`,
    )
  }
  return {
    roleId: readRole(world, textAt(properties, 'roleDefinitionId') ?? ''),
    principalId: principalId.toLowerCase(),
    principalType: textAt(properties, 'principalType'),
    description: textAt(properties, 'description') ?? null,
    condition: textAt(properties, 'condition') ?? null,
    conditionVersion: textAt(properties, 'conditionVersion') ?? null,
  }
}

function readRole(world: World, definition: string): string {
  const id = definition.split('/').at(-1)?.toLowerCase() ?? ''
  if (!isGuid(id)) {
    throw refuse(
      400,
      'InvalidRoleDefinitionId',
      `The role definition ID '${definition}' is not valid. The role definition ID must be a GUID.`,
    )
  }
  if (allRoles(world).some((role) => role.id === id)) return id
  throw refuse(
    404,
    'RoleDefinitionDoesNotExist',
    `The specified role definition with ID '${id.replaceAll('-', '')}' does not exist.`,
  )
}

/** The type of the principal, which has to be in the directory. */
export function checkPrincipal(asked: RequestContext, { principalId, principalType }: Given): string {
  const { azure, caller } = asked.var
  const tenant = azure.world.directory.tenants[caller.tenantId]
  // If the request names the type of the principal, the service does not wait for the directory to replicate it.
  const principal =
    principalType === undefined
      ? tenant && someReplica(azure, tenant).get('servicePrincipals', principalId)
      : tenant?.servicePrincipals[principalId]
  const shown = principalId.replaceAll('-', '')
  const object = tenant?.objects?.[principalId]
  const type = object?.deletedDateTime === null ? (object.kind === 'user' ? 'User' : 'Group') : 'ServicePrincipal'
  if (type === 'ServicePrincipal' && principal?.deletedDateTime !== null) {
    throw refuse(
      400,
      'PrincipalNotFound',
      `Principal ${shown} does not exist in the directory ${caller.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`,
    )
  }
  if (same(principalType ?? type, type)) return type
  throw refuse(
    400,
    'UnmatchedPrincipalType',
    `The PrincipalId '${shown}' has type '${type}' , which is different from specified PrinciaplType '${principalType}'.`,
  )
}

/** The resource that the scope names has to exist. */
export function checkScope(world: World, { path, subscriptionId, resourceGroup, vault }: Scope): void {
  const group = groupIn(path)
  if (group !== undefined && !isTaken(world, group))
    throw refuse(404, 'NotFound', `The management group '${group}' cannot be found.`)
  if (subscriptionId === undefined || resourceGroup === undefined) return
  if (vault === undefined) requireGroup(world, { subscriptionId, resourceGroup })
  else requireVault(world, { subscriptionId, resourceGroup, name: vault })
}

/** Some roles let their holder assign and remove only certain other roles. */
export function checkGiving(asked: RequestContext, roleId: string, scope: Scope, verb: 'write' | 'delete'): void {
  const { azure, caller } = asked.var
  const action = `Microsoft.Authorization/roleAssignments/${verb}`
  const ids = principalsOf(azure.world, caller.objectId)
  const may = azure.world.resources.roleAssignments.some((assignment) => {
    if (!ids.includes(assignment.principalId) || !reaches(azure.world, assignment.scope, scope.path)) return false
    const role = roleOf(azure.world, assignment)
    return role !== undefined && allows(role, 'actions', action) && (role.assignable?.includes(roleId) ?? true)
  })
  if (may) return
  throw refuse(
    403,
    'AuthorizationFailed',
    `The client '${caller.appId}' with object id '${caller.objectId}' does not have authorization or an ABAC condition not fulfilled to perform action '${action}' over scope '${scope.path}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  )
}
