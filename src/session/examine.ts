import type { Clients } from '../azure/clients.ts'
import type { Cloud } from '../azure/cloud.ts'
import type { Identity, Inspection } from '../azure/inspect/port.ts'
import { vaultScopeId } from '../azure/resourceManager/connection.ts'
import type { Vault } from '../azure/resourceManager/port.ts'
import type { AvailableConfiguration } from '../config/availableConfiguration.ts'
import type { Configuration } from '../config/schema.ts'
import {
  type Allowed,
  type Held,
  heldByPolicy,
  heldInAzure,
  heldInGraph,
  type RightFound,
  type RightsFound,
} from '../deployment/heldRights.ts'
import { needsOf, type Purpose, purposes, type Right, rightsFor } from '../deployment/rights.ts'
import { type Connected, type ConnectionTarget, cloudOf } from './connections.ts'
import { answered, type Outcome, outcome, type ReportedProblem } from './outcome.ts'

/** One tenant as its credential sees it. */
export interface TenantFound {
  readonly tenantId: string
  /** The deployments with something in it. */
  readonly deployments: readonly string[]
  /** `azureCli`, as under `auth`; `default` without an entry. */
  readonly credential: string
  readonly signedIn: Pick<Identity, 'type' | 'name' | 'objectId' | 'until'> | null
  readonly problem?: ReportedProblem
  readonly rights: RightsFound
}

/** One deployment, or one sign-in without any. */
export interface ExaminedSubject {
  readonly configuration?: Configuration
  readonly cloud: Cloud
  /** Tenant ids of `auth`, if no deployment says which are used. */
  readonly tenantIds: readonly string[]
  credentialOf(tenantId: string): string
  readonly inspection: Inspection
  readonly clients: Clients
}

/** What there is to examine, each with its clients. Without anything, Microsoft's public cloud. */
export async function subjectsOf(
  { deployments, signIns }: AvailableConfiguration,
  sandbox: boolean,
  connect: (where: ConnectionTarget) => Promise<Connected>,
): Promise<readonly ExaminedSubject[]> {
  const subject = async (where: ConnectionTarget, configuration?: Configuration): Promise<ExaminedSubject> => {
    const connected = await connect(where)
    return {
      cloud: cloudOf(where),
      tenantIds: Object.keys(where.auth),
      credentialOf: (tenantId) => (sandbox ? 'the sandbox' : (where.auth[tenantId]?.credential ?? 'default')),
      inspection: connected.inspection,
      clients: connected.clients,
      ...(configuration && { configuration }),
    }
  }
  if (deployments.length > 0) return Promise.all(deployments.map(({ configuration: one }) => subject(one, one)))
  if (signIns.length > 0) return Promise.all(signIns.map(({ cloud = 'public', auth }) => subject({ cloud, auth })))
  return [await subject({ cloud: 'public', auth: {} })]
}

/** The tenants of all deployments, each with the signed-in identity and the rights of every deployment in it. */
export async function examineTenants(subjects: readonly ExaminedSubject[]): Promise<readonly TenantFound[]> {
  const found = (await Promise.all(subjects.map(examine))).flat()
  const merged = new Map<string, TenantFound>()
  for (const one of found) {
    const key = `${one.tenantId} ${one.credential} ${one.signedIn?.name ?? ''}`
    const before = merged.get(key)
    merged.set(key, before ? together(before, one) : one)
  }
  return [...merged.values()]
}

const together = (one: TenantFound, other: TenantFound): TenantFound => ({
  ...one,
  deployments: [...one.deployments, ...other.deployments],
  rights: byPurpose((purpose) => [...one.rights[purpose], ...other.rights[purpose]]),
})

const byPurpose = (of: (purpose: Purpose) => readonly RightFound[]): RightsFound => ({
  plan: of('plan'),
  apply: of('apply'),
  verify: of('verify'),
})

async function examine(subject: ExaminedSubject): Promise<readonly TenantFound[]> {
  const { configuration, inspection } = subject
  const tenantIds = configuration ? tenantsOf(configuration) : subject.tenantIds
  const identities = new Map(
    await Promise.all(tenantIds.map(async (tenantId) => [tenantId, await outcome(inspection.identity(tenantId))] as const)),
  )
  const rights = configuration ? await rightsOf(configuration, subject, identities) : []
  return [...identities].map(([tenantId, identity]) => {
    const who = answered(identity)
    return {
      tenantId,
      deployments: configuration ? [configuration.name] : [],
      credential: subject.credentialOf(tenantId),
      signedIn: who ? { type: who.type, name: who.name, objectId: who.objectId, until: who.until } : null,
      ...('problem' in identity && { problem: identity.problem }),
      rights: byPurpose((purpose) =>
        rights.filter((one) => one.purpose === purpose && one.tenantId === tenantId).map(({ found }) => found),
      ),
    }
  })
}

const tenantsOf = ({ keyVault, hmaApp, dynamics }: Configuration): readonly string[] => [
  ...new Set([keyVault.tenantId, hmaApp.tenantId, ...(dynamics ? [dynamics.tenantId] : [])]),
]

type Identities = ReadonlyMap<string, Outcome<Identity>>

