import type { JsonObject } from './json.ts'

/** A permission that an application has on behalf of a user, as it stands in `oauth2PermissionScopes`. */
const scope = (id: string, value: string, what: string, type: 'User' | 'Admin' = 'User'): JsonObject => ({
  adminConsentDescription: `Allows the application to ${what} on behalf of the signed-in user.`,
  adminConsentDisplayName: `${what.charAt(0).toUpperCase()}${what.slice(1)}`,
  id,
  isEnabled: true,
  type,
  userConsentDescription: `Allows the application to ${what} on your behalf.`,
  userConsentDisplayName: `${what.charAt(0).toUpperCase()}${what.slice(1)}`,
  value,
})

/** Delegated permissions of Microsoft's own APIs: https://learn.microsoft.com/graph/permissions-reference */
export const scopes = {
  graph: [
    scope('e1fe6dd8-ba31-4d61-89e7-88639da4683d', 'User.Read', 'sign in and read the profile'),
    scope('b4e74841-8e56-480b-be8b-910348b18b4c', 'User.ReadWrite', 'read and write the profile'),
    scope('b340eb25-3456-403f-be2f-af7a0d370277', 'User.ReadBasic.All', "read all users' basic profiles"),
    scope('a154be20-db9c-4678-8ab7-66f6cc099a59', 'User.Read.All', "read all users' full profiles", 'Admin'),
    scope('37f7f235-527c-4136-accd-4a02d197296e', 'openid', 'sign users in'),
    scope('14dad69e-099b-42c9-810b-d002981feec1', 'profile', "view users' basic profile"),
    scope('64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0', 'email', "view users' email address"),
    scope('7427e0e9-2fba-42fe-b0c0-848c9e6a8182', 'offline_access', 'maintain access to data'),
    scope('06da0dbc-49e2-44d2-8312-53f166ab848a', 'Directory.Read.All', 'read directory data', 'Admin'),
    scope('c5366453-9fb0-48a5-a156-24f0c49a4b84', 'Directory.ReadWrite.All', 'read and write directory data', 'Admin'),
    scope('0e263e50-5827-48a4-b97c-d940288653c7', 'Directory.AccessAsUser.All', 'access the directory', 'Admin'),
    scope('c79f8feb-a9db-4090-85f9-90d820caa0eb', 'Application.Read.All', 'read applications', 'Admin'),
    scope('bdfbf15f-ee85-4955-8675-146e8e5296b5', 'Application.ReadWrite.All', 'read and write all applications', 'Admin'),
    scope('5f8c59db-677d-491f-a6b8-5f174b11ec1d', 'Group.Read.All', 'read all groups', 'Admin'),
    scope('4e46008b-f24c-477d-8fff-7bb4ec7aafe0', 'Group.ReadWrite.All', 'read and write all groups', 'Admin'),
    scope('570282fd-fa5c-430d-a7fd-fc8dc98a9dca', 'Mail.Read', 'read mail'),
    scope('e383f46e-2787-4529-855e-0e479a3ffac0', 'Mail.Send', 'send mail'),
    scope('465a38f9-76ea-45b9-9f34-9e8b0d4b0b42', 'Calendars.Read', 'read calendars'),
  ],
  exchange: [
    scope('3b5f3d61-589b-4a3c-a359-5dd4b5ee5bd5', 'EWS.AccessAsUser.All', 'access mailboxes through Exchange Web Services'),
    scope('652390e4-393a-48de-9484-05f9b1212954', 'IMAP.AccessAsUser.All', 'read and write mailboxes through IMAP'),
  ],
  resourceManager: [scope('41094075-9dad-400e-a0bd-54e686782033', 'user_impersonation', 'access Azure Resource Manager')],
  keyVault: [scope('f53da476-18e3-4152-8e01-aec403e6edc0', 'user_impersonation', 'have full access to Azure Key Vault')],
  dataverse: [scope('78ce3f0f-a1ce-49c2-8cde-64b5c0896db4', 'user_impersonation', 'access Dataverse')],
} as const
