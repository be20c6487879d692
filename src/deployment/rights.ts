import type { Configuration } from '../config/schema.ts'

/** One right of the identity that hma signs in as, as an administrator grants it. docs/rights.md lists them. */
export type Right =
  /** An application permission of Microsoft Graph. */
  | { readonly of: 'graph'; readonly name: string; readonly tenant: 'vault' | 'exchange' }
  /** A built-in role of Azure, at a scope. */
  | { readonly of: 'azure'; readonly name: string; readonly at: 'vault' | 'resource group' | 'subscription' }
  /** A permission in an access policy of the vault. */
  | { readonly of: 'policy'; readonly name: string; readonly on: 'certificates' | 'secrets' }
  /** A privilege in a security role of Dataverse. */
  | { readonly of: 'dataverse'; readonly name: string }

/** What an identity is used for. */
export const purposes = ['plan', 'apply', 'verify'] as const
export type Purpose = (typeof purposes)[number]

/** The properties of a configuration and its vault that determine the rights. */
export interface Needs {
  readonly made: boolean
  readonly authorization: 'rbac' | 'accessPolicy'
  readonly consent: 'grant' | 'manual'
  readonly dynamics: boolean
  /** A copy of the client secret in the vault. */
  readonly copy: boolean
  readonly tenants: 1 | 2
}

export const needsOf = (
  { keyVault, keyVaultApp, hmaApp, dynamics }: Configuration,
  seen: 'rbac' | 'accessPolicy' | undefined,
): Needs => ({
  made: keyVault.create !== undefined,
  authorization: seen ?? keyVault.create?.authorization ?? 'rbac',
  consent: hmaApp.adminConsent,
  dynamics: dynamics !== undefined,
  copy: keyVaultApp.clientSecret.vaultSecretName !== undefined,
  tenants: hmaApp.tenantId === keyVault.tenantId ? 1 : 2,
})

/** What the identity needs and no more: the tests in test/security prove that it is enough. */
export function rightsFor(purpose: Purpose, needs: Needs): readonly Right[] {
  if (purpose === 'verify') return toVerify(needs)
  return [...inGraph(purpose, needs), ...inAzure(purpose, needs), ...(needs.dynamics ? inDataverse(purpose) : [])]
}

/** With Dynamics it also plans, to check the profile; and it reads the values of secrets. */
function toVerify(needs: Needs): readonly Right[] {
  const planned = needs.dynamics ? rightsFor('plan', needs) : inGraph('plan', needs)
  const values: readonly Right[] =
    needs.authorization === 'rbac'
      ? [azure(placeOf(needs), 'Key Vault Secrets User')]
      : [...(needs.copy ? [policy('secrets', 'list')] : []), policy('secrets', 'get')]
  const all = new Map([...planned, ...values].map((one) => [JSON.stringify(one), one]))
  return [...all.values()]
}

type Changing = Exclude<Purpose, 'verify'>

const graph = (tenant: 'vault' | 'exchange', name: string): Right => ({ of: 'graph', tenant, name })
const azure = (at: 'vault' | 'resource group' | 'subscription', name: string): Right => ({ of: 'azure', at, name })
const policy = (on: 'certificates' | 'secrets', name: string): Right => ({ of: 'policy', on, name })

const placeOf = ({ made }: Needs) => (made ? 'resource group' : 'vault')

function inGraph(purpose: Changing, { tenants, consent }: Needs): readonly Right[] {
  const both = tenants === 2 ? (['vault', 'exchange'] as const) : (['vault'] as const)
  const each = (name: string): readonly Right[] => both.map((tenant) => graph(tenant, name))
  if (purpose === 'plan') return each('Application.Read.All')
  const consenting = graph(tenants === 2 ? 'exchange' : 'vault', 'AppRoleAssignment.ReadWrite.All')
  return [...each('Application.Read.All'), ...each('Application.ReadWrite.OwnedBy'), ...(consent === 'grant' ? [consenting] : [])]
}

function inAzure(purpose: Changing, needs: Needs): readonly Right[] {
  const deleted = needs.made ? [azure('subscription', 'Key Vault Reader')] : []
  return [...deleted, ...(needs.authorization === 'rbac' ? byRoles : byPolicies)(purpose, needs)]
}

function byRoles(purpose: Changing, needs: Needs): readonly Right[] {
  const at = placeOf(needs)
  if (purpose === 'plan') return [azure(at, 'Reader'), ...(needs.made ? [] : [azure(at, 'Key Vault Reader')])]
  return [
    ...(needs.made ? [azure(at, 'Key Vault Contributor')] : []),
    azure(at, 'Role Based Access Control Administrator'),
    azure(at, 'Key Vault Certificates Officer'),
    ...(needs.copy ? [azure(at, 'Key Vault Secrets Officer')] : []),
  ]
}

function byPolicies(purpose: Changing, needs: Needs): readonly Right[] {
  const on = (which: 'certificates' | 'secrets', names: readonly string[]): readonly Right[] =>
    names.map((name) => policy(which, name))
  const copy = (names: readonly string[]): readonly Right[] => (needs.copy ? on('secrets', names) : [])
  if (purpose === 'plan') return [azure(placeOf(needs), 'Reader'), ...on('certificates', ['get']), ...copy(['list', 'get'])]
  const contributor = azure(placeOf(needs), 'Key Vault Contributor')
  // hma grants itself access to a vault that it creates.
  if (needs.made) return [contributor]
  return [contributor, ...on('certificates', ['get', 'create', 'recover']), ...copy(['list', 'get', 'set', 'recover'])]
}

const tables = ['EmailServerProfile', 'KeyVaultReference', 'ManagedIdentity'] as const

function inDataverse(purpose: Changing): readonly Right[] {
  const each = (verb: string): readonly string[] => tables.map((table) => `prv${verb}${table}`)
  const linking = [
    ...['prvAppendEmailServerProfile', 'prvAppendKeyVaultReference'],
    ...['prvAppendToKeyVaultReference', 'prvAppendToManagedIdentity'],
  ]
  const names = purpose === 'plan' ? each('Read') : [...['Read', 'Create', 'Write'].flatMap(each), ...linking]
  return names.map((name): Right => ({ of: 'dataverse', name }))
}
