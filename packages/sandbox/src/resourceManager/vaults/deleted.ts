import { randomUUID } from 'node:crypto'
import { same } from '../json.ts'
import { page } from '../paging.ts'
import { refuse } from '../refusal.ts'
import { originOf, type RequestContext, requireAction } from '../requestContext.ts'
import type { VaultResource } from '../state.ts'
import { isActive, purge, vaultNamed } from './vaults.ts'
import { deletedView } from './view.ts'

/** How long a purge takes. */
const purgeMilliseconds = 1000

const subscriptionOf = (asked: RequestContext): string => asked.req.param('subscription') ?? ''
const locationOf = (asked: RequestContext): string => (asked.req.param('location') ?? '').toLowerCase()

const scopeOf = (asked: RequestContext): string =>
  `/subscriptions/${subscriptionOf(asked)}/providers/Microsoft.KeyVault/locations/${locationOf(asked)}/deletedVaults/${asked.req.param('name')}`

export function listDeleted(asked: RequestContext): Response {
  const subscriptionId = subscriptionOf(asked)
  requireAction(asked, 'Microsoft.KeyVault/deletedVaults/read', `/subscriptions/${subscriptionId}`)
  const { vaults } = asked.var.azure.world.resources
  const deleted = vaults.filter((vault) => !isActive(vault) && same(vault.subscriptionId, subscriptionId))
  return asked.json(page(asked, deleted.map(deletedView)))
}

export function getDeleted(asked: RequestContext): Response {
  requireAction(asked, 'Microsoft.KeyVault/locations/deletedVaults/read', scopeOf(asked))
  return asked.json(deletedView(requireDeleted(asked)))
}

export function purgeDeleted(asked: RequestContext): Response {
  const { azure, version } = asked.var
  requireAction(asked, 'Microsoft.KeyVault/locations/deletedVaults/purge/action', scopeOf(asked))
  const vault = requireDeleted(asked)
  if (vault.properties.enablePurgeProtection) {
    throw refuse(405, 'MethodNotAllowed', "Operation 'DeletedVaultPurge' is not allowed.")
  }
  purge(azure.world, vault)
  const now = azure.now()
  const doneAt = new Date(now.getTime() + purgeMilliseconds).toISOString()
  const { subscriptionId, location } = vault
  const operation = { id: randomUUID(), subscriptionId, createdAt: now.toISOString(), doneAt }
  azure.world.resources.purges.push(operation)
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/locations/${location}/operationResults/${operation.id}`
  return asked.body(null, 202, { Location: `${originOf(asked)}${path}?api-version=${version}`, 'Retry-After': '5' })
}

export function operationResult(asked: RequestContext): Response {
  const { azure } = asked.var
  const subscriptionId = subscriptionOf(asked)
  requireAction(asked, 'Microsoft.KeyVault/locations/operationResults/read', `/subscriptions/${subscriptionId}`)
  const operation = azure.world.resources.purges.find(
    ({ id, subscriptionId: owner }) => same(id, asked.req.param('name') ?? '') && same(owner, subscriptionId),
  )
  if (!operation) throw refuse(404, 'NotFound', 'There is no operation of this id.')
  const { createdAt: createdDateTime, doneAt: lastActionDateTime } = operation
  if (azure.now().getTime() < Date.parse(lastActionDateTime)) {
    return asked.body(null, 202, { Location: asked.req.url, 'Retry-After': '5' })
  }
  return asked.json({ createdDateTime, lastActionDateTime, status: 'Succeeded' })
}

function requireDeleted(asked: RequestContext): VaultResource {
  const name = asked.req.param('name') ?? ''
  const vault = vaultNamed(asked.var.azure.world, name)
  if (vault && !isActive(vault) && same(vault.subscriptionId, subscriptionOf(asked)) && vault.location === locationOf(asked)) {
    return vault
  }
  throw refuse(404, 'DeletedVaultNotFound', `The specified deleted vault '${name}' does not exist.`)
}
