import type { Variant } from './deployment.ts'
import type { Right } from './rights.ts'

/** The world in which the right is needed. */
export type StartingPoint = 'fresh' | 'standing' | 'due' | 'drifted' | 'deleted'

export interface Needed {
  readonly right: Right
  /** Where the command fails without it. */
  readonly shows: StartingPoint
}

export type Command = 'plan' | 'apply' | 'destroy' | 'verify'

type Changing = Exclude<Command, 'verify'>

/** Which vault, by its creator and its access model. */
export type Guarded = 'existing, RBAC' | 'existing, access policies' | 'made by hma, RBAC' | 'made by hma, access policies'

/** What of a configuration decides on the rights. */
export interface Setting {
  readonly vault: Guarded
  readonly consent: 'grant' | 'manual'
  readonly dynamics: boolean
  /** A copy of the client secret in the vault. */
  readonly copy: boolean
  readonly tenants: 1 | 2
  /** hma registers the service principal name. */
  readonly register?: boolean
}

export const variantOf = ({ vault, consent, dynamics, copy, tenants, register }: Setting): Variant => ({
  create: vault.startsWith('existing') ? false : vault.endsWith('RBAC') ? 'rbac' : 'accessPolicy',
  ...{ consent, dynamics, copy, tenants },
  ...(register && { exchange: ['servicePrincipalName: register'] }),
})

const graph = (tenant: 'vault' | 'exchange', name: string, shows: StartingPoint = 'fresh'): Needed => ({
  right: { of: 'graph', tenant, name },
  shows,
})
const azure = (at: 'vault' | 'resource group' | 'subscription', name: string, shows: StartingPoint = 'fresh'): Needed => ({
  right: { of: 'azure', at, name },
  shows,
})
const policy = (on: 'certificates' | 'secrets', name: string, shows: StartingPoint = 'fresh'): Needed => ({
  right: { of: 'policy', on, name },
  shows,
})
const row = (name: string, shows: StartingPoint = 'fresh'): Needed => ({ right: { of: 'dataverse', name }, shows })

/** What the identity of a command needs, and no more. */
export function needed(command: Command, setting: Setting): readonly Needed[] {
  if (command === 'verify') return toVerify(setting)
  return [...inGraph(command, setting), ...inAzure(command, setting), ...(setting.dynamics ? inDataverse(command) : [])]
}

/** With Dynamics it plans too, to see whether the profile says what it should. Besides, it reads the values of secrets. */
function toVerify(setting: Setting): readonly Needed[] {
  const { vault, dynamics, copy } = setting
  const planned = dynamics ? needed('plan', setting) : inGraph('plan', setting)
  const at = vault.startsWith('made') ? 'resource group' : 'vault'
  const values = vault.endsWith('RBAC')
    ? [azure(at, 'Key Vault Secrets User')]
    : [...(copy ? [policy('secrets', 'list')] : []), policy('secrets', 'get')]
  const all = [...planned, ...values].map(({ right }): Needed => ({ right, shows: 'standing' }))
  return all.filter((one, index) => all.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === index)
}

/** A removal reads what exists, and afterwards what is deleted. */
const startingPointOf = (command: Changing): StartingPoint => (command === 'destroy' ? 'standing' : 'fresh')

function inGraph(command: Changing, { tenants, consent, register }: Setting): readonly Needed[] {
  const both = tenants === 2 ? (['vault', 'exchange'] as const) : (['vault'] as const)
  const shows = startingPointOf(command)
  const reading = both.map((tenant) => graph(tenant, 'Application.Read.All', shows))
  if (command === 'plan') return reading
  const exchange = tenants === 2 ? 'exchange' : 'vault'
  const consenting = graph(exchange, 'AppRoleAssignment.ReadWrite.All')
  return [
    ...reading,
    ...both.map((tenant) => graph(tenant, 'Application.ReadWrite.OwnedBy', shows)),
    ...(command === 'apply' && consent === 'grant' ? [consenting] : []),
    ...(command === 'apply' && register ? [graph(exchange, 'Application.ReadWrite.All')] : []),
  ]
}

function inAzure(command: Changing, setting: Setting): readonly Needed[] {
  const { vault, copy } = setting
  const made = vault.startsWith('made')
  const at = made ? 'resource group' : 'vault'
  const deleted = made ? [azure('subscription', 'Key Vault Reader', startingPointOf(command))] : []
  const guard = vault.endsWith('RBAC') ? byRoles : byPolicies
  return [...deleted, ...guard(command, at, { made, copy })]
}

type At = 'vault' | 'resource group'

function byRoles(command: Changing, at: At, { made, copy }: { made: boolean; copy: boolean }): readonly Needed[] {
  const shows = startingPointOf(command)
  if (command === 'plan') return [azure(at, 'Reader', 'standing'), ...(made ? [] : [azure(at, 'Key Vault Reader')])]
  return [
    ...(made ? [azure(at, 'Key Vault Contributor', shows)] : []),
    azure(at, 'Role Based Access Control Administrator', shows),
    azure(at, 'Key Vault Certificates Officer', shows),
    ...(copy ? [azure(at, 'Key Vault Secrets Officer', shows)] : []),
  ]
}

function byPolicies(command: Changing, at: At, { made, copy }: { made: boolean; copy: boolean }): readonly Needed[] {
  const on = (which: 'certificates' | 'secrets', names: readonly string[], shows: StartingPoint): readonly Needed[] =>
    names.map((name) => policy(which, name, made && command === 'plan' ? 'standing' : shows))
  switch (command) {
    case 'plan':
      return [
        azure(at, 'Reader', 'standing'),
        ...on('certificates', ['get'], 'fresh'),
        ...(copy ? [...on('secrets', ['list'], 'standing'), policy('secrets', 'get', made ? 'drifted' : 'fresh')] : []),
      ]
    case 'destroy':
      return [
        azure(at, 'Key Vault Contributor', 'standing'),
        ...on('certificates', ['get', 'delete'], 'standing'),
        ...(copy ? on('secrets', ['list', 'get', 'delete'], 'standing') : []),
        ...(made ? on('certificates', ['list'], 'standing') : []),
      ]
    case 'apply':
      // hma grants itself access to a vault that it creates.
      if (made) return [azure(at, 'Key Vault Contributor')]
      return [
        azure(at, 'Key Vault Contributor'),
        ...[...on('certificates', ['get', 'create'], 'fresh'), ...on('certificates', ['recover'], 'deleted')],
        ...(copy ? [...on('secrets', ['list', 'get', 'set'], 'fresh'), ...on('secrets', ['recover'], 'deleted')] : []),
      ]
  }
}

const tables = ['EmailServerProfile', 'KeyVaultReference', 'ManagedIdentity'] as const

function inDataverse(command: Changing): readonly Needed[] {
  const each = (verb: string, shows: StartingPoint = 'fresh') => tables.map((name) => row(`prv${verb}${name}`, shows))
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
