import { randomUUID } from 'node:crypto'
import type { Azure, Seed, SeededPrincipal } from '../azure.ts'
import { roleIds } from './roles/role.ts'
import type { VaultResource } from './state.ts'
import { groupNamed, vaultNamed } from './vaults/vaults.ts'

const location = 'westeurope'

const rolesOf = {
  owner: [roleIds.owner, roleIds.keyVaultCertificatesOfficer, roleIds.keyVaultSecretsOfficer, roleIds.keyVaultCryptoOfficer],
  // The last one is for `hma verify`, which reads the value of a secret and writes nothing.
  reader: [roleIds.reader, roleIds.keyVaultReader, roleIds.keyVaultSecretsUser],
} as const satisfies Record<SeededPrincipal['rights'], readonly string[]>

/** Subscriptions, resource groups and vaults that the deployments presuppose, with the rights of the principals. */
export function seed(azure: Azure, seed: Seed, principals: readonly SeededPrincipal[]): void {
  azure.world.resources.hosts = seed.hosts
  for (const { vault } of seed.deployments) {
    const subscription = vault.subscriptionId.toLowerCase()
    once(azure, `subscription/${subscription}`, () => {
      azure.world.resources.subscriptions[subscription] ??= { tenantId: vault.tenantId }
    })
    for (const principal of principals.filter((one) => one.tenantId === vault.tenantId)) {
      for (const roleId of rolesOf[principal.rights]) {
        once(azure, `role/${subscription}/${principal.objectId}/${roleId}`, () => assign(azure, subscription, principal, roleId))
      }
    }
    once(azure, `resourceGroup/${subscription}/${vault.resourceGroup.toLowerCase()}`, () => addGroup(azure, vault))
    if (vault.exists) once(azure, `vault/${vault.name.toLowerCase()}`, () => addVault(azure, vault))
  }
}

function once(azure: Azure, mark: string, act: () => void): void {
  if (azure.world.seeded.includes(mark)) return
  act()
  azure.world.seeded.push(mark)
}

type SeededVault = Seed['deployments'][number]['vault']

function addGroup(azure: Azure, vault: SeededVault): void {
  const { subscriptionId, resourceGroup: name } = vault
  if (groupNamed(azure.world, subscriptionId, name)) return
  azure.world.resources.resourceGroups.push({ subscriptionId, name, location, tags: {} })
}

function assign(azure: Azure, subscriptionId: string, principal: SeededPrincipal, roleId: string): void {
  // Rights that existed before the first request: they reached every vault long ago.
  const at = new Date(0).toISOString()
  azure.world.resources.roleAssignments.push({
    name: randomUUID(),
    scope: `/subscriptions/${subscriptionId}`,
    roleId,
    subscriptionId,
    principalId: principal.objectId,
    principalType: 'ServicePrincipal',
    description: null,
    createdAt: at,
    createdBy: principal.objectId,
    updatedAt: at,
    updatedBy: principal.objectId,
  })
}

function addVault(azure: Azure, vault: SeededVault): void {
  const { subscriptionId, resourceGroup, name, tenantId } = vault
  if (vaultNamed(azure.world, name)) return
  const at = azure.now().toISOString()
  const long = new Date(0).toISOString()
  const made: VaultResource = {
    subscriptionId,
    resourceGroup,
    name,
    location,
    tags: {},
    createdAt: at,
    createdBy: tenantId,
    modifiedAt: at,
    modifiedBy: tenantId,
    properties: {
      tenantId,
      sku: { family: 'A', name: 'standard' },
      accessPolicies: [],
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enablePurgeProtection: true,
      publicNetworkAccess: 'Enabled',
      provisioningStarted: long,
    },
    guards: [{ at: long, rbac: true, accessPolicies: [] }],
  }
  azure.world.resources.vaults.push(made)
}
