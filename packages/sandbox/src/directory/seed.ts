import { randomBytes, randomUUID } from 'node:crypto'
import type { Azure, Principal, Seed, SeededPrincipal } from '../azure.ts'
import { own } from '../front/hosts.ts'
import { keptSecret } from './credentials/passwords.ts'
import { appIds, firstParties, microsoftTenantId } from './firstParty.ts'
import { foreignServicePrincipal, newApplication, newAssignment, newServicePrincipal } from './objects/make.ts'
import type { Application, ServicePrincipal, Tenant } from './state.ts'

/** Graph permissions of the principals: all that an apply can need, and what a plan needs. */
const rolesOf: Record<Principal['rights'], readonly string[]> = {
  owner: [
    'Application.ReadWrite.All',
    'AppRoleAssignment.ReadWrite.All',
    'Directory.Read.All',
    'Organization.Read.All',
    'Policy.Read.All',
    'Policy.ReadWrite.ApplicationConfiguration',
    'User.ReadWrite.All',
    'Group.ReadWrite.All',
    'Domain.Read.All',
    'DelegatedPermissionGrant.ReadWrite.All',
    'RoleManagement.ReadWrite.Directory',
  ],
  reader: ['Application.Read.All', 'Organization.Read.All', 'Policy.Read.All'],
}

/**
 * Tenants with Microsoft's service principals, the principals of programs, and the registrations that the deployments take over.
 * All of this is long-standing: no replica lags behind it.
 */
export function seed(azure: Azure, seed: Seed): readonly SeededPrincipal[] {
  const principals = [...tenantIds(seed)].flatMap((id) => {
    const tenant = tenantOf(azure, id)
    addNames(azure, tenant, seed)
    return (['owner', 'reader'] as const).map((rights) => principalOf(azure, tenant, rights))
  })
  for (const registration of seed.deployments.flatMap(({ registrations }) => registrations)) {
    once(azure, `registration/${registration.tenantId}/${registration.appId}`, () => {
      const tenant = tenantOf(azure, registration.tenantId)
      // An appId is unique, and it may already exist in this world.
      if (Object.values(tenant.applications).some(({ appId }) => appId === registration.appId)) return
      const made = newApplication(registration.displayName, azure.now())
      register(tenant, { ...made, appId: registration.appId }, azure.now())
    })
  }
  return principals
}

const tenantIds = (seed: Seed): Set<string> =>
  new Set(
    seed.deployments.flatMap(({ vault, exchange, dynamics, registrations }) => [
      vault.tenantId,
      exchange.tenantId,
      ...(dynamics === undefined ? [] : [dynamics.tenantId]),
      ...registrations.map(({ tenantId }) => tenantId),
    ]),
  )

function once(azure: Azure, mark: string, act: () => void): void {
  if (azure.world.seeded.includes(mark)) return
  act()
  azure.world.seeded.push(mark)
}

function tenantOf(azure: Azure, id: string): Tenant {
  const { tenants } = azure.world.directory
  const known = tenants[id]
  if (known !== undefined) return known
  const made = newTenant(id, Object.keys(tenants).length + 1, azure.now())
  for (const { appId, displayName, servicePrincipalNames, appRoles, scopes } of firstParties) {
    const principal = foreignServicePrincipal(appId, displayName, azure.now())
    made.servicePrincipals[principal.id] = {
      ...principal,
      appOwnerOrganizationId: microsoftTenantId,
      servicePrincipalNames: [appId, ...servicePrincipalNames],
      appRoles: [...appRoles],
      more: { oauth2PermissionScopes: [...scopes] },
    }
  }
  tenants[id] = made
  return made
}

const newTenant = (id: string, number: number, now: Date): Tenant => ({
  id,
  displayName: `Sandbox ${number}`,
  domain: `sandbox${number}.onmicrosoft.com`,
  createdDateTime: now.toISOString(),
  policy: { isEnabled: false, passwordAddition: false },
  applications: {},
  servicePrincipals: {},
  appRoleAssignments: {},
  recent: { applications: [], servicePrincipals: [], appRoleAssignments: [] },
})

