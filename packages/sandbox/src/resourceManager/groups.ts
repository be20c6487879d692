import { type Asked, bodyOf, demand } from './asked.ts'
import { same, textAt, textMapAt } from './json.ts'
import { page } from './paging.ts'
import { covers } from './permissions.ts'
import { refuse } from './refusal.ts'
import type { ResourceGroup } from './state.ts'
import { groupNamed, requireGroup } from './vaults.ts'
import { placeOf } from './vaultWrites.ts'

const idOf = (subscriptionId: string, name: string): string => `/subscriptions/${subscriptionId}/resourceGroups/${name}`

const view = (group: ResourceGroup) => ({
  id: idOf(group.subscriptionId, group.name),
  name: group.name,
  type: 'Microsoft.Resources/resourceGroups',
  location: group.location,
  tags: group.tags,
  properties: { provisioningState: 'Succeeded' },
})

const subscriptionView = (subscriptionId: string, tenantId: string | undefined) => ({
  id: `/subscriptions/${subscriptionId}`,
  authorizationSource: 'RoleBased',
  managedByTenants: [],
  subscriptionId,
  tenantId,
  displayName: 'Sandbox',
  state: 'Enabled',
  subscriptionPolicies: { locationPlacementId: 'Public_2014-09-01', quotaId: 'PayAsYouGo_2014-09-01', spendingLimit: 'Off' },
})

export function getSubscription(asked: Asked): Response {
  const { subscriptionId } = placeOf(asked)
  demand(asked, 'Microsoft.Resources/subscriptions/read', `/subscriptions/${subscriptionId}`)
  const tenantId = asked.var.azure.world.resources.subscriptions[subscriptionId.toLowerCase()]?.tenantId
  return asked.json(subscriptionView(subscriptionId, tenantId))
}

/** The subscriptions of the caller's tenant in which it holds any role: https://learn.microsoft.com/rest/api/resources/subscriptions/list */
export function listSubscriptions(asked: Asked): Response {
  const { azure, caller } = asked.var
  const { roleAssignments, subscriptions } = azure.world.resources
  const holdsRole = (id: string): boolean =>
    roleAssignments.some((one) => one.principalId === caller.objectId && covers(`/subscriptions/${id}`, one.scope))
  const seen = Object.entries(subscriptions).filter(([id, { tenantId }]) => same(tenantId, caller.tenantId) && holdsRole(id))
  const views = seen.map(([id, { tenantId }]) => subscriptionView(id, tenantId))
  return asked.json({ ...page(asked, views), count: { type: 'Total', value: views.length } })
}

export function getGroup(asked: Asked): Response {
  const place = placeOf(asked)
  demand(asked, 'Microsoft.Resources/subscriptions/resourceGroups/read', idOf(place.subscriptionId, place.resourceGroup))
  return asked.json(view(requireGroup(asked.var.azure.world, place)))
}

export async function putGroup(asked: Asked): Promise<Response> {
  const { subscriptionId, resourceGroup: name } = placeOf(asked)
  const body = await bodyOf(asked)
  demand(asked, 'Microsoft.Resources/subscriptions/resourceGroups/write', idOf(subscriptionId, name))
  const location = textAt(body, 'location')?.toLowerCase().replaceAll(' ', '')
  if (!location) throw refuse(400, 'LocationRequired', 'The location property is required for this definition.')
  const { world } = asked.var.azure
  const tags = textMapAt(body, 'tags') ?? {}
  const present = groupNamed(world, subscriptionId, name)
  if (!present) {
    const made = { subscriptionId, name, location, tags }
    world.resources.resourceGroups.push(made)
    return asked.json(view(made), 201)
  }
  if (present.location !== location) {
    throw refuse(
      409,
      'InvalidResourceGroupLocation',
      `Invalid resource group location '${location}'. The Resource group already exists in location '${present.location}'.`,
    )
  }
  present.tags = tags
  return asked.json(view(present), 200)
}
