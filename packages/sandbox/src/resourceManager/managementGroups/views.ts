import type { World } from '../../azure.ts'
import { same } from '../json.ts'
import type { ManagementGroup } from '../state.ts'
import { childrenOf, groupId, groupNamed, groupsAbove, subscriptionsIn } from './hierarchy.ts'

export const groupType = 'Microsoft.Management/managementGroups'

export const groupReference = ({ name }: ManagementGroup) => ({ id: groupId(name), type: groupType, name })

/** What a list shows of a group. */
export const itemView = (group: ManagementGroup) => ({
  ...groupReference(group),
  properties: { tenantId: group.tenantId, displayName: group.displayName },
})

/** What an operation shows of the group that it made. */
export const madeProperties = ({ tenantId, displayName, version, updatedAt, updatedBy }: ManagementGroup) => ({
  tenantId,
  displayName,
  details: { version, updatedTime: updatedAt, updatedBy },
})

export interface Shown {
  readonly expand: string | undefined
  readonly recurse: boolean
  /** Which children, by their type. */
  readonly wanted: (childType: 'Subscription' | 'ManagementGroup') => boolean
}

/** https://learn.microsoft.com/rest/api/managementgroups/management-groups/get */
export function groupView(world: World, group: ManagementGroup, shown: Shown) {
  const made = madeProperties(group)
  const parent = group.parent === undefined ? undefined : groupNamed(world, group.tenantId, group.parent)
  const above = groupsAbove(world, groupId(group.name)).flatMap((name) => groupNamed(world, group.tenantId, name) ?? [])
  const short = ({ name, displayName }: ManagementGroup) => ({ name, displayName })
  const details = {
    ...made.details,
    ...(parent && { parent: { id: groupId(parent.name), ...short(parent) } }),
    ...(shown.expand === 'path' && { path: above.map(short).reverse() }),
    ...(shown.expand === 'ancestors' && {
      managementGroupAncestors: above.slice(1).map(({ name }) => name),
      managementGroupAncestorsChain: above.slice(1).map(short),
    }),
  }
  const children = shown.expand === 'children' ? { children: childViews(world, group, shown) } : {}
  return { ...groupReference(group), properties: { ...made, details, ...children } }
}

interface Child {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly displayName: string
  readonly children?: readonly Child[] | null
}

/** Subscriptions and groups below a group; null where there are none. */
function childViews(world: World, group: ManagementGroup, shown: Shown): readonly Child[] | null {
  const subscriptions = shown.wanted('Subscription') ? subscriptionsIn(world, group) : []
  const groups = shown.wanted('ManagementGroup') ? childrenOf(world, group) : []
  const found = [
    ...groups.map((one) => ({
      ...groupReference(one),
      displayName: one.displayName,
      ...(shown.recurse && { children: childViews(world, one, shown) }),
    })),
    ...subscriptions.map((id) => ({ id: `/subscriptions/${id}`, type: '/subscriptions', name: id, displayName: 'Sandbox' })),
  ]
  return found.length > 0 ? found : null
}

/** https://learn.microsoft.com/rest/api/managementgroups/management-group-subscriptions/get-subscription */
export const subscriptionView = (group: ManagementGroup, id: string) => ({
  name: id,
  id: `${groupId(group.name)}/subscriptions/${id}`,
  type: `${groupType}/subscriptions`,
  properties: { displayName: 'Sandbox', parent: { id: groupId(group.name) }, state: 'Active', tenant: group.tenantId },
})

/** https://learn.microsoft.com/rest/api/managementgroups/entities/list */
export function entityViews(world: World, groups: readonly ManagementGroup[]) {
  return groups.flatMap((group) => {
    const above = groupsAbove(world, groupId(group.name)).slice(1).reverse()
    const below = groups.filter(
      (one) => one !== group && groupsAbove(world, groupId(one.name)).some((name) => same(name, group.name)),
    )
    const inside = [group, ...below].flatMap((one) => subscriptionsIn(world, one))
    const common = { tenant: group.tenantId, permissions: 'edit', inheritedPermissions: 'edit' }
    const ofGroup = {
      ...common,
      displayName: group.displayName,
      parent: group.parent === undefined ? null : { id: groupId(group.parent) },
      parentNameChain: above,
      numberOfDescendants: below.length + inside.length,
      numberOfChildren: childrenOf(world, group).length + subscriptionsIn(world, group).length,
      numberOfChildGroups: childrenOf(world, group).length,
    }
    const ofSubscription = {
      ...common,
      displayName: 'Sandbox',
      parent: { id: groupId(group.name) },
      parentNameChain: [...above, group.name],
      ...{ numberOfDescendants: 0, numberOfChildren: 0, numberOfChildGroups: 0 },
    }
    const subscriptions = subscriptionsIn(world, group).map((id) => ({
      ...{ id: `/subscriptions/${id}`, type: '/subscriptions', name: id, properties: ofSubscription },
    }))
    return [{ ...groupReference(group), properties: ofGroup }, ...subscriptions]
  })
}
