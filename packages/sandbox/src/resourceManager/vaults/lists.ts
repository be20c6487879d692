import { same, textAt } from '../json.ts'
import { page } from '../paging.ts'
import { refuse } from '../refusal.ts'
import { bodyOf, type RequestContext, requireAction } from '../requestContext.ts'
import { resourceFilter, shownResource } from '../resourceFilter.ts'
import { grant } from '../roles/permissions.ts'
import type { VaultResource } from '../state.ts'
import { isVaultName, nameRule } from './body.ts'
import { takenText } from './creation.ts'
import { isActive, isIn, requireGroup, vaultId, vaultNamed } from './vaults.ts'
import { vaultView } from './view.ts'
import { placeOf } from './writes.ts'

const activeOf = (asked: RequestContext, subscriptionId: string): VaultResource[] =>
  asked.var.azure.world.resources.vaults.filter((vault) => isActive(vault) && same(vault.subscriptionId, subscriptionId))

export function listInGroup(asked: RequestContext): Response {
  const place = placeOf(asked)
  requireAction(
    asked,
    'Microsoft.KeyVault/vaults/read',
    `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup}`,
  )
  requireGroup(asked.var.azure.world, place)
  const vaults = activeOf(asked, place.subscriptionId).filter((vault) => isIn(vault, place))
  return asked.json(
    page(
      asked,
      vaults.map((vault) => vaultView(asked, vault)),
    ),
  )
}

export function listInSubscription(asked: RequestContext): Response {
  const { subscriptionId } = placeOf(asked)
  requireAction(asked, 'Microsoft.KeyVault/vaults/read', `/subscriptions/${subscriptionId}`)
  return asked.json(
    page(
      asked,
      activeOf(asked, subscriptionId).map((vault) => vaultView(asked, vault)),
    ),
  )
}

/** The resources of a subscription that the caller may see; the sandbox has only vaults. */
export function listResources(asked: RequestContext): Response {
  const { subscriptionId } = placeOf(asked)
  const { azure, caller } = asked.var
  const action = 'Microsoft.KeyVault/vaults/read'
  const seen = activeOf(asked, subscriptionId)
    .filter(resourceFilter(asked))
    .filter((vault) => grant(azure.world, caller.objectId, 'actions', action, vaultId(vault)) !== undefined)
  return asked.json(page(asked, seen.map(shownResource(asked))))
}

export async function checkNameAvailability(asked: RequestContext): Promise<Response> {
  const body = await bodyOf(asked)
  requireAction(asked, 'Microsoft.KeyVault/checkNameAvailability/read', `/subscriptions/${placeOf(asked).subscriptionId}`)
  const [name, type] = [textAt(body, 'name'), textAt(body, 'type')]
  if (!name || !type || !same(type, 'Microsoft.KeyVault/vaults')) {
    throw refuse(400, 'BadRequest', "The body needs 'name', and 'type' with the value 'Microsoft.KeyVault/vaults'.")
  }
  return asked.json(availability(asked, name))
}

/** https://learn.microsoft.com/rest/api/keyvault/managedhsm/managed-hsms/check-mhsm-name-availability */
export async function checkHsmName(asked: RequestContext): Promise<Response> {
  if (!textAt(await bodyOf(asked), 'name')) throw refuse(400, 'BadRequest', "The body needs 'name'.")
  return asked.json({ nameAvailable: true })
}

function availability(asked: RequestContext, name: string) {
  if (!isVaultName(name)) return { nameAvailable: false, reason: 'AccountNameInvalid', message: nameRule(name) }
  if (!vaultNamed(asked.var.azure.world, name)) return { nameAvailable: true }
  return { nameAvailable: false, reason: 'AlreadyExists', message: takenText(name) }
}
