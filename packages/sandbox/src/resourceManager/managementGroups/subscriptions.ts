import { same } from '../json.ts'
import { page } from '../paging.ts'
import { refuse } from '../refusal.ts'
import { type RequestContext, requireAction } from '../requestContext.ts'
import type { ManagementGroup } from '../state.ts'
import { found, notFound, readableGroups, requireGroup } from './groups.ts'
import { groupId, subscriptionsIn } from './hierarchy.ts'
import { entityViews, subscriptionView } from './views.ts'

const idOf = (asked: RequestContext): string => (asked.req.param('subscription') ?? '').toLowerCase()

function subscriptionOf(asked: RequestContext) {
  const { azure, caller } = asked.var
  const subscription = azure.world.resources.subscriptions[idOf(asked)]
  if (subscription && same(subscription.tenantId, caller.tenantId)) return subscription
  throw refuse(404, 'SubscriptionNotFound', `The subscription '${idOf(asked)}' could not be found.`)
}

/** Who may move a subscription: https://learn.microsoft.com/azure/governance/management-groups/overview#moving-management-groups-and-subscriptions */
function checkMove(asked: RequestContext, groups: readonly string[]): void {
  const scope = `/subscriptions/${idOf(asked)}`
  requireAction(asked, 'Microsoft.Management/managementGroups/subscriptions/write', scope)
  requireAction(asked, 'Microsoft.Authorization/roleAssignments/write', scope)
  // Moving from the root needs no right.
  for (const name of groups.filter((one) => !same(one, asked.var.caller.tenantId)))
    requireAction(asked, 'Microsoft.Management/managementGroups/write', groupId(name))
}

export function addSubscription(asked: RequestContext): Response {
  const subscription = subscriptionOf(asked)
  const name = asked.req.param('group') ?? ''
  checkMove(asked, [name, subscription.managementGroup ?? subscription.tenantId])
  const group = found(asked, name)
  if (!group) throw notFound(name)
  subscription.managementGroup = group.name
  return asked.json(subscriptionView(group, idOf(asked)))
}

/** Back to the root. */
export function removeSubscription(asked: RequestContext): Response {
  const subscription = subscriptionOf(asked)
  checkMove(asked, [asked.req.param('group') ?? ''])
  const group = found(asked, asked.req.param('group') ?? '')
  if (!group || !isIn(asked, group)) return asked.body(null, 204)
  delete subscription.managementGroup
  return asked.body(null, 200)
}

const isIn = (asked: RequestContext, group: ManagementGroup): boolean =>
  subscriptionsIn(asked.var.azure.world, group).includes(idOf(asked))

export function getSubscription(asked: RequestContext): Response {
  const group = requireGroup(asked, 'subscriptions/read')
  if (isIn(asked, group)) return asked.json(subscriptionView(group, idOf(asked)))
  throw refuse(404, 'NotFound', `The subscription '${idOf(asked)}' is not in the management group '${group.name}'.`)
}

export function listSubscriptions(asked: RequestContext): Response {
  const group = requireGroup(asked, 'subscriptions/read')
  return asked.json(
    page(
      asked,
      subscriptionsIn(asked.var.azure.world, group).map((id) => subscriptionView(group, id)),
    ),
  )
}

export function listEntities(asked: RequestContext): Response {
  const value = entityViews(asked.var.azure.world, readableGroups(asked))
  return asked.json({ value, count: value.length })
}

/** Every tenant of the sandbox has its root group from the first moment. */
export const backfillStatus = (asked: RequestContext): Response =>
  asked.json({ tenantId: asked.var.caller.tenantId, status: 'Completed' })
