import type { Azure } from '../../azure.ts'
import { objectAt, same } from '../json.ts'
import { refuse } from '../refusal.ts'
import { bodyOf, type RequestContext, requireAction } from '../requestContext.ts'
import { dropAccess } from '../roles/permissions.ts'
import type { VaultResource } from '../state.ts'
import { checkName, readVaultBody } from './body.ts'
import { write } from './changes.ts'
import { createOrReplace, recover } from './creation.ts'
import { type Place, requireGroup, requireVault, vaultAt, vaultId } from './vaults.ts'
import { vaultView } from './view.ts'

export const placeOf = (asked: RequestContext): Place => ({
  subscriptionId: asked.req.param('subscription') ?? '',
  resourceGroup: asked.req.param('group') ?? '',
  name: asked.req.param('name') ?? '',
})

/** The id of a vault that may not exist. */
export const scopeAt = ({ subscriptionId, resourceGroup, name }: Place): string =>
  `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.KeyVault/vaults/${name}`

export function getVault(asked: RequestContext): Response {
  const place = placeOf(asked)
  requireAction(asked, 'Microsoft.KeyVault/vaults/read', scopeAt(place))
  return asked.json(vaultView(asked, requireVault(asked.var.azure.world, place)))
}

export async function putVault(asked: RequestContext): Promise<Response> {
  const place = placeOf(asked)
  const { world } = asked.var.azure
  const body = readVaultBody(await bodyOf(asked))
  requireAction(asked, 'Microsoft.KeyVault/vaults/write', scopeAt(place))
  requireGroup(world, place)
  checkName(place.name)
  if (!body.location) throw refuse(400, 'LocationRequired', 'The location property is required for this definition.')
  if (!body.tenantId) throw refuse(400, 'BadRequest', "The parameter 'tenantId' is not specified.")
  if (!body.sku) throw refuse(400, 'BadRequest', "The parameter 'sku' is not specified.")
  checkTenant(asked, place, body.tenantId)
  const vault = body.recover ? recover(asked, place, body) : createOrReplace(asked, place, body, body.location)
  return asked.json(vaultView(asked, vault, 'write'))
}

export async function patchVault(asked: RequestContext): Promise<Response> {
  const place = placeOf(asked)
  const given = await bodyOf(asked)
  const body = readVaultBody(given, objectAt(given, 'properties'))
  requireAction(asked, 'Microsoft.KeyVault/vaults/write', scopeAt(place))
  const vault = requireVault(asked.var.azure.world, place)
  if (body.tenantId) checkTenant(asked, place, body.tenantId)
  write(asked, vault, body)
  return asked.json(vaultView(asked, vault, 'write'))
}

export function deleteVault(asked: RequestContext): Response {
  const place = placeOf(asked)
  const { azure } = asked.var
  requireAction(asked, 'Microsoft.KeyVault/vaults/delete', scopeAt(place))
  const vault = vaultAt(azure.world, place)
  if (!vault) return asked.body(null, 204)
  erase(azure, vault)
  return asked.body(null, 200)
}

/** Deletes a vault softly. */
export function erase(azure: Azure, vault: VaultResource): void {
  const now = azure.now()
  vault.deletedAt = now.toISOString()
  vault.scheduledPurgeAt = new Date(now.getTime() + vault.properties.softDeleteRetentionInDays * 86_400_000).toISOString()
  // Role assignments do not outlive the vault; after a recovery they have to be made again.
  dropAccess(azure.world, vaultId(vault))
}

function checkTenant(asked: RequestContext, place: Place, tenantId: string): void {
  const home = asked.var.azure.world.resources.subscriptions[place.subscriptionId.toLowerCase()]?.tenantId ?? ''
  if (same(home, tenantId)) return
  throw refuse(
    400,
    'BadRequest',
    `An invalid value was provided for 'tenantId'. The subscription belongs to the tenant '${home}'.`,
  )
}
