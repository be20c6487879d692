import type { VaultCreateOrUpdateParameters, VaultPatchParameters } from '@azure/arm-keyvault'
import { HmaError } from '../../core/errors.ts'
import { type Fields, fieldsOf } from '../http/shape.ts'
import type { AccessPolicy, ResourceManager, Vault, VaultId, VaultSettings } from './port.ts'

const skuOf = (name: string) => ({ family: 'A', name: name === 'premium' ? 'premium' : 'standard' }) as const

/** The access model is always set explicitly: the default depends on the API version. */
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

/** As the SDK passes it on, unchecked. */
export function vaultOf(found: unknown, { name }: VaultId, expected: string): Vault {
  const from = fieldsOf(found, `the vault ${name}`)
  const properties = from.optionalObject('properties') ?? fieldsOf({}, `the vault ${name}`)
  const accessPolicies = properties.objects('accessPolicies').map(policyOf)
  return {
    id: from.string('id'),
    name: from.optionalString('name') ?? name,
    tenantId: properties.string('tenantId'),
    location: regionOf(from.optionalString('location') ?? ''),
    sku: properties.optionalObject('sku')?.optionalString('name')?.toLowerCase() ?? '',
    uri: ownAddress(properties.string('vaultUri'), expected, name),
    ...modeOf(properties.optionalBoolean('enableRbacAuthorization'), accessPolicies),
    accessPolicies,
    purgeProtection: properties.optionalBoolean('enablePurgeProtection') === true,
    publicAccess: publicAccessOf(properties),
    softDeleteRetentionDays: properties.optionalNumber('softDeleteRetentionInDays') ?? 90,
    provisioningState: properties.optionalString('provisioningState') ?? 'Succeeded',
    tags: from.tags('tags'),
  }
}

/** `West Europe` and `westeurope` are the same region. */
const regionOf = (location: string): string => location.replaceAll(' ', '').toLowerCase()

/** The token for the vault goes to the address derived from the cloud and the vault's name, never to one from an answer. */
function ownAddress(told: string, expected: string, name: string): string {
  if (URL.canParse(told) && new URL(told).href === new URL(expected).href) return expected
  throw new HmaError('HMA205', `Azure Resource Manager says that the vault ${name} answers at ${told}, and not at ${expected}`, {
    hint: 'Nothing was sent there. Check keyVault.name and cloud, and what answers in place of Azure Resource Manager.',
  })
}

function policyOf(from: Fields): AccessPolicy {
  const permissions = from.optionalObject('permissions')
  const of = (field: string): readonly string[] => permissions?.strings(field) ?? []
  const applicationId = from.optionalString('applicationId')
  return {
    tenantId: from.string('tenantId'),
    objectId: from.string('objectId'),
    ...(applicationId !== undefined && { applicationId }),
    secrets: of('secrets'),
    certificates: of('certificates'),
    keys: of('keys'),
    storage: of('storage'),
  }
}

/** https://learn.microsoft.com/azure/key-vault/general/network-security */
function publicAccessOf(properties: Fields): Vault['publicAccess'] {
  const access = properties.optionalString('publicNetworkAccess')?.toLowerCase()
  if (access === 'disabled') return 'off'
  if (access === 'securedbyperimeter') return 'perimeter'
  const rules = properties.optionalObject('networkAcls')?.optionalString('defaultAction')?.toLowerCase()
  return rules === 'deny' ? 'rules' : 'open'
}

/**
 * Which access model counts. A vault that does not say uses access policies if it was created before 2026, and roles if it got the newer
 * default (https://learn.microsoft.com/azure/key-vault/general/access-control-default): its content decides.
 */
function modeOf(roles: boolean | undefined, accessPolicies: readonly AccessPolicy[]): Pick<Vault, 'authorization' | 'guessed'> {
  const authorization = (roles ?? accessPolicies.length === 0) ? 'rbac' : 'accessPolicy'
  return { authorization, ...(roles === undefined && { guessed: true as const }) }
}

export const deletedVaultTags = (found: unknown): Readonly<Record<string, string>> =>
  fieldsOf(found, 'the deleted vault').optionalObject('properties')?.tags('tags') ?? {}

export const permissionsBody = ({ tenantId, objectId, secrets, certificates, keys, storage }: AccessPolicy) => ({
  properties: { accessPolicies: [{ tenantId, objectId, permissions: { secrets, certificates, keys, storage } }] },
})
