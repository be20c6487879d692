import { cloudBy } from '../../front/hosts.ts'
import { hostOf, type RequestContext } from '../requestContext.ts'
import type { AccessPolicyEntry, VaultResource } from '../state.ts'
import { deletedVaultId, vaultId } from './vaults.ts'

/** The host suffix of the vaults, in the set of names by which the client reaches Resource Manager. */
const suffixFor = (asked: RequestContext): string => cloudBy(asked.var.azure.world.resources.hosts, hostOf(asked)).vaultSuffix

/** A vault as Resource Manager shows it. The answer to a PUT has its URI without the trailing slash. */
export function vaultView(asked: RequestContext, vault: VaultResource, after: 'read' | 'write' = 'read') {
  const { azure } = asked.var
  const { provisioningStarted, ...properties } = vault.properties
  const since = azure.now().getTime() - Date.parse(provisioningStarted)
  const { sku, tenantId, accessPolicies, enableRbacAuthorization, ...rest } = properties
  const silent = enableRbacAuthorization === true && azure.settings.echoesRoleBased === false
  return {
    id: vaultId(vault),
    name: vault.name,
    type: 'Microsoft.KeyVault/vaults',
    location: vault.location,
    tags: vault.tags,
    systemData: systemData(vault),
    properties: {
      sku,
      tenantId,
      accessPolicies: accessPolicies.map(entryView),
      ...(enableRbacAuthorization !== undefined && !silent && { enableRbacAuthorization }),
      ...rest,
      vaultUri: `https://${vault.name.toLowerCase()}.${suffixFor(asked)}${after === 'read' ? '/' : ''}`,
      provisioningState: since < azure.settings.registeringDns ? 'RegisteringDns' : 'Succeeded',
    },
  }
}

const systemData = (vault: VaultResource) => ({
  createdBy: vault.createdBy,
  createdByType: 'Application',
  createdAt: vault.createdAt,
  lastModifiedBy: vault.modifiedBy,
  lastModifiedByType: 'Application',
  lastModifiedAt: vault.modifiedAt,
})

/** Storage permissions are shown only if there are any. */
export function entryView({ permissions: { storage, ...permissions }, ...entry }: AccessPolicyEntry) {
  return { ...entry, permissions: { ...permissions, ...(storage.length > 0 && { storage }) } }
}

/** A vault among the resources of a subscription. */
export const resourceView = (vault: VaultResource) => ({
  id: vaultId(vault),
  name: vault.name,
  type: 'Microsoft.KeyVault/vaults',
  location: vault.location,
  tags: vault.tags,
})

export const deletedView = (vault: VaultResource) => ({
  id: deletedVaultId(vault),
  name: vault.name,
  type: 'Microsoft.KeyVault/deletedVaults',
  properties: {
    vaultId: vaultId(vault),
    location: vault.location,
    tags: vault.tags,
    deletionDate: vault.deletedAt,
    scheduledPurgeDate: vault.scheduledPurgeAt,
    ...(vault.properties.enablePurgeProtection && { purgeProtectionEnabled: true }),
  },
})
