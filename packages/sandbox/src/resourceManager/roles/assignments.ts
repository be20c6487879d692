import type { World } from '../../azure.ts'
import { same } from '../json.ts'
import type { Scope } from '../path.ts'
import { refuse } from '../refusal.ts'
import { bodyOf, queryOf, type RequestContext, requireAction } from '../requestContext.ts'
import type { RoleAssignment } from '../state.ts'
import { checkGiving, checkPrincipal, checkScope, type Given, readAssignment } from './assignmentChecks.ts'
import { assignmentView } from './assignmentView.ts'
import { reaches } from './permissions.ts'

export const named = (world: World, name: string): RoleAssignment | undefined =>
  world.resources.roleAssignments.find((one) => same(one.name, name))

const at = (world: World, scope: Scope, name: string): RoleAssignment | undefined => {
  const assignment = named(world, name)
  return assignment && same(assignment.scope, scope.path) ? assignment : undefined
}

export async function putAssignment(asked: RequestContext, scope: Scope, name: string): Promise<Response> {
  const { azure } = asked.var
  const given = readAssignment(azure.world, name, await bodyOf(asked))
  requireAction(asked, 'Microsoft.Authorization/roleAssignments/write', scope.path)
  checkGiving(asked, given.roleId, scope, 'write')
  checkScope(azure.world, scope)
  const present = named(azure.world, name)
  if (present) return again(asked, scope, present, given)
  const principalType = checkPrincipal(asked, given)
  const twin = sameAssignment(azure.world, scope, given)
  if (twin) {
    throw refuse(
      409,
      'RoleAssignmentExists',
      `The role assignment already exists. The ID of the conflicting role assignment is ${twin.name.replaceAll('-', '')}.`,
    )
  }
  const made = { ...newAssignment(asked, scope, name, given), principalType }
  azure.world.resources.roleAssignments.push(made)
  return asked.json(assignmentView(made, 'creation'), 201)
}

function newAssignment(asked: RequestContext, scope: Scope, name: string, given: Given): RoleAssignment {
  const now = asked.var.azure.now().toISOString()
  const by = asked.var.caller.objectId
  return {
    ...given,
    principalType: given.principalType ?? 'ServicePrincipal',
    name: name.toLowerCase(),
    scope: scope.path,
    subscriptionId: scope.subscriptionId ?? '',
    createdAt: now,
    createdBy: by,
    updatedAt: now,
    updatedBy: by,
  }
}

/** The same role for the same principal at the same scope, under another name. */
const sameAssignment = (world: World, scope: Scope, given: Given): RoleAssignment | undefined =>
  world.resources.roleAssignments.find(
    (one) => same(one.scope, scope.path) && same(one.principalId, given.principalId) && one.roleId === given.roleId,
  )

function again(asked: RequestContext, scope: Scope, present: RoleAssignment, given: Given): Response {
  const unchanged =
    same(present.scope, scope.path) && same(present.principalId, given.principalId) && present.roleId === given.roleId
  if (!unchanged) {
    throw refuse(
      400,
      'RoleAssignmentUpdateNotPermitted',
      'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
    )
  }
  // A PUT replaces what may change: azurerm_role_assignment, test "conditionUpdate".
  const { description, condition, conditionVersion } = given
  Object.assign(present, { description, condition, conditionVersion, updatedAt: asked.var.azure.now().toISOString() })
  return asked.json(assignmentView(present), asked.var.azure.settings.repeatedRoleAssignment)
}

export function getAssignment(asked: RequestContext, scope: Scope, name: string): Response {
  requireAction(asked, 'Microsoft.Authorization/roleAssignments/read', scope.path)
  const assignment = at(asked.var.azure.world, scope, name)
  if (assignment) return asked.json(assignmentView(assignment))
  throw refuse(404, 'RoleAssignmentNotFound', `The role assignment '${name.replaceAll('-', '')}' is not found.`)
}

export function deleteAssignment(asked: RequestContext, scope: Scope, name: string): Response {
  const { resources } = asked.var.azure.world
  requireAction(asked, 'Microsoft.Authorization/roleAssignments/delete', scope.path)
  const assignment = at(asked.var.azure.world, scope, name)
  if (!assignment) return asked.body(null, 204)
  checkGiving(asked, assignment.roleId, scope, 'delete')
  resources.roleAssignments = resources.roleAssignments.filter((one) => one !== assignment)
  return asked.json(assignmentView(assignment))
}

/** Assignments at and above the scope and, without `atScope()`, below it. */
export function listAssignments(asked: RequestContext, scope: Scope): Response {
  const { world } = asked.var.azure
  requireAction(asked, 'Microsoft.Authorization/roleAssignments/read', scope.path)
  const filter = queryOf(asked).get('$filter')?.trim() ?? ''
  const principal = /^(?:principalId\s+eq\s+'([^']*)'|assignedTo\('([^']*)'\))$/i.exec(
    filter.replace(/\s*(and\s+)?atScope\(\)(\s+and)?\s*/i, ''),
  )
  const atScope = /atScope\(\)/i.test(filter)
  if (filter !== '' && !atScope && !principal) {
    throw refuse(
      400,
      'UnsupportedQuery',
      `The filter '${filter}' is not supported. Use atScope(), principalId eq or assignedTo().`,
    )
  }
  const principalId = principal?.[1] ?? principal?.[2]
  const value = world.resources.roleAssignments.filter((one) => {
    if (principalId !== undefined && !same(one.principalId, principalId)) return false
    return reaches(world, one.scope, scope.path) || (!atScope && reaches(world, scope.path, one.scope))
  })
  return asked.json({ value: value.map((one) => assignmentView(one)) })
}