/** The names by which this seed's clients ask for tokens; those of Exchange end in a slash, as its hybrid wizard writes them. */
function addNames(azure: Azure, tenant: Tenant, { hosts, deployments }: Seed): void {
  const servers = deployments.filter(({ exchange }) => exchange.tenantId === tenant.id && exchange.named !== false)
  const names: [appId: string, name: string][] = [
    [appIds.graph, `https://${hosts.graph}`],
    [appIds.graph, `https://${own.graph}`],
    [appIds.resourceManager, `https://${hosts.management}`],
    [appIds.resourceManager, `https://${own.management}`],
    [appIds.keyVault, `https://${hosts.vaultSuffix.replace(/:\d+$/, '')}`],
    [appIds.keyVault, `https://${own.vaultSuffix}`],
    [appIds.exchange, `https://${own.exchange}/`],
    ...servers.map(({ exchange }): [string, string] => [appIds.exchange, `${exchange.resourceId.replace(/\/+$/, '')}/`]),
  ]
  for (const [appId, name] of names) once(azure, `name/${tenant.id}/${name}`, () => addName(tenant, appId, name))
}

/**
 * Other programs reach Exchange under the sandbox's own name at this port, so they ask tokens for that. Where a client registers
 * Exchange itself, it is left to the client.
 */
export function publishExchange(azure: Azure, { deployments }: Seed, port: number): void {
  const left = new Set(deployments.flatMap(({ exchange }) => (exchange.named === false ? exchange.tenantId : [])))
  for (const { exchange } of deployments)
    if (!left.has(exchange.tenantId))
      addName(tenantOf(azure, exchange.tenantId), appIds.exchange, `https://${own.exchange}:${port}/`)
}

function addName(tenant: Tenant, appId: string, name: string): void {
  const principal = Object.values(tenant.servicePrincipals).find((one) => one.appId === appId)
  if (principal === undefined || principal.servicePrincipalNames.includes(name)) return
  principal.servicePrincipalNames = [...principal.servicePrincipalNames, name]
}

function register(tenant: Tenant, application: Application, now: Date): ServicePrincipal {
  const principal = newServicePrincipal(tenant, application, now)
  tenant.applications[application.id] = application
  tenant.servicePrincipals[principal.id] = principal
  return principal
}

function principalOf(azure: Azure, tenant: Tenant, rights: Principal['rights']): SeededPrincipal {
  once(azure, `principal/${tenant.id}/${rights}`, () => addPrincipal(azure, tenant, rights))
  const known = azure.world.directory.principals.find((one) => one.tenantId === tenant.id && one.rights === rights)
  const clientId = known?.clientId ?? ''
  const objectId = Object.values(tenant.servicePrincipals).find((one) => one.appId === clientId)?.id ?? ''
  return { tenantId: tenant.id, clientId, objectId, rights }
}

function addPrincipal(azure: Azure, tenant: Tenant, rights: Principal['rights']): void {
  const application = newApplication(`Automation (${rights})`, azure.now())
  const clientSecret = randomBytes(30).toString('base64url')
  // These do not expire however far the clock is moved: it is hma's credentials that are being tested.
  const times = { startDateTime: application.createdDateTime, endDateTime: '2999-12-31T00:00:00Z' }
  const secret = keptSecret(clientSecret, { keyId: randomUUID(), displayName: 'automation', ...times })
  const { id } = register(tenant, { ...application, passwordCredentials: [secret] }, azure.now())
  for (const value of rolesOf[rights]) grantGraph(azure, tenant, id, value)
  azure.world.directory.principals.push({ tenantId: tenant.id, clientId: application.appId, clientSecret, rights })
}

function grantGraph(azure: Azure, tenant: Tenant, principalId: string, value: string): void {
  const graph = Object.values(tenant.servicePrincipals).find(({ appId }) => appId === appIds.graph)
  const role = graph?.appRoles.find((one) => one.value === value)
  if (graph === undefined || role === undefined) return
  const assignment = newAssignment({ principalId, resourceId: graph.id, appRoleId: role.id }, azure.now())
  tenant.appRoleAssignments[assignment.id] = assignment
}
