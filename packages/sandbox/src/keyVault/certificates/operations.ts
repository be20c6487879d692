/** What a request does, as a permission of an access policy, or under its own name where role-based access is finer. */
export interface Operation {
  readonly category: 'certificates' | 'secrets' | 'keys'
  readonly permission: string
}

/**
 * Data actions of role-based access, where they are not `{category}/{permission}/action`:
 * https://learn.microsoft.com/azure/role-based-access-control/permissions/security#microsoftkeyvault
 */
const dataActions: Record<string, string> = {
  'certificates/get': 'certificates/read',
  'certificates/list': 'certificates/read',
  'certificates/delete': 'certificates/delete',
  'certificates/managecontacts': 'certificatecontacts/write',
  'certificates/getissuers': 'certificatecas/read',
  'certificates/listissuers': 'certificatecas/read',
  'certificates/setissuers': 'certificatecas/write',
  'certificates/deleteissuers': 'certificatecas/delete',
  'secrets/get': 'secrets/getSecret/action',
  'secrets/list': 'secrets/readMetadata/action',
  'secrets/getdeleted': 'secrets/readMetadata/action',
  'secrets/set': 'secrets/setSecret/action',
  'secrets/delete': 'secrets/delete',
  'keys/get': 'keys/read',
  'keys/list': 'keys/read',
  'keys/getdeleted': 'keys/read',
  'keys/delete': 'keys/delete',
  'keys/wrapkey': 'keys/wrap/action',
  'keys/unwrapkey': 'keys/unwrap/action',
  'keys/getrotationpolicy': 'keyrotationpolicies/read',
  'keys/setrotationpolicy': 'keyrotationpolicies/write',
}

/** What role-based access distinguishes and access policies do not. */
const policyPermissions: Record<string, string> = {
  'secrets/update': 'set',
  'secrets/getdeleted': 'get',
  'keys/getdeleted': 'get',
}

/** The permission that an access policy must grant. */
export const permissionOf = ({ category, permission }: Operation): string =>
  policyPermissions[`${category}/${permission}`] ?? permission

export function dataActionOf({ category, permission }: Operation): string {
  const short = `${category}/${permission}`
  return `Microsoft.KeyVault/vaults/${dataActions[short] ?? `${short}/action`}`
}
