import type { Problem } from './problem.ts'

/**
 * Which right is missing, and where it is given. The rights are those of docs/rights.md.
 * https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */

type Rule = readonly [action: RegExp, role: string, scope: (at: string) => string]

/** A role assignment is given at what it is for, and not at its own id. */
const asAsked = (at: string): string => at.replace(/\/providers\/Microsoft\.Authorization\/.*$/i, '')
const group = (at: string): string => at.replace(/\/providers\/.*$/i, '')
const subscription = (at: string): string => /^\/subscriptions\/[^/]+/i.exec(at)?.[0] ?? at

/** Roles that apply needs hold the reading rights that a plan needs, too. */
const reading =
  'Reader (to plan; to apply: Role Based Access Control Administrator, or Key Vault Contributor where the vault has access policies)'

const byResourceManager: readonly Rule[] = [
  [/roleAssignments\/(write|delete)$/i, 'Role Based Access Control Administrator', asAsked],
  [/accessPolicies\/write$/i, 'Key Vault Contributor', asAsked],
  [/vaults\/(write|delete)$/i, 'Key Vault Contributor', group],
  [/(deletedVaults|checkNameAvailability)\/read$/i, 'Key Vault Reader', subscription],
  [/subscriptions\/resourceGroups\/read$/i, 'Reader', asAsked],
  [/(vaults|roleAssignments)\/read$/i, reading, asAsked],
]

/** What a refusal of Resource Manager says is missing. */
export function missingRole({ message }: Problem): string {
  const [, action = '', at = ''] = /action '([^']+)'(?: over scope '([^']+)')?/.exec(message) ?? []
  const rule = byResourceManager.find(([pattern]) => pattern.test(action))
  if (rule === undefined)
    return action === ''
      ? ''
      : `The signed-in identity needs a role that allows ${action}${at === '' ? '' : ` at ${asAsked(at)}`}.`
  const [, role, scope] = rule
  const where = at === '' ? '' : ` at ${scope(at)}`
  return `The signed-in identity needs the role ${role}${where}, for ${action}.`
}

const byVault: readonly (readonly [RegExp, string])[] = [
  [/certificates\/read$/i, 'Key Vault Certificates Officer (to plan only: Key Vault Reader)'],
  [/certificates\//i, 'Key Vault Certificates Officer'],
  [/secrets\/readMetadata\//i, 'Key Vault Secrets Officer (to plan only: Key Vault Reader; to verify: Key Vault Secrets User)'],
  [/secrets\/getSecret\//i, 'Key Vault Secrets User'],
  [/secrets\//i, 'Key Vault Secrets Officer'],
]

const vaultIn = (message: string): string => {
  const name = /\bvault '([^';]+)/i.exec(message)?.[1] ?? /providers\/Microsoft.KeyVault\/vaults\/([^/']+)/i.exec(message)?.[1]
  return name === undefined ? 'the vault' : `the vault ${name}`
}

/** What a vault that goes by roles misses. */
export function missingVaultRole({ message }: Problem): string {
  const action = /Action: '([^']+)'/.exec(message)?.[1] ?? ''
  const role = byVault.find(([pattern]) => pattern.test(action))?.[1] ?? 'Key Vault Certificates Officer or Secrets Officer'
  const what = action === '' ? '' : `, for ${action}`
  return `The signed-in identity needs the role ${role} at ${vaultIn(message)}${what}. A role takes effect after a few minutes.`
}

/** What a vault that goes by access policies misses. */
export function missingPermission({ message }: Problem): string {
  const permission = /does not have (\w+ \w+) permission/i.exec(message)?.[1]
  const needed = permission === undefined ? 'a permission' : `the permission "${permission}"`
  return `The signed-in identity needs ${needed} in an access policy of ${vaultIn(message)}, in the portal under Access policies.`
}

/** What an application user of Dataverse misses. */
export function missingPrivilege({ message }: Problem): string {
  const privilege = /\b(prv[A-Z]\w+)/.exec(message)?.[1]
  const where = 'In the Power Platform admin center: Environments, Settings, Users + permissions, Security roles.'
  return privilege === undefined
    ? `The application user needs the role System Administrator, or one with rights on email server profiles. ${where}`
    : `The application user needs the privilege ${privilege} in one of its security roles; System Administrator holds it. ${where}`
}
