import { randomUUID } from 'node:crypto'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { newApplication, newServicePrincipal } from '../../packages/sandbox/src/directory/objects/make.ts'
import type { Tenant } from '../../packages/sandbox/src/directory/state.ts'
import { emptyVault, type Secret } from '../../packages/sandbox/src/keyVault/state.ts'
import type { VaultResource } from '../../packages/sandbox/src/resourceManager/state.ts'
import { ids } from './deployment.ts'

/** Foreign objects next to those of the deployment: in its tenants, vault and environment, and in similar ones. */
export function addForeignObjects(world: World): void {
  for (const tenant of Object.values(world.directory.tenants)) addRegistration(tenant)
  addTenant(world)
  addVaults(world)
  addEnvironment(world)
}

/** A registration that looks like ours, but is named and marked otherwise. */
function addRegistration(tenant: Tenant): void {
  const at = new Date('2026-01-01T00:00:00Z')
  const application = {
    ...newApplication('KV-App of somebody else', at),
    tags: ['hma:fabrikam'],
    uniqueName: 'hma-fabrikam-kv-app',
  }
  const principal = newServicePrincipal(tenant, application, at)
  tenant.applications[application.id] = application
  tenant.servicePrincipals[principal.id] = principal
}

function addTenant({ directory }: World): void {
  const [some] = Object.values(directory.tenants)
  if (!some) throw new Error('there is no tenant')
  const id = '99999999-9999-4999-8999-999999999999'
  directory.tenants[id] = { ...structuredClone(some), id, domain: 'fabrikam.onmicrosoft.com', displayName: 'Fabrikam' }
}

const ours = 'kv-contoso-mail'

/** A vault next to ours, with access policies, with a secret of the name of ours; and one in our own vault, where it exists. */
function addVaults({ resources, vaults }: World): void {
  const name = 'kv-fabrikam-mail'
  const existing = resources.vaults.find((one) => one.name === ours)
  resources.vaults.push({ ...structuredClone(existing ?? newVault()), name })
  vaults[name] = { ...emptyVault(), secrets: { [copy]: secret(copy) } }
  if (existing) vaults[ours] = { ...emptyVault(), ...vaults[ours], secrets: { other: secret('other') } }
}

const copy = 'hma-kv-app-client-secret'
const created = Date.parse('2026-01-01T00:00:00Z') / 1000
const attributes = { enabled: true, created, updated: created }
const secret = (name: string): Secret => ({
  name,
  versions: [{ version: '0'.repeat(32), value: 'of somebody else', attributes, tags: { 'hma-deployment': 'fabrikam' } }],
})

const newVault = (): VaultResource => ({
  ...{ subscriptionId: ids.subscription, resourceGroup: 'rg-mail', name: '', location: 'westeurope', tags: {} },
  ...{ createdAt: '2026-01-01T00:00:00Z', createdBy: '', modifiedAt: '2026-01-01T00:00:00Z', modifiedBy: '' },
  properties: {
    ...{ tenantId: ids.vaultTenant, sku: { family: 'A', name: 'standard' }, accessPolicies: [], publicNetworkAccess: 'Enabled' },
    ...{ enableRbacAuthorization: true, enableSoftDelete: true, softDeleteRetentionInDays: 90 },
    provisioningStarted: '2026-01-01T00:00:00Z',
  },
  guards: [{ at: '2026-01-01T00:00:00Z', rbac: true, accessPolicies: [] }],
})

function addEnvironment({ dataverse }: World): void {
  const [some] = dataverse.organizations
  if (!some) return
  const environmentUrl = 'https://fabrikam.crm4.dynamics.com'
  dataverse.organizations.push({ ...structuredClone(some), id: randomUUID(), environmentUrl })
}

/** Leaves that changed between two worlds, where `before` has them; what was added is no change. */
export function touched(before: unknown, after: unknown, path = ''): readonly string[] {
  if (passes(path)) return []
  if (!isObject(before) || !isObject(after)) return JSON.stringify(before) === JSON.stringify(after) ? [] : [path]
  if (Array.isArray(before) && Array.isArray(after)) return touchedInList(before, after, path)
  return Object.entries(before).flatMap(([key, value]) => touched(value, Reflect.get(after, key), `${path}/${key}`))
}

/** Items of a list are identified by id or name; one with neither must be unchanged. */
function touchedInList(before: readonly unknown[], after: readonly unknown[], path: string): readonly string[] {
  return before.flatMap((one, index) => {
    const key = keyOf(one)
    const same =
      key === undefined
        ? after.find((other) => JSON.stringify(other) === JSON.stringify(one))
        : after.find((other) => keyOf(other) === key)
    return touched(one, same, `${path}/${key ?? index}`)
  })
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function keyOf(value: unknown): string | undefined {
  if (!isObject(value)) return undefined
  const key: unknown = Reflect.get(value, 'id') ?? Reflect.get(value, 'name')
  return typeof key === 'string' ? key : undefined
}

/** Counters and clocks of the sandbox itself, and when the vault's own record was last written, whatever was. */
const passes = (path: string): boolean =>
  /^\/(ahead|seeded)|^\/directory\/tenants\/[^/]+\/recent|\/nextVersion$|^\/resources\/vaults\/kv-contoso-mail\/(modified(At|By)|guards)/.test(
    path,
  )
