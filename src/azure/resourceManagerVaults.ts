import type { DeletedVault, Vault as SdkVault, VaultCreateOrUpdateParameters, VaultPatchParameters } from '@azure/arm-keyvault'
import { HmaError } from '../core/errors.ts'
import type { AccessPolicy, ResourceManager, Vault, VaultId, VaultSettings } from './resourceManager.ts'

const skuOf = (name: string) => ({ family: 'A', name: name === 'premium' ? 'premium' : 'standard' }) as const

/** Which access model counts is always said: what is assumed otherwise depends on the version of the API. */
export const newVault = (settings: VaultSettings, createMode: 'default' | 'recover'): VaultCreateOrUpdateParameters => ({
  location: settings.location,
  tags: { ...settings.tags },
  properties: {
    tenantId: settings.tenantId,
    sku: skuOf(settings.sku),
    enableRbacAuthorization: settings.authorization === 'rbac',
    ...(createMode === 'recover' ? { createMode } : created(settings)),
  },
})

const created = (settings: VaultSettings) => ({
  accessPolicies: [],
  enableSoftDelete: true,
  softDeleteRetentionInDays: settings.softDeleteRetentionDays,
  // Purge protection can be switched on, never off: `false` is refused.
  ...(settings.purgeProtection ? { enablePurgeProtection: true } : {}),
})

export const vaultChange = (change: Parameters<ResourceManager['updateVault']>[2]): VaultPatchParameters => ({
  ...(change.tags === undefined ? {} : { tags: { ...change.tags } }),
  properties: {
    ...(change.purgeProtection === undefined ? {} : { enablePurgeProtection: change.purgeProtection }),
    ...(change.authorization === undefined ? {} : { enableRbacAuthorization: change.authorization === 'rbac' }),
    ...(change.sku === undefined ? {} : { sku: skuOf(change.sku) }),
  },
})

export function vaultOf(found: SdkVault, id: VaultId): Vault {
  const { properties } = found
  const uri = properties.vaultUri
  if (uri === undefined || found.id === undefined) throw new HmaError(`The answer has no vaultUri in the vault ${id.name}`)
  return {
    id: found.id,
    name: found.name ?? id.name,
    tenantId: properties.tenantId,
    location: found.location ?? '',
    sku: properties.sku.name,
    uri: uri.replace(/\/+$/, ''),
    authorization: modeOf(properties),
    accessPolicies: (properties.accessPolicies ?? []).map(({ tenantId, objectId, permissions }) => ({
      tenantId,
      objectId,
      secrets: permissions.secrets ?? [],
      certificates: permissions.certificates ?? [],
      keys: permissions.keys ?? [],
      storage: permissions.storage ?? [],
    })),
    purgeProtection: properties.enablePurgeProtection === true,
    softDeleteRetentionDays: properties.softDeleteRetentionInDays ?? 90,
    provisioningState: properties.provisioningState ?? 'Succeeded',
    tags: found.tags ?? {},
  }
}

/**
 * Which access model counts. A vault that does not say has policies where it was made before 2026, and roles where it got them by
 * default since then (https://learn.microsoft.com/azure/key-vault/general/access-control-default): what it holds tells.
 */
function modeOf({ enableRbacAuthorization, accessPolicies = [] }: SdkVault['properties']): Vault['authorization'] {
  const roles = enableRbacAuthorization ?? accessPolicies.length === 0
  return roles ? 'rbac' : 'accessPolicy'
}

export const deletedVaultTags = (found: DeletedVault): Readonly<Record<string, string>> => found.properties?.tags ?? {}

export const permissionsBody = ({ tenantId, objectId, secrets, certificates, keys, storage }: AccessPolicy) => ({
  properties: { accessPolicies: [{ tenantId, objectId, permissions: { secrets, certificates, keys, storage } }] },
})
