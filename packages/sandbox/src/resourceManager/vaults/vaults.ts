import type { World } from '../../azure.ts'
import { same } from '../json.ts'
import { refuse } from '../refusal.ts'
import type { ResourceGroup, VaultResource } from '../state.ts'

export const vaultId = (vault: VaultResource): string =>
  `/subscriptions/${vault.subscriptionId}/resourceGroups/${vault.resourceGroup}/providers/Microsoft.KeyVault/vaults/${vault.name}`

export const deletedVaultId = (vault: VaultResource): string =>
  `/subscriptions/${vault.subscriptionId}/providers/Microsoft.KeyVault/locations/${vault.location}/deletedVaults/${vault.name}`

/** The vault of this name, active or soft-deleted, wherever it is: names are global. */
export const vaultNamed = (world: World, name: string): VaultResource | undefined =>
  world.resources.vaults.find((vault) => same(vault.name, name))

export const isActive = (vault: VaultResource): boolean => vault.deletedAt === undefined

export function groupNamed(world: World, subscriptionId: string, name: string): ResourceGroup | undefined {
  return world.resources.resourceGroups.find((one) => same(one.subscriptionId, subscriptionId) && same(one.name, name))
}

export interface Place {
  readonly subscriptionId: string
  readonly resourceGroup: string
  readonly name: string
}

export function requireGroup(world: World, { subscriptionId, resourceGroup }: Omit<Place, 'name'>): ResourceGroup {
  const group = groupNamed(world, subscriptionId, resourceGroup)
  if (group) return group
  throw refuse(404, 'ResourceGroupNotFound', `Resource group '${resourceGroup}' could not be found.`)
}

/** The active vault at a place. */
export function vaultAt(world: World, place: Place): VaultResource | undefined {
  requireGroup(world, place)
  const vault = vaultNamed(world, place.name)
  return vault && isActive(vault) && isIn(vault, place) ? vault : undefined
}

export const isIn = (vault: VaultResource, { subscriptionId, resourceGroup }: Omit<Place, 'name'>): boolean =>
  same(vault.subscriptionId, subscriptionId) && same(vault.resourceGroup, resourceGroup)

export function requireVault(world: World, place: Place): VaultResource {
  const vault = vaultAt(world, place)
  if (vault) return vault
  throw refuse(
    404,
    'ResourceNotFound',
    `The Resource 'Microsoft.KeyVault/vaults/${place.name}' under resource group '${place.resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  )
}

/** Forgets the vaults whose retention is over, with their contents. */
export function sweep(world: World, now: Date): void {
  const isOver = ({ scheduledPurgeAt }: VaultResource): boolean =>
    scheduledPurgeAt !== undefined && Date.parse(scheduledPurgeAt) <= now.getTime()
  for (const vault of world.resources.vaults.filter(isOver)) purge(world, vault)
}

export function purge(world: World, vault: VaultResource): void {
  world.resources.vaults = world.resources.vaults.filter((one) => one !== vault)
  delete world.vaults[vault.name.toLowerCase()]
}
