import { emptyVault } from '../keyVault/state.ts'
import { type Asked, bodyOf, demand } from './asked.ts'
import { same } from './json.ts'
import { covers } from './permissions.ts'
import { refuse } from './refusal.ts'
import type { VaultResource } from './state.ts'
import { change, checkedRetention, checkName, readVaultBody, type VaultBody } from './vaultBody.ts'
import { isActive, isIn, type Place, requireGroup, requireVault, vaultAt, vaultId, vaultNamed } from './vaults.ts'
import { vaultView } from './vaultView.ts'
import { defaultsToRbac } from './versions.ts'

export const placeOf = (asked: Asked): Place => ({
  subscriptionId: asked.req.param('subscription') ?? '',
  resourceGroup: asked.req.param('group') ?? '',
  name: asked.req.param('name') ?? '',
})

/** The id of a vault that may not be there. */
export const scopeAt = ({ subscriptionId, resourceGroup, name }: Place): string =>
  `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.KeyVault/vaults/${name}`

export function getVault(asked: Asked): Response {
  const place = placeOf(asked)
  demand(asked, 'Microsoft.KeyVault/vaults/read', scopeAt(place))
  return asked.json(vaultView(asked, requireVault(asked.var.azure.world, place)))
}

export async function putVault(asked: Asked): Promise<Response> {
  const place = placeOf(asked)
  const { world } = asked.var.azure
  const body = readVaultBody(await bodyOf(asked))
  demand(asked, 'Microsoft.KeyVault/vaults/write', scopeAt(place))
  requireGroup(world, place)
  checkName(place.name)
  if (!body.location) throw refuse(400, 'LocationRequired', 'The location property is required for this definition.')
  if (!body.tenantId) throw refuse(400, 'BadRequest', "The parameter 'tenantId' is not specified.")
  if (!body.sku) throw refuse(400, 'BadRequest', "The parameter 'sku' is not specified.")
  checkTenant(asked, place, body.tenantId)
  const vault = body.recover ? recover(asked, place, body) : createOrReplace(asked, place, body, body.location)
  return asked.json(vaultView(asked, vault, 'write'))
}

export async function patchVault(asked: Asked): Promise<Response> {
  const place = placeOf(asked)
  const given = await bodyOf(asked)
  const body = readVaultBody({ ...given, properties: given.properties ?? {} })
  demand(asked, 'Microsoft.KeyVault/vaults/write', scopeAt(place))
  const vault = requireVault(asked.var.azure.world, place)
  if (body.tenantId) checkTenant(asked, place, body.tenantId)
  write(asked, vault, body)
  return asked.json(vaultView(asked, vault, 'write'))
}

export function deleteVault(asked: Asked): Response {
  const place = placeOf(asked)
  const { azure } = asked.var
  demand(asked, 'Microsoft.KeyVault/vaults/delete', scopeAt(place))
  const vault = vaultAt(azure.world, place)
  if (!vault) return asked.body(null, 204)
  const now = azure.now()
  vault.deletedAt = now.toISOString()
  vault.scheduledPurgeAt = new Date(now.getTime() + vault.properties.softDeleteRetentionInDays * 86_400_000).toISOString()
  // Role assignments do not outlive the vault; after a recovery they have to be made again.
  const { resources } = azure.world
  resources.roleAssignments = resources.roleAssignments.filter((assignment) => !covers(vaultId(vault), assignment.scope))
  return asked.body(null, 200)
}

function checkTenant(asked: Asked, place: Place, tenantId: string): void {
  const home = asked.var.azure.world.resources.subscriptions[place.subscriptionId.toLowerCase()]?.tenantId ?? ''
  if (same(home, tenantId)) return
  throw refuse(
    400,
    'BadRequest',
    `An invalid value was provided for 'tenantId'. The subscription belongs to the tenant '${home}'.`,
  )
}

function createOrReplace(asked: Asked, place: Place, body: VaultBody, location: string): VaultResource {
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

function create(asked: Asked, place: Place, body: VaultBody, location: string): VaultResource {
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

function write(asked: Asked, vault: VaultResource, body: VaultBody): void {
  checkedRetention(body.retention, vault.properties.softDeleteRetentionInDays)
  vault.properties = change(vault.properties, body)
  if (body.tags) vault.tags = body.tags
  touch(asked, vault)
}

/** Notes who wrote last, and from when on the data plane is guarded otherwise. */
export function touch(asked: Asked, vault: VaultResource): void {
  const { azure, caller } = asked.var
  const now = azure.now()
  vault.modifiedAt = now.toISOString()
  vault.modifiedBy = caller.appId
  const { accessPolicies, enableRbacAuthorization: rbac = false } = vault.properties
  const settled = vault.guards.findLastIndex(({ at }) => Date.parse(at) + azure.settings.propagation <= now.getTime())
  vault.guards = [...vault.guards.slice(Math.max(settled, 0)), { at: vault.modifiedAt, rbac, accessPolicies }]
}

function recover(asked: Asked, place: Place, body: VaultBody): VaultResource {
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
