import type { Problem } from './problem.ts'

/**
 * Which right is missing, and where it is granted. The rights are those of docs/rights.md.
 * https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */

type Rule = readonly [action: RegExp, role: string, scope: (at: string) => string]

/** A role is assigned at the resource it is for, not at the id of the assignment. */
const asAsked = (at: string): string => at.replace(/\/providers\/Microsoft\.Authorization\/.*$/i, '')
const group = (at: string): string => at.replace(/\/providers\/.*$/i, '')
const subscription = (at: string): string => /^\/subscriptions\/[^/]+/i.exec(at)?.[0] ?? at

/** The roles that apply needs include the read rights that plan needs. */
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

/** The right that Resource Manager's refusal names. */
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

/** The right that is missing on a vault with role-based access. */
export function missingVaultRole({ message }: Problem): string {
  const action = /Action: '([^']+)'/.exec(message)?.[1] ?? ''
  const role = byVault.find(([pattern]) => pattern.test(action))?.[1] ?? 'Key Vault Certificates Officer or Secrets Officer'
  const what = action === '' ? '' : `, for ${action}`
  return `The signed-in identity needs the role ${role} at ${vaultIn(message)}${what}. A role takes effect after a few minutes.`
}

/** The right that is missing on a vault with access policies. */
export function missingPermission({ message }: Problem): string {
  const permission = /does not have (\w+ \w+) permission/i.exec(message)?.[1]
  const needed = permission === undefined ? 'a permission' : `the permission "${permission}"`
  return `The signed-in identity needs ${needed} in an access policy of ${vaultIn(message)}, in the portal under Access policies.`
}

/** The privilege that a Dataverse application user lacks. */
export function missingPrivilege({ message }: Problem): string {
  const privilege = /\b(prv[A-Z]\w+)/.exec(message)?.[1]
  const where = 'In the Power Platform admin center: Environments, Settings, Users + permissions, Security roles.'
  return privilege === undefined
    ? `The application user needs the role System Administrator, or one with rights on email server profiles. ${where}`
    : `The application user needs the privilege ${privilege} in one of its security roles; System Administrator holds it. ${where}`
}
