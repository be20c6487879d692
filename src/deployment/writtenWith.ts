import type { Configuration } from '../config/schema.ts'
import type { RightFound } from './heldRights.ts'

const inKeyVaultTenant = ['keyVaultApp', 'clientSecret']
const inExchangeTenant = ['hmaApp', 'certificateCredential', 'apiPermission']
const certificates = ['certificateRequest', 'certificate']
const rows = ['emailServerProfile']

/** What each write right is used for, by kind of resource. */
const writers: Readonly<Record<string, readonly string[]>> = {
  'AppRoleAssignment.ReadWrite.All': ['adminConsent'],
  'Key Vault Contributor': ['vault', 'vaultAccess'],
  'Role Based Access Control Administrator': ['vaultAccess'],
  'Key Vault Certificates Officer': certificates,
  'Key Vault Secrets Officer': ['clientSecret'],
  'certificates: create': certificates,
  'certificates: recover': certificates,
  'secrets: set': ['clientSecret'],
  'secrets: recover': ['clientSecret'],
  prvCreateEmailServerProfile: rows,
  prvWriteEmailServerProfile: rows,
  prvAppendEmailServerProfile: rows,
  prvCreateKeyVaultReference: rows,
  prvWriteKeyVaultReference: rows,
  prvAppendKeyVaultReference: rows,
  prvAppendToKeyVaultReference: rows,
  prvCreateManagedIdentity: rows,
  prvWriteManagedIdentity: [...rows, 'clientSecret'],
  prvAppendToManagedIdentity: rows,
}

/** The kinds of resource written with a right; empty if it is for reading. */
export function writtenWith(
  { right, at }: Pick<RightFound, 'right' | 'at'>,
  { keyVault, hmaApp }: Configuration,
): readonly string[] {
  if (right !== 'Application.ReadWrite.OwnedBy') return writers[right] ?? []
  return [...(at.includes(keyVault.tenantId) ? inKeyVaultTenant : []), ...(at.includes(hmaApp.tenantId) ? inExchangeTenant : [])]
}
