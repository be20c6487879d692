import type { JsonObject } from './json.ts'
import { scopes } from './scopes.ts'
import type { AppRole, ServicePrincipal } from './state.ts'

/** Tenant in which Microsoft registers its own applications. */
export const microsoftTenantId = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a'

/** Application ids that are the same in every tenant and cloud. */
export const appIds = {
  graph: '00000003-0000-0000-c000-000000000000',
  exchange: '00000002-0000-0ff1-ce00-000000000000',
  resourceManager: '797f4846-ba00-4fd7-ba43-dac1f8f63013',
  keyVault: 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093',
  dataverse: '00000007-0000-0000-c000-000000000000',
} as const

/** The Microsoft application behind an API, present in every tenant. */
export interface FirstParty {
  readonly appId: string
  readonly displayName: string
  readonly servicePrincipalNames: readonly string[]
  readonly appRoles: readonly AppRole[]
  readonly scopes: readonly JsonObject[]
}

/** Microsoft's own, present in every tenant. */
export const isFirstParty = ({ appOwnerOrganizationId }: ServicePrincipal): boolean =>
  appOwnerOrganizationId === microsoftTenantId

const role = (id: string, value: string, displayName: string): AppRole => ({
  id,
  value,
  displayName,
  description: `Lets the application ${displayName.charAt(0).toLowerCase()}${displayName.slice(1)}, without a user who is signed in.`,
  allowedMemberTypes: ['Application'],
  isEnabled: true,
})

/** Application permissions of Microsoft Graph: https://learn.microsoft.com/graph/permissions-reference */
const graphRoles = [
  role('9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30', 'Application.Read.All', 'Read all applications'),
  role('1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9', 'Application.ReadWrite.All', 'Read and write all applications'),
  role('18a4783c-866b-4cc7-a460-3d5e5662c884', 'Application.ReadWrite.OwnedBy', 'Manage applications that it creates or owns'),
  role('06b708a9-e830-4db3-a914-8e69da51d44f', 'AppRoleAssignment.ReadWrite.All', 'Manage application permission grants'),
  role('7ab1d382-f21e-4acd-a863-ba3e13f7da61', 'Directory.Read.All', 'Read directory data'),
  role('19dbc75e-c2e2-444c-a770-ec69d8559fc7', 'Directory.ReadWrite.All', 'Read and write directory data'),
  role('498476ce-e0fe-48b0-b801-37ba7e2685c6', 'Organization.Read.All', 'Read organization information'),
  role('246dd0d5-5bd0-4def-940b-0421030a5b68', 'Policy.Read.All', 'Read all policies'),
  role(
    'be74164b-cff1-491c-8741-e671cb536e13',
    'Policy.ReadWrite.ApplicationConfiguration',
    'Read and write the policies of applications',
  ),
  role('df021288-bdef-4463-88db-98f22de89214', 'User.Read.All', 'Read all users'),
  role('741f803b-c850-494e-b5df-cde7c675a1ca', 'User.ReadWrite.All', 'Read and write all users'),
  role('5b567255-7703-4780-807c-7be8301ae99b', 'Group.Read.All', 'Read all groups'),
  role('62a82d76-70ea-41e2-9197-370581804d09', 'Group.ReadWrite.All', 'Read and write all groups'),
  role('dbb9058a-0e50-45d7-ae91-66909b5d4664', 'Domain.Read.All', 'Read domains'),
  role('8e8e4742-1d95-4f68-9d56-6ee75648c72a', 'DelegatedPermissionGrant.ReadWrite.All', 'Manage delegated permission grants'),
  role('483bed4a-2ad3-4361-a73b-c83ccdbdc53c', 'RoleManagement.Read.Directory', 'Read roles of the directory'),
  role('9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8', 'RoleManagement.ReadWrite.Directory', 'Give and take roles of the directory'),
  role('810c84a8-4a9e-49e6-bf7d-12d183f40d01', 'Mail.Read', 'Read mail in all mailboxes'),
  role('b633e1c5-b582-4048-a93e-9f11b44c7e96', 'Mail.Send', 'Send mail as any user'),
  role('b0afded3-3588-46d8-8b3d-9842eff778da', 'AuditLog.Read.All', 'Read all audit logs'),
]

const exchangeRoles = [
  role(
    'dc890d15-9560-4a4c-9b7f-a736ec74ec40',
    'full_access_as_app',
    'Use Exchange Web Services with full access to all mailboxes',
  ),
  role('dc50a0fb-09a3-484d-be87-e023b12c6440', 'Exchange.ManageAsApp', 'Manage Exchange as an application'),
  role('ef54d2bf-783f-4e0f-bca1-3210c0444d99', 'Calendars.ReadWrite.All', 'Read and write calendars in all mailboxes'),
  role('5e5addcd-3e8d-4e90-baf5-964efab2b20a', 'IMAP.AccessAsApp', 'Use IMAP as an application'),
]

export const firstParties: readonly FirstParty[] = [
  {
    appId: appIds.graph,
    displayName: 'Microsoft Graph',
    servicePrincipalNames: [
      'https://graph.microsoft.com/',
      'https://graph.microsoft.us',
      'https://dod-graph.microsoft.us',
      'https://microsoftgraph.chinacloudapi.cn',
    ],
    appRoles: graphRoles,
    scopes: scopes.graph,
  },
  {
    appId: appIds.exchange,
    displayName: 'Office 365 Exchange Online',
    servicePrincipalNames: ['https://outlook.office365.com/', 'https://outlook.office.com/', 'https://ps.outlook.com/'],
    appRoles: exchangeRoles,
    scopes: scopes.exchange,
  },
  {
    appId: appIds.resourceManager,
    displayName: 'Windows Azure Service Management API',
    servicePrincipalNames: [
      'https://management.core.windows.net/',
      'https://management.azure.com/',
      'https://management.usgovcloudapi.net/',
      'https://management.core.usgovcloudapi.net/',
      'https://management.chinacloudapi.cn/',
      'https://management.core.chinacloudapi.cn/',
    ],
    appRoles: [],
    scopes: scopes.resourceManager,
  },
  {
    appId: appIds.keyVault,
    displayName: 'Azure Key Vault',
    servicePrincipalNames: ['https://vault.azure.net', 'https://vault.usgovcloudapi.net', 'https://vault.azure.cn'],
    appRoles: [],
    scopes: scopes.keyVault,
  },
  {
    appId: appIds.dataverse,
    displayName: 'Dataverse',
    servicePrincipalNames: ['https://admin.services.crm.dynamics.com/'],
    appRoles: [],
    scopes: scopes.dataverse,
  },
]
