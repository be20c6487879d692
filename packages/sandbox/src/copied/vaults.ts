import type { Azure, SeededPrincipal } from '../azure.ts'
import { emptyVault } from '../keyVault/state.ts'
import { isObject, type JsonObject, listAt, objectAt, same, textAt, textMapAt, textsAt } from '../resourceManager/json.ts'
import type { AccessPolicyEntry, RoleAssignment, VaultResource } from '../resourceManager/state.ts'
import { groupNamed } from '../resourceManager/vaults/vaults.ts'
import type { Copy } from './copy.ts'
import { putEach } from './fault.ts'

const long = new Date(0).toISOString()

/** Replaces what was seeded under the same names with the copied resource groups, vaults and access. */
export async function putVaults(azure: Azure, copy: Copy, principals: readonly SeededPrincipal[]): Promise<void> {
  const { resources, vaults } = azure.world
  for (const body of copy.resourceGroups) locate(azure, body)
  for (const id of copy.absentGroups) {
    const group = groupNamed(azure.world, partAfter(id, 'subscriptions'), partAfter(id, 'resourceGroups'))
    resources.resourceGroups = resources.resourceGroups.filter((one) => one !== group)
  }
  await putEach(copy.vaults, 'vaults', (body) => {
    const reached = copy.reachedVaults.includes((textAt(body, 'name') ?? '').toLowerCase())
    const vault = { ...vaultIn(body, principals), ...(reached && { reached }) }
    resources.vaults = [...resources.vaults.filter(({ name }) => !same(name, vault.name)), vault]
    vaults[vault.name.toLowerCase()] ??= emptyVault()
  })
  await putEach(copy.deletedVaults, 'deletedVaults', ({ tenantId, body }) => {
    const vault = deletedVaultIn(body, tenantId)
    if (resources.vaults.some(({ name }) => same(name, vault.name))) return
    resources.vaults.push(vault)
    vaults[vault.name.toLowerCase()] = emptyVault()
  })
  await putEach(copy.roleAssignments, 'roleAssignments', (body) => {
    const assignment = assignmentIn(body)
    if (!resources.roleAssignments.some(({ name }) => name === assignment.name)) resources.roleAssignments.push(assignment)
  })
}

const partAfter = (id: string, word: string): string => new RegExp(`/${word}/([^/]+)`, 'i').exec(id)?.[1] ?? ''

function locate(azure: Azure, body: JsonObject): void {
  const group = groupNamed(azure.world, partAfter(textAt(body, 'id') ?? '', 'subscriptions'), textAt(body, 'name') ?? '')
  if (group) Object.assign(group, { location: textAt(body, 'location') ?? group.location })
}

function vaultIn(body: JsonObject, principals: readonly SeededPrincipal[]): VaultResource {
  const { vaultUri: _uri, provisioningState: _state, ...given } = objectAt(body, 'properties')
  const id = textAt(body, 'id') ?? ''
  const tenantId = textAt(given, 'tenantId') ?? ''
  const told = (listAt(given, 'accessPolicies') ?? []).filter(isObject)
  // A vault that does not say is judged by its content: https://learn.microsoft.com/azure/key-vault/general/access-control-default
  const rbac = typeof given.enableRbacAuthorization === 'boolean' ? given.enableRbacAuthorization : told.length === 0
  // The sandbox's principals get the access of the identity that took the copy.
  const own = rbac ? [] : principals.filter((one) => one.tenantId === tenantId && one.rights === 'owner').map(all)
  const accessPolicies = [...told.map(entryIn), ...own]
  const sku = textAt(objectAt(given, 'sku'), 'name') ?? 'standard'
  return {
    subscriptionId: partAfter(id, 'subscriptions'),
    resourceGroup: partAfter(id, 'resourceGroups'),
    name: textAt(body, 'name') ?? '',
    location: textAt(body, 'location') ?? 'westeurope',
    tags: textMapAt(body, 'tags') ?? {},
    ...{ createdAt: long, createdBy: tenantId, modifiedAt: long, modifiedBy: tenantId },
    properties: {
      tenantId,
      sku: { family: 'A', name: sku },
      ...(typeof given.enableRbacAuthorization === 'boolean' && { enableRbacAuthorization: rbac }),
      accessPolicies,
      enableSoftDelete: true,
      softDeleteRetentionInDays: Number(given.softDeleteRetentionInDays ?? 90),
      ...(given.enablePurgeProtection === true && { enablePurgeProtection: true }),
      publicNetworkAccess: textAt(given, 'publicNetworkAccess') ?? 'Enabled',
      ...(isObject(given.networkAcls) && { networkAcls: given.networkAcls }),
      provisioningStarted: long,
    },
    guards: [{ at: long, rbac, accessPolicies }],
  }
}

/** Its settings are not shown: role-based access is assumed, and it is kept until the purge date shown. */
function deletedVaultIn(body: JsonObject, tenantId: string): VaultResource {
  const told = objectAt(body, 'properties')
  const { deletionDate, scheduledPurgeDate, purgeProtectionEnabled: enablePurgeProtection } = told
  const days = Math.round((Date.parse(String(scheduledPurgeDate)) - Date.parse(String(deletionDate))) / 86_400_000)
  const properties = { tenantId, enableRbacAuthorization: true, enablePurgeProtection, softDeleteRetentionInDays: days || 90 }
  const { location, tags } = told
  return {
    ...vaultIn({ id: textAt(told, 'vaultId') ?? '', name: textAt(body, 'name') ?? '', location, tags, properties }, []),
    deletedAt: String(deletionDate),
    scheduledPurgeAt: String(scheduledPurgeDate),
  }
}

const entryIn = (body: JsonObject): AccessPolicyEntry => {
  const applicationId = textAt(body, 'applicationId')
  const permissions = objectAt(body, 'permissions')
  return {
    tenantId: textAt(body, 'tenantId') ?? '',
    objectId: textAt(body, 'objectId') ?? '',
    ...(applicationId !== undefined && { applicationId }),
    permissions: {
      keys: textsAt(permissions, 'keys') ?? [],
      secrets: textsAt(permissions, 'secrets') ?? [],
      certificates: textsAt(permissions, 'certificates') ?? [],
      storage: textsAt(permissions, 'storage') ?? [],
    },
  }
}

const all = ({ tenantId, objectId }: SeededPrincipal): AccessPolicyEntry => ({
  tenantId,
  objectId,
  permissions: { keys: ['all'], secrets: ['all'], certificates: ['all'], storage: [] },
})

function assignmentIn(body: JsonObject): RoleAssignment {
  const properties = objectAt(body, 'properties')
  const text = (name: string): string => textAt(properties, name) ?? ''
  const scope = text('scope')
  return {
    name: (textAt(body, 'name') ?? '').toLowerCase(),
    scope: scope === '/' ? '' : scope,
    roleId: (text('roleDefinitionId').split('/').at(-1) ?? '').toLowerCase(),
    subscriptionId: partAfter(scope, 'subscriptions'),
    principalId: text('principalId'),
    principalType: text('principalType'),
    description: textAt(properties, 'description') ?? null,
    ...{ createdAt: long, createdBy: text('createdBy'), updatedAt: long, updatedBy: text('updatedBy') },
  }
}
