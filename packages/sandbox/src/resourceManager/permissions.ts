import type { World } from '../azure.ts'
import { type Role, roles } from './roles.ts'
import type { RoleAssignment } from './state.ts'

type Plane = 'actions' | 'dataActions'

/** Does a pattern of a role, with its asterisks, name this action? Case does not matter. */
export function matches(pattern: string, action: string): boolean {
  const literal = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${literal}$`, 'i').test(action)
}

export function allows(role: Role, plane: Plane, action: string): boolean {
  if (plane === 'actions' && role.notActions.some((pattern) => matches(pattern, action))) return false
  return role[plane].some((pattern) => matches(pattern, action))
}

/** A scope covers itself and everything below it. */
export function covers(outer: string, inner: string): boolean {
  const [above, below] = [outer.toLowerCase().replace(/\/+$/, ''), inner.toLowerCase().replace(/\/+$/, '')]
  return below === above || below.startsWith(`${above}/`)
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
  return world.resources.roleAssignments.find((assignment) => {
    if (assignment.principalId !== principalId || !covers(assignment.scope, scope) || !counts(assignment)) return false
    const role = roles.find(({ id }) => id === assignment.roleId)
    return role !== undefined && allows(role, plane, action)
  })
}
