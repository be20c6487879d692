/** Ids that are the same in every tenant of every cloud. Each is listed once. */

/** Microsoft's applications (https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in). */
export const exchangeOnline = '00000002-0000-0ff1-ce00-000000000000'
export const microsoftGraph = '00000003-0000-0000-c000-000000000000'

/** Application permission of Exchange Online (https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-authenticate-an-ews-application-by-using-oauth). */
export const fullAccessAsApp = 'dc890d15-9560-4a4c-9b7f-a736ec74ec40'

/** `User.Read`, delegated, of Microsoft Graph (https://learn.microsoft.com/graph/permissions-reference#userread). */
export const userRead = 'e1fe6dd8-ba31-4d61-89e7-88639da4683d'

/** Built-in roles of Resource Manager (https://learn.microsoft.com/azure/role-based-access-control/built-in-roles). */
export const builtInRoles = {
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6',
  'Key Vault Certificate User': 'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba',
  'Key Vault Administrator': '00482a5a-887f-4fb3-b363-3b7fe8e74483',
  'Key Vault Certificates Officer': 'a4417e6f-fecd-4de8-b567-7b0420556985',
  'Key Vault Secrets Officer': 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
  'Key Vault Contributor': 'f25e0fa2-a7c8-4377-a976-54943a77a395',
  Contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  Owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
} as const

/** The roles that grant Get on secrets and on certificates, and no writes (https://learn.microsoft.com/azure/key-vault/general/rbac-guide#azure-built-in-roles-for-key-vault-data-plane-operations). */
export const vaultReaderRoles = ['Key Vault Secrets User', 'Key Vault Certificate User'] as const
