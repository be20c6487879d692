import type { World } from '../../azure.ts'
import { same } from '../json.ts'
import type { ManagementGroup } from '../state.ts'

export const groupId = (name: string): string => `/providers/Microsoft.Management/managementGroups/${name}`

const groupScope = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)/i

/** The name of the management group in a scope or an id; undefined where it names none. */
export const groupIn = (scope: string): string | undefined => groupScope.exec(scope)?.[1]

const stored = ({ resources: { managementGroups = [] } }: World): readonly ManagementGroup[] => managementGroups

/** The group that every tenant has, above all others; its name is the tenant's id. */
const rootOf = (tenantId: string): ManagementGroup => ({
  tenantId,
  name: tenantId,
  displayName: 'Tenant Root Group',
  parent: undefined,
  version: 1,
  updatedAt: new Date(0).toISOString(),
  updatedBy: tenantId,
})

/** The groups of a tenant, its root first. */
export function groupsOf(world: World, tenantId: string): readonly ManagementGroup[] {
  const own = stored(world).filter((one) => same(one.tenantId, tenantId))
  const root = own.find(({ parent }) => parent === undefined) ?? rootOf(tenantId)
  return [root, ...own.filter((one) => one !== root)]
}

export const groupNamed = (world: World, tenantId: string, name: string): ManagementGroup | undefined =>
  groupsOf(world, tenantId).find((one) => same(one.name, name))

/** Is there a group of that name in any tenant? Role assignments know it by its name alone. */
export const isTaken = (world: World, name: string): boolean =>
  stored(world).some((one) => same(one.name, name)) || Object.keys(world.directory.tenants).some((id) => same(id, name))

/** The parent of a scope: the group that it is in, or the one above its subscription. */
function startOf({ resources: { subscriptions } }: World, scope: string): string | undefined {
  const subscription = subscriptions[/^\/subscriptions\/([^/]+)/i.exec(scope)?.[1]?.toLowerCase() ?? '']
  return groupIn(scope) ?? subscription?.managementGroup ?? subscription?.tenantId
}

/** The names of the management groups at and above a scope, the nearest first. */
export function groupsAbove(world: World, scope: string): readonly string[] {
  const names: string[] = []
  for (let name = startOf(world, scope); name !== undefined && !names.includes(name); ) {
    names.push(name)
    const at = name
    const group = stored(world).find((one) => same(one.name, at))
    name = group?.parent
  }
  return names
}

/** The ids, in lower case, of the subscriptions that are directly in a group. */
export const subscriptionsIn = ({ resources: { subscriptions } }: World, { name, tenantId }: ManagementGroup): string[] =>
  Object.entries(subscriptions)
    .filter(([, one]) => same(one.tenantId, tenantId) && same(one.managementGroup ?? one.tenantId, name))
    .map(([id]) => id)

export const childrenOf = (world: World, { name, tenantId }: ManagementGroup): readonly ManagementGroup[] =>
  groupsOf(world, tenantId).filter(({ parent }) => parent !== undefined && same(parent, name))

/** Keeps a group, new or changed. */
export function keep(world: World, group: ManagementGroup): void {
  const others = stored(world).filter((one) => !same(one.tenantId, group.tenantId) || !same(one.name, group.name))
  world.resources.managementGroups = [...others, group]
}

export function removeGroup(world: World, group: ManagementGroup): void {
  world.resources.managementGroups = stored(world).filter((one) => one !== group)
}
