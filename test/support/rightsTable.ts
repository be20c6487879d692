import type { Variant } from './deployment.ts'
import type { Right } from './rights.ts'

/** The world in which it shows that a right is there for something. */
export type Scene = 'fresh' | 'standing' | 'due' | 'drifted' | 'deleted'

export interface Needed {
  readonly right: Right
  /** Where the command fails without it. */
  readonly shows: Scene
}

export type Command = 'plan' | 'apply' | 'destroy' | 'verify'

/** Which vault, by who made it and how it is guarded. */
export type Guarded = 'existing, RBAC' | 'existing, access policies' | 'made by hma, RBAC' | 'made by hma, access policies'

/** What of a configuration decides on the rights. */
export interface Setting {
  readonly vault: Guarded
  readonly consent: 'grant' | 'manual'
  readonly dynamics: boolean
  /** A copy of the client secret in the vault. */
  readonly copy: boolean
  readonly tenants: 1 | 2
}

export const variantOf = ({ vault, consent, dynamics, copy, tenants }: Setting): Variant => ({
  create: vault.startsWith('existing') ? false : vault.endsWith('RBAC') ? 'rbac' : 'accessPolicy',
  ...{ consent, dynamics, copy, tenants },
})

const graph = (tenant: 'vault' | 'exchange', name: string, shows: Scene = 'fresh'): Needed => ({
  right: { of: 'graph', tenant, name },
  shows,
})
const azure = (at: 'vault' | 'resource group' | 'subscription', name: string, shows: Scene = 'fresh'): Needed => ({
  right: { of: 'azure', at, name },
  shows,
})
const policy = (on: 'certificates' | 'secrets', name: string, shows: Scene = 'fresh'): Needed => ({
  right: { of: 'policy', on, name },
  shows,
})
const row = (name: string, shows: Scene = 'fresh'): Needed => ({ right: { of: 'dataverse', name }, shows })

/** What the identity of a command needs, and no more. */
export const needed = (command: Command, setting: Setting): readonly Needed[] => [
  ...inGraph(command, setting),
  ...inAzure(command, setting),
  ...(setting.dynamics ? inDataverse(command) : []),
]

/** A removal looks for what stands; after it, it looks for what is deleted. */
const sceneOf = (command: Command): Scene => (command === 'destroy' || command === 'verify' ? 'standing' : 'fresh')

function inGraph(command: Command, { tenants, consent }: Setting): readonly Needed[] {
  const both = tenants === 2 ? (['vault', 'exchange'] as const) : (['vault'] as const)
  const shows = sceneOf(command)
  const reading = both.map((tenant) => graph(tenant, 'Application.Read.All', shows))
  if (command === 'plan' || command === 'verify') return reading
  const consenting = graph(tenants === 2 ? 'exchange' : 'vault', 'AppRoleAssignment.ReadWrite.All')
  return [
    ...reading,
    ...both.map((tenant) => graph(tenant, 'Application.ReadWrite.OwnedBy', shows)),
    ...(command === 'apply' && consent === 'grant' ? [consenting] : []),
  ]
}

function inAzure(command: Command, setting: Setting): readonly Needed[] {
  const { vault, copy } = setting
  const made = vault.startsWith('made')
  const at = made ? 'resource group' : 'vault'
  const deleted = made && command !== 'verify' ? [azure('subscription', 'Key Vault Reader', sceneOf(command))] : []
  const guard = vault.endsWith('RBAC') ? byRoles : byPolicies
  return [...deleted, ...guard(command, at, { made, copy })]
}

type At = 'vault' | 'resource group'

function byRoles(command: Command, at: At, { made, copy }: { made: boolean; copy: boolean }): readonly Needed[] {
  const shows = sceneOf(command)
  if (command === 'plan') return [azure(at, 'Reader', 'standing'), ...(made ? [] : [azure(at, 'Key Vault Reader')])]
  if (command === 'verify') return [azure(at, 'Key Vault Reader', shows), azure(at, 'Key Vault Secrets User', shows)]
  return [
    ...(made ? [azure(at, 'Key Vault Contributor', shows)] : []),
    azure(at, 'Role Based Access Control Administrator', shows),
    azure(at, 'Key Vault Certificates Officer', shows),
    ...(copy ? [azure(at, 'Key Vault Secrets Officer', shows)] : []),
  ]
}

function byPolicies(command: Command, at: At, { made, copy }: { made: boolean; copy: boolean }): readonly Needed[] {
  const on = (which: 'certificates' | 'secrets', names: readonly string[], shows: Scene): readonly Needed[] =>
    names.map((name) => policy(which, name, made && command === 'plan' ? 'standing' : shows))
  switch (command) {
    case 'plan':
      return [
        azure(at, 'Reader', 'standing'),
        ...on('certificates', ['get'], 'fresh'),
        ...(copy ? [...on('secrets', ['list'], 'standing'), policy('secrets', 'get', made ? 'drifted' : 'fresh')] : []),
      ]
    case 'verify':
      return [...on('certificates', ['get'], 'standing'), ...on('secrets', ['get'], 'standing')]
    case 'destroy':
      return [
        azure(at, 'Key Vault Contributor', 'standing'),
        ...on('certificates', ['get', 'delete'], 'standing'),
        ...(copy ? on('secrets', ['list', 'get', 'delete'], 'standing') : []),
        ...(made ? on('certificates', ['list'], 'standing') : []),
      ]
    case 'apply':
      // In a vault that hma makes it lets itself in.
      if (made) return [azure(at, 'Key Vault Contributor')]
      return [
        azure(at, 'Key Vault Contributor'),
        ...[...on('certificates', ['get', 'create'], 'fresh'), ...on('certificates', ['recover'], 'deleted')],
        ...(copy ? [...on('secrets', ['list', 'get', 'set'], 'fresh'), ...on('secrets', ['recover'], 'deleted')] : []),
      ]
  }
}

const tables = ['EmailServerProfile', 'KeyVaultReference', 'ManagedIdentity'] as const

function inDataverse(command: Command): readonly Needed[] {
  const each = (verb: string, shows: Scene = 'fresh') => tables.map((name) => row(`prv${verb}${name}`, shows))
  if (command === 'verify') return each('Read', 'standing')
  if (command === 'destroy') return [...each('Read', 'standing'), ...each('Delete', 'standing')]
  if (command === 'plan') return each('Read')
  return [
    ...each('Read'),
    ...each('Create'),
    row('prvWriteEmailServerProfile', 'drifted'),
    row('prvWriteKeyVaultReference', 'drifted'),
    row('prvWriteManagedIdentity', 'due'),
    row('prvAppendEmailServerProfile'),
    row('prvAppendKeyVaultReference'),
    row('prvAppendToKeyVaultReference'),
    row('prvAppendToManagedIdentity'),
  ]
}
