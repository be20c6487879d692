import type { Discovery } from '../discovery.ts'
import { known } from '../look.ts'
import { type Remark, when } from '../remark.ts'

/** What is to be known of the vault and of what KV-App may do there. */
export function vaultRemarks(found: Discovery): readonly Remark[] {
  const settings = known(found.vault.settings)
  if (!settings) return []
  return [
    ...when(
      !settings.purgeProtection,
      'keyVault.name',
      'Purge protection of the vault is off: what somebody deletes and purges there is gone at once, the certificate with it.',
      'Switch it on in the portal, under Properties. hma changes no settings of a vault that it did not make.',
    ),
    ...(settings.authorization === 'rbac' ? byRole(found) : byPolicy(found)),
  ]
}

/** Roles that let KV-App read what it needs: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security */
const needed: Readonly<Record<string, string>> = {
  '4633458b-17de-408a-b874-0445c86b69e6': 'Key Vault Secrets User',
  'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba': 'Key Vault Certificate User',
}

const broader: Readonly<Record<string, string>> = {
  '00482a5a-887f-4fb3-b363-3b7fe8e74483': 'Key Vault Administrator',
  'a4417e6f-fecd-4de8-b567-7b0420556985': 'Key Vault Certificates Officer',
  'b86a8fe4-44ce-4948-aee5-eccb2c155cd7': 'Key Vault Secrets Officer',
  'f25e0fa2-a7c8-4377-a976-54943a77a395': 'Key Vault Contributor',
  'b24988ac-6180-42a0-ab88-20f7382dd24c': 'Contributor',
  '8e3af657-a8ff-443c-a75c-2fe8c4bcb635': 'Owner',
}

function byRole({ keyVaultApp, vault }: Discovery): Remark[] {
  const roles = known(keyVaultApp.roles)
  const principal = known(keyVaultApp.principal)
  const place = known(vault.settings)
  if (!roles || !principal || !place) return []
  const held = roles.map((one) => ({ ...one, roleId: one.roleDefinitionId.split('/').at(-1)?.toLowerCase() ?? '' }))
  const lacking = Object.entries(needed).flatMap(([roleId, name]) => (held.some((one) => one.roleId === roleId) ? [] : [name]))
  const more = held.flatMap(({ roleId }) => (roleId in needed ? [] : [broader[roleId] ?? `the role ${roleId}`]))
  const above = held.filter(({ roleId, scope }) => roleId in needed && scope.toLowerCase() !== place.id.toLowerCase())
  return [
    ...when(
      lacking.length > 0,
      'keyVaultApp',
      `KV-App does not hold ${lacking.join(' and ')} at the vault.`,
      '`hma apply` assigns what is missing.',
    ),
    ...when(
      more.length > 0,
      'keyVaultApp',
      `KV-App holds more at the vault than it needs: ${more.join(', ')}.`,
      'Once it holds Key Vault Secrets User and Key Vault Certificate User, take the rest away.',
    ),
    ...when(
      above.length > 0,
      'keyVaultApp',
      `KV-App holds its roles above the vault (${[...new Set(above.map(({ scope }) => scope))].join(', ')}), and so at other vaults too.`,
      'Assign the two roles at the vault instead.',
    ),
  ]
}

function byPolicy({ keyVaultApp, vault }: Discovery): Remark[] {
  const principal = known(keyVaultApp.principal)
  const settings = known(vault.settings)
  if (!principal || !settings) return []
  const policy = settings.accessPolicies.find((one) => one.objectId.toLowerCase() === principal.id.toLowerCase())
  const of = (what: 'secrets' | 'certificates' | 'keys' | 'storage') => policy?.[what].map((one) => one.toLowerCase()) ?? []
  const lacking = (['secrets', 'certificates'] as const).filter((what) => !['get', 'all'].some((one) => of(what).includes(one)))
  const more = (['secrets', 'certificates', 'keys', 'storage'] as const).flatMap((what) =>
    of(what).flatMap((one) => (one === 'get' && (what === 'secrets' || what === 'certificates') ? [] : [`${what} ${one}`])),
  )
  return [
    ...when(
      lacking.length > 0,
      'keyVaultApp',
      `The vault's access policies do not let KV-App get ${lacking.join(' and ')}.`,
      '`hma apply` adds what is missing.',
    ),
    ...when(
      more.length > 0,
      'keyVaultApp',
      `The access policy of KV-App allows more than it needs, which is to get secrets and certificates: ${more.join(', ')}.`,
      'Take the rest away in the portal, under Access policies. hma leaves what it did not give.',
    ),
  ]
}
