import type { World } from '../../azure.ts'
import { same } from '../json.ts'
import { groupId, groupIn, groupsAbove } from '../managementGroups/hierarchy.ts'
import type { DeniedPrincipal, DenyAssignment, RoleActions, RoleAssignment } from '../state.ts'
import type { Role } from './role.ts'
import { roles } from './roles.ts'

type Plane = 'actions' | 'dataActions'

/** Does a pattern of a role, with its asterisks, name this action? Case does not matter. */
export function matches(pattern: string, action: string): boolean {
  const expression = expressions.get(pattern) ?? expressionOf(pattern)
  expressions.set(pattern, expression)
  return expression.test(action)
}

/** By pattern: every request checks the same few roles. */
const expressions = new Map<string, RegExp>()

function expressionOf(pattern: string): RegExp {
  const literal = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${literal}$`, 'i')
}

export function allows(role: Role, plane: Plane, action: string): boolean {
  const without = (plane === 'actions' ? role.notActions : role.notDataActions) ?? []
  if (without.some((pattern) => matches(pattern, action))) return false
  return role[plane].some((pattern) => matches(pattern, action))
}

/** A scope covers itself and everything below it. */
export function covers(outer: string, inner: string): boolean {
  const [above, below] = [outer.toLowerCase().replace(/\/+$/, ''), inner.toLowerCase().replace(/\/+$/, '')]
  return below === above || below.startsWith(`${above}/`)
}

/** As `covers`, and through the management groups above a subscription or a group. */
export function reaches(world: World, outer: string, inner: string): boolean {
  if (covers(outer, inner)) return true
  return groupIn(outer) !== undefined && groupsAbove(world, inner).some((name) => same(groupId(name), outer))
}

/** The built-in and custom roles. */
export const allRoles = ({ resources }: World): readonly Role[] => [...roles, ...(resources.customRoles ?? [])]

export const roleOf = ({ resources }: World, { roleId }: RoleAssignment): Role | undefined =>
  roles.find(({ id }) => id === roleId) ?? resources.customRoles?.find(({ id }) => id === roleId)

/** A principal, and the groups through which it holds roles. */
export function principalsOf({ directory }: World, principalId: string): readonly string[] {
  const groups = Object.values(directory.tenants).flatMap(({ objects }) => (objects === undefined ? [] : Object.values(objects)))
  const ids = [principalId]
  // Groups can be members of groups: the list grows while it is walked.
  for (const id of ids)
    ids.push(...groups.filter((one) => one.members.includes(id) && !ids.includes(one.id)).map((one) => one.id))
  return ids
}

/** The roles of a principal that reach a scope. */
export function rolesHeld(world: World, principalId: string, scope: string): readonly Role[] {
  const ids = principalsOf(world, principalId)
  const reaching = world.resources.roleAssignments.filter(
    (one) => ids.includes(one.principalId) && reaches(world, one.scope, scope),
  )
  return reaching.map((one) => roleOf(world, one)).filter((role) => role !== undefined)
}

/** The assignment by which a principal may do something at a scope. */
export function grant(
  world: World,
  principalId: string,
  plane: Plane,
  action: string,
  scope: string,
  counts: (assignment: RoleAssignment) => boolean = () => true,
): RoleAssignment | undefined {
  const ids = principalsOf(world, principalId)
  return world.resources.roleAssignments.find((assignment) => {
    if (!ids.includes(assignment.principalId) || !reaches(world, assignment.scope, scope) || !counts(assignment)) return false
    const role = roleOf(world, assignment)
    return role !== undefined && allows(role, plane, action)
  })
}

const everyone = '00000000-0000-0000-0000-000000000000'

/** The deny assignment that keeps a principal from doing something at a scope, whatever its roles allow. */
export function denial(
  world: World,
  principalId: string,
  plane: Plane,
  action: string,
  scope: string,
  counts: (one: DenyAssignment) => boolean = () => true,
): DenyAssignment | undefined {
  const { denyAssignments = [] } = world.resources
  if (denyAssignments.length === 0) return undefined
  const ids = [...principalsOf(world, principalId), everyone]
  return denyAssignments.find((one) => {
    const applies = one.doNotApplyToChildScopes ? same(one.scope, scope) : reaches(world, one.scope, scope)
    const concerns = ({ id }: DeniedPrincipal): boolean => ids.includes(id)
    const meant = ({ actions, notActions, dataActions, notDataActions }: RoleActions): boolean => {
      const [yes, no] = plane === 'actions' ? [actions, notActions] : [dataActions, notDataActions]
      return yes.some((pattern) => matches(pattern, action)) && !no.some((pattern) => matches(pattern, action))
    }
    return (
      applies &&
      counts(one) &&
      one.permissions.some(meant) &&
      one.principals.some(concerns) &&
      !one.excludePrincipals.some(concerns)
    )
  })
}

/**
 * What was granted and denied at a scope and below it extends the resource, and goes with it:
 * https://learn.microsoft.com/azure/azure-resource-manager/management/extension-resource-types
 */
export function dropAccess({ resources }: World, scope: string): void {
  const stays = (one: { readonly scope: string }): boolean => !covers(scope, one.scope)
  resources.roleAssignments = resources.roleAssignments.filter(stays)
  if (resources.denyAssignments) resources.denyAssignments = resources.denyAssignments.filter(stays)
}
