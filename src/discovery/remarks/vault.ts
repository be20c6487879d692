import { builtInRoles, vaultReaderRoles } from '../../azure/wellKnown.ts'
import { vaultObservations } from '../../observations/vault.ts'
import type { Discovery } from '../discovery.ts'
import { known } from '../readResult.ts'
import { type ImportRemark, observed, when } from '../remark.ts'

/** Remarks on the vault and on KV-App's access to it. */
export function vaultRemarks(found: Discovery): readonly ImportRemark[] {
  const settings = known(found.vault.settings)
  if (!settings) return []
  return [
    ...observed('keyVault.name', vaultObservations(settings)),
    ...(settings.authorization === 'rbac' ? byRole(found) : byPolicy(found)),
  ]
}

const needed: readonly string[] = vaultReaderRoles

/** The name of a built-in role by its id. */
const roleName = new Map<string, string>(Object.entries(builtInRoles).map(([name, id]) => [id, name]))

function byRole({ keyVaultApp, vault }: Discovery): ImportRemark[] {
  const roles = known(keyVaultApp.roles)
  const principal = known(keyVaultApp.principal)
  const place = known(vault.settings)
  if (!roles || !principal || !place) return []
  const held = roles.map((one) => ({ ...one, roleId: one.roleDefinitionId.split('/').at(-1)?.toLowerCase() ?? '' }))
  const lacking = needed.filter((name) => !held.some(({ roleId }) => roleName.get(roleId) === name))
  const more = held.map(({ roleId }) => roleName.get(roleId) ?? `the role ${roleId}`).filter((name) => !needed.includes(name))
  const above = held.filter(
    ({ roleId, scope }) => needed.includes(roleName.get(roleId) ?? '') && scope.toLowerCase() !== place.id.toLowerCase(),
  )
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
      'Once it holds Key Vault Secrets User and Key Vault Certificate User, remove the rest.',
    ),
    ...when(
      above.length > 0,
      'keyVaultApp',
      `KV-App holds its roles above the vault (${[...new Set(above.map(({ scope }) => scope))].join(', ')}), and so at other vaults too.`,
      'Assign the two roles at the vault instead.',
    ),
  ]
}

function byPolicy({ keyVaultApp, vault }: Discovery): ImportRemark[] {
  const principal = known(keyVaultApp.principal)
  const settings = known(vault.settings)
  if (!principal || !settings) return []
  const policy = settings.accessPolicies.find(
    (one) => one.objectId.toLowerCase() === principal.id.toLowerCase() && one.applicationId === undefined,
  )
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
      'Remove the rest in the portal, under Access policies. hma leaves what it did not give.',
    ),
  ]
}
