import { emptyVault } from '../../keyVault/state.ts'
import { same } from '../json.ts'
import { refuse } from '../refusal.ts'
import type { RequestContext } from '../requestContext.ts'
import type { VaultResource } from '../state.ts'
import { defaultsToRbac } from '../versions.ts'
import { change, checkedRetention, type VaultBody } from './body.ts'
import { touch, write } from './changes.ts'
import { isActive, isIn, type Place, vaultNamed } from './vaults.ts'

/** The vault that a PUT creates, or changes if it exists. */
export function createOrReplace(asked: RequestContext, place: Place, body: VaultBody, location: string): VaultResource {
  const { world } = asked.var.azure
  const taken = vaultNamed(world, place.name)
  if (!taken) return create(asked, place, body, location)
  if (!isActive(taken) && same(taken.subscriptionId, place.subscriptionId)) {
    throw refuse(
      409,
      'ConflictError',
      'A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.',
    )
  }
  if (!isActive(taken) || !isIn(taken, place)) throw refuse(409, 'VaultAlreadyExists', takenText(place.name))
  if (taken.location !== location) {
    throw refuse(
      409,
      'InvalidResourceLocation',
      `The resource '${taken.name}' already exists in location '${taken.location}' in resource group '${taken.resourceGroup}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
    )
  }
  write(asked, taken, { ...body, tags: body.tags ?? {} })
  return taken
}

export const takenText = (name: string): string =>
  `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state. If the vault is in a recoverable state then the vault will need to be purged before reusing the name. For more information about VaultAlreadyExists, soft delete and purging a vault follow this link https://go.microsoft.com/fwlink/?linkid=2147740.`

function create(asked: RequestContext, place: Place, body: VaultBody, location: string): VaultResource {
  const { azure, caller, version } = asked.var
  const at = azure.now().toISOString()
  const rbac = body.plain.enableRbacAuthorization ?? (defaultsToRbac(version) ? true : undefined)
  if (!rbac && !body.accessPolicies) throw refuse(400, 'BadRequest', "The parameter 'accessPolicies' is not specified.")
  const properties = change(
    {
      tenantId: body.tenantId ?? caller.tenantId,
      sku: { family: 'A', name: body.sku ?? 'standard' },
      accessPolicies: [],
      ...(rbac !== undefined && { enableRbacAuthorization: rbac }),
      enableSoftDelete: true,
      softDeleteRetentionInDays: checkedRetention(body.retention, undefined),
      publicNetworkAccess: 'Enabled',
      provisioningStarted: at,
    },
    body,
  )
  const by = { createdAt: at, createdBy: caller.appId, modifiedAt: at, modifiedBy: caller.appId }
  const guards = [{ at, rbac: rbac ?? false, accessPolicies: properties.accessPolicies }]
  const vault: VaultResource = { ...place, location, tags: body.tags ?? {}, ...by, properties, guards }
  azure.world.resources.vaults.push(vault)
  azure.world.vaults[place.name.toLowerCase()] = emptyVault()
  return vault
}

/** Brings a soft-deleted vault back, with its contents and its access policies. */
export function recover(asked: RequestContext, place: Place, body: VaultBody): VaultResource {
  const { world } = asked.var.azure
  const vault = vaultNamed(world, place.name)
  if (vault && isActive(vault) && isIn(vault, place)) return vault
  if (!vault || isActive(vault) || !isIn(vault, place) || vault.location !== body.location) {
    throw refuse(
      404,
      'VaultNotFound',
      `There is no deleted vault '${place.name}' of this resource group in location '${body.location}'.`,
    )
  }
  delete vault.deletedAt
  delete vault.scheduledPurgeAt
  touch(asked, vault)
  return vault
}
