import { objectAt, textAt, textMapAt } from './json.ts'
import { scopeOf } from './path.ts'
import { refuse } from './refusal.ts'
import { bodyOf, type RequestContext, requireAction } from './requestContext.ts'
import { requireGroup, requireVault } from './vaults/vaults.ts'

interface Tagged {
  tags?: Record<string, string>
}

/** The object whose tags a scope shows: a vault, a group, or a subscription. */
function taggedAt(asked: RequestContext, path: string): Tagged {
  const { subscriptionId = '', resourceGroup, vault } = scopeOf(path)
  const { world } = asked.var.azure
  if (resourceGroup !== undefined && vault !== undefined)
    return requireVault(world, { subscriptionId, resourceGroup, name: vault })
  if (resourceGroup !== undefined) return requireGroup(world, { subscriptionId, resourceGroup })
  const subscription = world.resources.subscriptions[subscriptionId.toLowerCase()]
  if (subscription) return subscription
  throw refuse(404, 'SubscriptionNotFound', `The subscription '${subscriptionId}' could not be found.`)
}

const view = (scope: string, { tags = {} }: Tagged) => ({
  id: `${scope}/providers/Microsoft.Resources/tags/default`,
  name: 'default',
  type: 'Microsoft.Resources/tags',
  properties: { tags },
})

export function getTags(asked: RequestContext, scope: string): Response {
  requireAction(asked, 'Microsoft.Resources/tags/read', scope)
  return asked.json(view(scope, taggedAt(asked, scope)))
}

/** `PUT` replaces them all; `PATCH` merges, replaces or deletes: https://learn.microsoft.com/rest/api/resources/tags */
export async function writeTags(asked: RequestContext, scope: string): Promise<Response> {
  const body = await bodyOf(asked)
  requireAction(asked, 'Microsoft.Resources/tags/write', scope)
  const tagged = taggedAt(asked, scope)
  const given = textMapAt(objectAt(body, 'properties'), 'tags') ?? {}
  const operation = asked.req.method === 'PUT' ? 'Replace' : (textAt(body, 'operation') ?? '')
  tagged.tags = changed(tagged.tags ?? {}, given, operation)
  return asked.json(view(scope, tagged))
}

function changed(present: Record<string, string>, given: Record<string, string>, operation: string): Record<string, string> {
  if (operation === 'Replace') return given
  if (operation === 'Merge') return { ...present, ...given }
  if (operation === 'Delete') return Object.fromEntries(Object.entries(present).filter(([name, value]) => given[name] !== value))
  throw refuse(400, 'InvalidTagsPatchOperation', `The operation '${operation}' is not supported. Use Merge, Replace or Delete.`)
}

export function deleteTags(asked: RequestContext, scope: string): Response {
  requireAction(asked, 'Microsoft.Resources/tags/delete', scope)
  taggedAt(asked, scope).tags = {}
  return asked.body(null, 200)
}
