import type { Purpose, Right } from './rights.ts'

export type Held = 'present' | 'missing' | 'unknown'

/** Whether the signed-in identity has a right, and where an administrator grants it. */
export interface RightFound {
  readonly deployment: string
  readonly kind: 'Microsoft Graph' | 'role' | 'access policy' | 'Dataverse'
  readonly right: string
  readonly at: string
  readonly status: Held
}

export type RightsFound = Readonly<Record<Purpose, readonly RightFound[]>>

/** What is known about an identity; a missing part is unknown. */
export interface Holder {
  readonly type: 'application' | 'person'
  readonly permissions: readonly string[]
  readonly directoryRoles: readonly string[] | undefined
}

/** What an identity's roles allow. Patterns may contain asterisks. */
export interface Allowed {
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
  readonly dataActions: readonly string[]
  readonly notDataActions: readonly string[]
}

/** Permissions that include others (https://learn.microsoft.com/graph/permissions-reference). */
const permissions: Readonly<Record<string, readonly string[]>> = {
  'Application.Read.All': ['Application.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  'Application.ReadWrite.OwnedBy': ['Application.ReadWrite.All'],
}

/** Template ids (https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference). */
const administrators = [
  '62e90394-69f5-4237-9190-012177145e10', // Global Administrator
  '158c047a-c907-4556-b7ef-446551a6b5f7', // Cloud Application Administrator
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3', // Application Administrator
]
const readers = [...administrators, 'f2ef992c-3afb-46b9-b7cf-a126ee74c451', '88d8e3e3-8f55-4a1e-953a-9b9898b8876b'] // Global and Directory Reader

/** A Microsoft Graph permission or, for a person, an equivalent directory role. */
export function heldInGraph({ name }: Right & { of: 'graph' }, holder: Holder | undefined): Held {
  if (!holder) return 'unknown'
  const { type, permissions: own, directoryRoles } = holder
  if (type === 'application') return verdict([name, ...(permissions[name] ?? [])].some((one) => own.includes(one)))
  if (!directoryRoles) return 'unknown'
  return verdict((name === 'Application.Read.All' ? readers : administrators).some((one) => directoryRoles.includes(one)))
}

interface Probe {
  readonly actions?: readonly string[]
  readonly dataActions?: readonly string[]
}

const vaults = 'Microsoft.KeyVault/vaults'

/** What a role is needed for; any role that allows the same will do. */
const roles: Readonly<Record<string, Probe>> = {
  Reader: { actions: [`${vaults}/read`, 'Microsoft.Authorization/roleAssignments/read'] },
  'Key Vault Reader': { dataActions: [`${vaults}/certificates/read`, `${vaults}/secrets/readMetadata/action`] },
  'Role Based Access Control Administrator': {
    actions: ['Microsoft.Authorization/roleAssignments/write', 'Microsoft.Authorization/roleAssignments/delete'],
  },
  'Key Vault Contributor': { actions: [`${vaults}/write`, `${vaults}/accessPolicies/write`] },
  'Key Vault Certificates Officer': {
    dataActions: [`${vaults}/certificates/read`, `${vaults}/certificates/create/action`, `${vaults}/certificates/update/action`],
  },
  'Key Vault Secrets Officer': { dataActions: [`${vaults}/secrets/readMetadata/action`, `${vaults}/secrets/setSecret/action`] },
  'Key Vault Secrets User': { dataActions: [`${vaults}/secrets/getSecret/action`] },
}

/** At the subscription it is needed to find a soft-deleted vault. */
const inSubscription: Probe = { actions: ['Microsoft.KeyVault/locations/deletedVaults/read'] }

/** A role, judged by what is allowed at its scope. */
export function heldInAzure({ name, at }: Right & { of: 'azure' }, allowed: readonly Allowed[] | 'refused' | undefined): Held {
  const { actions = [], dataActions = [] } = (at === 'subscription' ? inSubscription : roles[name]) ?? {}
  if (!allowed) return 'unknown'
  // Every other role includes the right to list what it allows.
  if (allowed === 'refused') return name === 'Key Vault Secrets User' ? 'unknown' : 'missing'
  const may = (one: Allowed, plane: 'actions' | 'dataActions', action: string): boolean =>
    one[plane].some((pattern) => matches(pattern, action)) &&
    !one[plane === 'actions' ? 'notActions' : 'notDataActions'].some((pattern) => matches(pattern, action))
  const all = (plane: 'actions' | 'dataActions', wanted: readonly string[]): boolean =>
    wanted.every((action) => allowed.some((one) => may(one, plane, action)))
  return verdict(all('actions', actions) && all('dataActions', dataActions))
}

const matches = (pattern: string, action: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i').test(action)

/** A permission in the identity's own entry. A person may have it through a group, which the vault does not show. */
export function heldByPolicy(
  { on, name }: Right & { of: 'policy' },
  entry: Readonly<Record<'certificates' | 'secrets', readonly string[]>> | undefined,
  isPerson: boolean,
): Held {
  const given = entry?.[on].some((one) => ['all', name].includes(one.toLowerCase())) ?? false
  return !given && isPerson ? 'unknown' : verdict(given)
}

const verdict = (has: boolean): Held => (has ? 'present' : 'missing')
