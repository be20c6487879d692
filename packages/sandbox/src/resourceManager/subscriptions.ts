import type { Tenant } from '../directory/state.ts'
import { same } from './json.ts'
import { page } from './paging.ts'
import { type RequestContext, requireAction } from './requestContext.ts'
import { covers, principalsOf, reaches } from './roles/permissions.ts'

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

export function getSubscription(asked: RequestContext): Response {
  const subscriptionId = asked.req.param('subscription') ?? ''
  requireAction(asked, 'Microsoft.Resources/subscriptions/read', `/subscriptions/${subscriptionId}`)
  const tenantId = asked.var.azure.world.resources.subscriptions[subscriptionId.toLowerCase()]?.tenantId
  return asked.json(subscriptionView(subscriptionId, tenantId))
}

/** The subscriptions of the caller's tenant in which it holds any role: https://learn.microsoft.com/rest/api/resources/subscriptions/list */
export function listSubscriptions(asked: RequestContext): Response {
  const { azure, caller } = asked.var
  const { roleAssignments, subscriptions } = azure.world.resources
  const ids = principalsOf(azure.world, caller.objectId)
  // Somewhere inside it, or above it.
  const near = (scope: string, subscription: string) => covers(subscription, scope) || reaches(azure.world, scope, subscription)
  const holdsRole = (id: string): boolean =>
    roleAssignments.some((one) => ids.includes(one.principalId) && near(one.scope, `/subscriptions/${id}`))
  const seen = Object.entries(subscriptions).filter(([id, { tenantId }]) => same(tenantId, caller.tenantId) && holdsRole(id))
  const views = seen.map(([id, { tenantId }]) => subscriptionView(id, tenantId))
  return asked.json({ ...page(asked, views), count: { type: 'Total', value: views.length } })
}

const tenantView = ({ id, displayName, domain }: Tenant) => ({
  id: `/tenants/${id}`,
  tenantId: id,
  countryCode: 'NL',
  displayName,
  domains: [domain],
  tenantCategory: 'Home',
  defaultDomain: domain,
  tenantType: 'AAD',
})

/** The tenant of the caller: https://learn.microsoft.com/rest/api/resources/tenants/list */
export function listTenants(asked: RequestContext): Response {
  const { azure, caller } = asked.var
  const tenant = azure.world.directory.tenants[caller.tenantId]
  return asked.json({ value: tenant ? [tenantView(tenant)] : [] })
}

/** Regions: name, display name, geography, and coordinates. */
const locations = [
  ['eastus', 'East US', 'US', '-79.8164', '37.3719'],
  ['eastus2', 'East US 2', 'US', '-78.3889', '36.6681'],
  ['westus', 'West US', 'US', '-122.417', '37.783'],
  ['westus2', 'West US 2', 'US', '-119.852', '47.233'],
  ['westus3', 'West US 3', 'US', '-112.074036', '33.448376'],
  ['centralus', 'Central US', 'US', '-93.6208', '41.5908'],
  ['northeurope', 'North Europe', 'Europe', '-6.2597', '53.3478'],
  ['westeurope', 'West Europe', 'Europe', '4.9', '52.3667'],
  ['francecentral', 'France Central', 'Europe', '2.373', '46.3772'],
  ['germanywestcentral', 'Germany West Central', 'Europe', '8.682127', '50.110924'],
  ['switzerlandnorth', 'Switzerland North', 'Europe', '8.564572', '47.451542'],
  ['swedencentral', 'Sweden Central', 'Europe', '17.14127', '60.67488'],
  ['uksouth', 'UK South', 'Europe', '-0.799', '50.941'],
  ['ukwest', 'UK West', 'Europe', '-3.084', '53.427'],
  ['southeastasia', 'Southeast Asia', 'Asia Pacific', '103.833', '1.283'],
  ['eastasia', 'East Asia', 'Asia Pacific', '114.188', '22.267'],
  ['japaneast', 'Japan East', 'Asia Pacific', '139.77', '35.68'],
  ['australiaeast', 'Australia East', 'Asia Pacific', '151.2094', '-33.86'],
  ['canadacentral', 'Canada Central', 'Canada', '-79.383', '43.653'],
  ['brazilsouth', 'Brazil South', 'South America', '-46.633', '-23.55'],
] as const

export function listLocations(asked: RequestContext): Response {
  const subscriptionId = asked.req.param('subscription') ?? ''
  requireAction(asked, 'Microsoft.Resources/subscriptions/locations/read', `/subscriptions/${subscriptionId}`)
  const value = locations.map(([name, displayName, geographyGroup, longitude, latitude]) => ({
    id: `/subscriptions/${subscriptionId}/locations/${name}`,
    name,
    type: 'Region',
    displayName,
    regionalDisplayName: `(${geographyGroup}) ${displayName}`,
    metadata: { regionType: 'Physical', regionCategory: 'Recommended', geographyGroup, longitude, latitude },
  }))
  return asked.json({ value })
}