/** The rights of one deployment for each purpose, with the tenant that grants them. */
async function rightsOf(configuration: Configuration, subject: ExaminedSubject, identities: Identities) {
  const looked = await outcome(vaultOf(configuration, subject))
  const vault = answered(looked)
  const needs = needsOf(configuration, vault?.authorization)
  // Then roles are assumed, since they are the default for vaults, and the right to read comes first.
  const toLook: readonly Right[] = 'problem' in looked && looked.refused ? [{ of: 'azure', at: 'vault', name: 'Reader' }] : []
  const seen = await observe(configuration, subject, { identities, vault })
  return purposes.flatMap((purpose) =>
    [...toLook, ...rightsFor(purpose, needs).filter((one) => toLook.length === 0 || !('at' in one && one.name === 'Reader'))].map(
      (right) => ({ purpose, ...placed(right, configuration, seen(right)) }),
    ),
  )
}

const vaultOf = ({ keyVault }: Configuration, { clients }: ExaminedSubject): Promise<Vault | undefined> =>
  clients.resourceManager.vault(keyVault.tenantId, keyVault)

interface SharedReads {
  readonly identities: Identities
  readonly vault: Vault | undefined
}

/** Reads everything that shows rights, each once. The returned function says whether a right is held. */
async function observe(configuration: Configuration, subject: ExaminedSubject, { identities, vault }: SharedReads) {
  const { keyVault, dynamics, hmaApp } = configuration
  const { inspection } = subject
  const identity = (tenantId: string): Identity | undefined => {
    const found = identities.get(tenantId)
    return found && answered(found)
  }
  const inVault = identity(keyVault.tenantId)
  const scopes = scopesOf(configuration, vault !== undefined)
  const allowed = async (scope: string): Promise<readonly Allowed[] | 'refused' | undefined> =>
    inVault && (await outcome(inspection.permissions(keyVault.tenantId, scope)).then(allowedOrRefused))
  const [near, wide] = await Promise.all([scopes.near, scopes.subscription].map(allowed))
  const at = { vault: near, 'resource group': near, subscription: wide }
  const privileges = dynamics && identity(dynamics.tenantId) ? await privilegesOf(dynamics, inspection) : undefined
  const entry = vault?.accessPolicies.find((one) => one.objectId === inVault?.objectId && one.applicationId === undefined)
  return (right: Right): Held => {
    if (right.of === 'graph')
      return heldInGraph(right, identity(right.tenant === 'exchange' ? hmaApp.tenantId : keyVault.tenantId))
    if (right.of === 'azure') return heldInAzure(right, at[right.at])
    if (right.of === 'policy') return vault && inVault ? heldByPolicy(right, entry, inVault.type === 'person') : 'unknown'
    return privileges?.(right.name) ?? 'unknown'
  }
}

/** An identity that may not list what is allowed at a scope can do little there. */
const allowedOrRefused = (from: Outcome<readonly Allowed[]>): readonly Allowed[] | 'refused' | undefined =>
  'value' in from ? from.value : from.refused ? 'refused' : undefined

/** Where to look for roles: at the vault or, while hma has not created it, at the resource group. */
function scopesOf({ keyVault }: Configuration, exists: boolean) {
  const subscription = `/subscriptions/${keyVault.subscriptionId}`
  const group = `${subscription}/resourceGroups/${keyVault.resourceGroup}`
  return { near: exists || !keyVault.create ? vaultScopeId(keyVault) : group, subscription }
}

async function privilegesOf(dynamics: NonNullable<Configuration['dynamics']>, inspection: Inspection) {
  const names = rightsFor('apply', { ...nothing, dynamics: true }).flatMap((one) => (one.of === 'dataverse' ? [one.name] : []))
  const asked = await outcome(inspection.privileges(dynamics, names))
  return (name: string): Held => {
    // An identity that may not even ask is not a user of the environment.
    if ('problem' in asked) return asked.refused ? 'missing' : 'unknown'
    const held = asked.value.get(name)
    return held === undefined ? 'unknown' : held ? 'present' : 'missing'
  }
}

const nothing = { made: false, authorization: 'rbac', consent: 'manual', copy: false, tenants: 1 } as const

/** Under its name in docs/rights.md, with the place where it is granted. */
function placed(right: Right, configuration: Configuration, status: Held): { tenantId: string; found: RightFound } {
  const { name: deployment, keyVault, hmaApp, dynamics } = configuration
  const common = { deployment, status }
  if (right.of === 'graph') {
    const tenantId = right.tenant === 'exchange' ? hmaApp.tenantId : keyVault.tenantId
    return { tenantId, found: { ...common, kind: 'Microsoft Graph', right: right.name, at: `tenant ${tenantId}` } }
  }
  const { tenantId } = keyVault
  if (right.of === 'azure') {
    const names = { vault: keyVault.name, 'resource group': keyVault.resourceGroup, subscription: keyVault.subscriptionId }
    return { tenantId, found: { ...common, kind: 'role', right: right.name, at: `${right.at} ${names[right.at]}` } }
  }
  if (right.of === 'policy')
    return {
      tenantId,
      found: { ...common, kind: 'access policy', right: `${right.on}: ${right.name}`, at: `vault ${keyVault.name}` },
    }
  const at = new URL(dynamics?.environmentUrl ?? '').host
  return { tenantId: dynamics?.tenantId ?? tenantId, found: { ...common, kind: 'Dataverse', right: right.name, at } }
}
