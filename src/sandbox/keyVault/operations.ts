/** What a request does, in the words of an access policy. */
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
  'secrets/set': 'secrets/setSecret/action',
  'secrets/delete': 'secrets/delete',
  'keys/get': 'keys/read',
}

export function dataActionOf({ category, permission }: Operation): string {
  const short = `${category}/${permission}`
  return `Microsoft.KeyVault/vaults/${dataActions[short] ?? `${short}/action`}`
}
