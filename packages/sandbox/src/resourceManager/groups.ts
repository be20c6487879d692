import { randomUUID } from 'node:crypto'
import { same, textAt, textMapAt } from './json.ts'
import { page } from './paging.ts'
import { refuse } from './refusal.ts'
import { bodyOf, originOf, queryOf, type RequestContext, requireAction } from './requestContext.ts'
import { resourceFilter, shownResource } from './resourceFilter.ts'
import { dropAccess, grant } from './roles/permissions.ts'
import type { ResourceGroup } from './state.ts'
import { groupNamed, isActive, isIn, requireGroup } from './vaults/vaults.ts'
import { erase, placeOf } from './vaults/writes.ts'

/** How long the deletion of a group takes. */
const deletionMilliseconds = 1000

const read = 'Microsoft.Resources/subscriptions/resourceGroups/read'
const idOf = (subscriptionId: string, name: string): string => `/subscriptions/${subscriptionId}/resourceGroups/${name}`

const view = (group: ResourceGroup) => ({
  id: idOf(group.subscriptionId, group.name),
  name: group.name,
  type: 'Microsoft.Resources/resourceGroups',
  location: group.location,
  tags: group.tags,
  properties: { provisioningState: 'Succeeded' },
})

/** The groups of a subscription that the caller may see; `$filter` names a tag. */
export function listGroups(asked: RequestContext): Response {
  const { subscriptionId } = placeOf(asked)
  const { azure, caller } = asked.var
  const filter = queryOf(asked).get('$filter')
  const [, name, value] = /^tagName\s+eq\s+'([^']*)'(?:\s+and\s+tagValue\s+eq\s+'([^']*)')?$/i.exec(filter ?? '') ?? []
  if (filter !== null && name === undefined)
    throw refuse(400, 'InvalidFilterInQueryString', `Invalid $filter '${filter}' specified in the query string.`)
  const tagged = ({ tags }: ResourceGroup): boolean =>
    name === undefined || Object.entries(tags).some(([tag, text]) => same(tag, name) && (value === undefined || text === value))
  const seen = azure.world.resources.resourceGroups.filter(
    (group) =>
      same(group.subscriptionId, subscriptionId) &&
      tagged(group) &&
      grant(azure.world, caller.objectId, 'actions', read, idOf(group.subscriptionId, group.name)) !== undefined,
  )
  return asked.json(page(asked, seen.map(view)))
}

/** `GET`, and `HEAD`, which answers whether it exists: https://learn.microsoft.com/rest/api/resources/resource-groups/check-existence */
export function getGroup(asked: RequestContext): Response {
  const place = placeOf(asked)
  requireAction(asked, read, idOf(place.subscriptionId, place.resourceGroup))
  const { world } = asked.var.azure
  if (asked.req.method === 'HEAD')
    return asked.body(null, groupNamed(world, place.subscriptionId, place.resourceGroup) ? 204 : 404)
  return asked.json(view(requireGroup(world, place)))
}

export async function putGroup(asked: RequestContext): Promise<Response> {
  const { subscriptionId, resourceGroup: name } = placeOf(asked)
  const body = await bodyOf(asked)
  requireAction(asked, 'Microsoft.Resources/subscriptions/resourceGroups/write', idOf(subscriptionId, name))
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

export async function patchGroup(asked: RequestContext): Promise<Response> {
  const place = placeOf(asked)
  const body = await bodyOf(asked)
  requireAction(asked, 'Microsoft.Resources/subscriptions/resourceGroups/write', idOf(place.subscriptionId, place.resourceGroup))
  const group = requireGroup(asked.var.azure.world, place)
  group.tags = textMapAt(body, 'tags') ?? group.tags
  return asked.json(view(group))
}

/** Deletes a group with everything in it. The group is gone at once; a polling client finds out a moment later. */
export function deleteGroup(asked: RequestContext): Response {
  const place = placeOf(asked)
  const { azure, version } = asked.var
  requireAction(asked, 'Microsoft.Resources/subscriptions/resourceGroups/delete', idOf(place.subscriptionId, place.resourceGroup))
  const group = requireGroup(azure.world, place)
  for (const vault of azure.world.resources.vaults.filter((one) => isActive(one) && isIn(one, place))) erase(azure, vault)
  const { resources } = azure.world
  resources.resourceGroups = resources.resourceGroups.filter((one) => one !== group)
  dropAccess(azure.world, idOf(place.subscriptionId, place.resourceGroup))
  const now = azure.now()
  const doneAt = new Date(now.getTime() + deletionMilliseconds).toISOString()
  const operation = { id: randomUUID(), subscriptionId: place.subscriptionId, createdAt: now.toISOString(), doneAt }
  resources.purges.push(operation)
  const location = `${originOf(asked)}/subscriptions/${place.subscriptionId}/operationresults/${operation.id}?api-version=${version}`
  return asked.body(null, 202, { Location: location, 'Retry-After': '15' })
}

/** Where a deletion says to look: https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations */
export function deletionResult(asked: RequestContext): Response {
  const { azure } = asked.var
  const operation = azure.world.resources.purges.find(({ id }) => same(id, asked.req.param('name') ?? ''))
  if (!operation) throw refuse(404, 'NotFound', 'There is no operation of this id.')
  if (azure.now().getTime() >= Date.parse(operation.doneAt)) return asked.body(null, 200)
  return asked.body(null, 202, { Location: asked.req.url, 'Retry-After': '15' })
}

/** The contents of a group. */
export function listGroupResources(asked: RequestContext): Response {
  const place = placeOf(asked)
  requireAction(asked, read, idOf(place.subscriptionId, place.resourceGroup))
  requireGroup(asked.var.azure.world, place)
  const vaults = asked.var.azure.world.resources.vaults.filter((one) => isActive(one) && isIn(one, place))
  return asked.json(page(asked, vaults.filter(resourceFilter(asked)).map(shownResource(asked))))
}
