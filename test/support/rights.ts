import { randomUUID } from 'node:crypto'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { newAssignment } from '../../packages/sandbox/src/directory/objects/make.ts'
import { roles } from '../../packages/sandbox/src/resourceManager/roles/roles.ts'
import { ids } from './deployment.ts'

/** One right of the identity that hma signs in as, as an administrator grants it. */
export type Right =
  /** An application permission of Microsoft Graph. */
  | { readonly of: 'graph'; readonly name: string; readonly tenant: 'vault' | 'exchange' }
  /** A role of Azure, at a scope. */
  | { readonly of: 'azure'; readonly name: string; readonly at: 'vault' | 'resource group' | 'subscription' }
  /** A permission in an access policy of the vault. */
  | { readonly of: 'policy'; readonly name: string; readonly on: 'certificates' | 'secrets' }
  /** A privilege in a security role of Dataverse. */
  | { readonly of: 'dataverse'; readonly name: string }

const vaultName = 'kv-contoso-mail'
const group = `/subscriptions/${ids.subscription}/resourceGroups/rg-mail`
const scopes = {
  subscription: `/subscriptions/${ids.subscription}`,
  'resource group': group,
  vault: `${group}/providers/Microsoft.KeyVault/vaults/${vaultName}`,
} as const

/** How an error has to say where a right is given. What is missing in a vault is reported at the vault, wherever above it the role is granted. */
export const placeOf = (right: Right, tenants: 1 | 2): string => {
  if (right.of === 'graph') return right.tenant === 'exchange' && tenants === 2 ? ids.exchangeTenant : ids.vaultTenant
  if (right.of === 'dataverse') return 'contoso.crm4.dynamics.com'
  if (right.of === 'policy' || right.at === 'vault' || /Officer|User$/.test(right.name)) return vaultName
  return scopes[right.at]
}

/** What an error has to call the right. */
export const wordsFor = (right: Right): string => (right.of === 'policy' ? `${right.on} ${right.name}` : right.name)

/** Removes all rights of the seeded owner and grants exactly these, effective from a later request. */
export function grantRights(world: World, rights: readonly Right[]): void {
  for (const tenantId of Object.values(world.directory.tenants).map(({ id }) => id)) {
    const principalId = objectIdOf(world, tenantId)
    if (principalId === undefined) continue
    giveGraph(world, tenantId, principalId, rights)
    giveRoles(world, tenantId, principalId, rights)
    if (tenantId === ids.vaultTenant) givePolicy(world, principalId, rights)
  }
  giveDataverse(world, rights)
}

const clientIds = (world: World): readonly string[] =>
  world.directory.principals.filter(({ rights }) => rights === 'owner').map(({ clientId }) => clientId)

function objectIdOf(world: World, tenantId: string): string | undefined {
  const principals = Object.values(world.directory.tenants[tenantId]?.servicePrincipals ?? {})
  return principals.find(({ appId }) => clientIds(world).includes(appId))?.id
}

function giveGraph(world: World, tenantId: string, principalId: string, rights: readonly Right[]): void {
  const tenant = world.directory.tenants[tenantId]
  const graph = Object.values(tenant?.servicePrincipals ?? {}).find(({ displayName }) => displayName === 'Microsoft Graph')
  if (!tenant || !graph) throw new Error(`no Graph in ${tenantId}`)
  for (const { id, principalId: holder } of Object.values(tenant.appRoleAssignments))
    if (holder === principalId) delete tenant.appRoleAssignments[id]
  for (const right of rights) {
    if (right.of !== 'graph' || placeOf(right, Object.keys(world.directory.tenants).length === 1 ? 1 : 2) !== tenantId) continue
    const role = graph.appRoles.find(({ value }) => value === right.name)
    if (!role) throw new Error(`Graph has no permission ${right.name}`)
    const assignment = newAssignment({ principalId, resourceId: graph.id, appRoleId: role.id }, new Date(0))
    tenant.appRoleAssignments[assignment.id] = assignment
  }
}

function giveRoles(world: World, tenantId: string, principalId: string, rights: readonly Right[]): void {
  const { resources } = world
  resources.roleAssignments = resources.roleAssignments.filter((one) => one.principalId !== principalId)
  const at = new Date(0).toISOString()
  for (const right of rights) {
    if (right.of !== 'azure' || tenantId !== ids.vaultTenant) continue
    const role = roles.find(({ name }) => name === right.name)
    if (!role) throw new Error(`there is no role ${right.name}`)
    resources.roleAssignments.push({
      ...{ name: randomUUID(), scope: scopes[right.at], roleId: role.id, subscriptionId: ids.subscription, principalId },
      ...{ principalType: 'ServicePrincipal', description: null, createdAt: at, updatedAt: at },
      ...{ createdBy: principalId, updatedBy: principalId },
    })
  }
}

const another = 'eeeeeeee-0000-4000-8000-000000000001'

/** A vault with access policies gets an entry, unless none is given: what hma granted itself stays. */
function givePolicy(world: World, objectId: string, rights: readonly Right[]): void {
  const vault = world.resources.vaults.find(({ name }) => name === vaultName)
  if (!vault || vault.properties.enableRbacAuthorization || !rights.some(({ of }) => of === 'policy')) return
  const named = (on: 'certificates' | 'secrets') =>
    rights.flatMap((right) => (right.of === 'policy' && right.on === on ? [right.name] : []))
  const permissions = { certificates: named('certificates'), secrets: named('secrets'), keys: [], storage: [] }
  // What hma granted itself belongs to the identity of apply, which is a different one.
  const others = vault.properties.accessPolicies.map((one) => (one.objectId === objectId ? { ...one, objectId: another } : one))
  const accessPolicies = [...others, { tenantId: ids.vaultTenant, objectId, permissions }]
  vault.properties.accessPolicies = accessPolicies
  vault.guards = [{ at: new Date(0).toISOString(), rbac: false, accessPolicies }]
}

/** The seeded vault uses roles; this changes it to access policies. */
export function byAccessPolicies(world: World): void {
  const vault = world.resources.vaults.find(({ name }) => name === vaultName)
  if (!vault) throw new Error(`there is no vault ${vaultName}`)
  vault.properties.enableRbacAuthorization = false
  vault.guards = [{ at: new Date(0).toISOString(), rbac: false, accessPolicies: [] }]
}

function giveDataverse(world: World, rights: readonly Right[]): void {
  const privileges = rights.flatMap((right) => (right.of === 'dataverse' ? [right.name] : []))
  for (const organization of world.dataverse.organizations)
    for (const { id, cells } of Object.values(organization.tables.systemuser))
      if (clientIds(world).includes(String(cells.applicationid))) organization.roles[id] = privileges
}
