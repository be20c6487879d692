import type { Role } from './role.ts'

const alerts = [
  'Microsoft.Authorization/*/read',
  'Microsoft.Insights/alertRules/*',
  'Microsoft.Resources/deployments/*',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
  'Microsoft.Support/*',
]

const recovery = (...kinds: readonly string[]): string[] => kinds.map((kind) => `Microsoft.RecoveryServices/${kind}/read`)
const replicated = (...kinds: readonly string[]): string[] =>
  recovery(...kinds.map((kind) => `vaults/${kind === '' ? 'replicationFabrics' : `replicationFabrics/${kind}`}`))

const containers = 'replicationProtectionContainers'

const siteRecovery = [
  'Microsoft.Authorization/*/read',
  ...recovery('locations/allocatedStamp', 'Vaults/extendedInformation', 'Vaults/monitoringAlerts'),
  ...recovery('Vaults/monitoringConfigurations/notificationConfiguration', 'Vaults', 'Vaults/refreshContainers'),
  ...recovery('Vaults/registeredIdentities/operationResults', 'Vaults/registeredIdentities'),
  ...recovery('vaults/replicationAlertSettings', 'vaults/replicationEvents'),
  ...replicated('', 'replicationNetworks', 'replicationNetworks/replicationNetworkMappings', containers),
  ...replicated(`${containers}/replicationProtectableItems`, `${containers}/replicationProtectedItems`),
  ...replicated(`${containers}/replicationProtectedItems/recoveryPoints`, `${containers}/replicationProtectionContainerMappings`),
  ...replicated('replicationRecoveryServicesProviders', 'replicationStorageClassifications'),
  ...replicated('replicationStorageClassifications/replicationStorageClassificationMappings', 'replicationvCenters'),
  ...recovery('vaults/replicationJobs', 'vaults/replicationPolicies', 'vaults/replicationRecoveryPlans'),
  ...recovery('vaults/replicationVaultSettings', 'Vaults/storageConfig', 'Vaults/tokenInfo', 'Vaults/usages'),
  ...recovery('Vaults/vaultTokens'),
  'Microsoft.Support/*',
]

const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers'

type Parts = Pick<Role, 'description'> & Partial<Pick<Role, 'actions' | 'dataActions'>>

const role = (id: string, name: string, { description, actions = [], dataActions = [] }: Parts): Role => ({
  id,
  name,
  description,
  actions,
  notActions: [],
  dataActions,
})

/**
 * Built-in roles for things that the sandbox lacks but other people's configurations name:
 * https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export const commonRoles: readonly Role[] = [
  role('4d97b98b-1d4f-4787-a291-c67834d212e7', 'Network Contributor', {
    description: 'Lets you manage networks, but not access to them.',
    actions: [...alerts, 'Microsoft.Network/*'],
  }),
  role('9980e02c-c2be-4d73-94e8-173b1dc7cf3c', 'Virtual Machine Contributor', {
    description:
      'Lets you manage virtual machines, but not access to them, and not the virtual network or storage account they are connected to.',
    actions: [
      ...alerts,
      'Microsoft.Compute/virtualMachines/*',
      'Microsoft.Compute/disks/*',
      'Microsoft.KeyVault/vaults/deploy/action',
    ],
  }),
  role('fb879df8-f326-4884-b1cf-06f3ad86be52', 'Virtual Machine User Login', {
    description: 'View Virtual Machines in the portal and login as a regular user.',
    actions: [
      'Microsoft.Network/publicIPAddresses/read',
      'Microsoft.Network/virtualNetworks/read',
      'Microsoft.Network/loadBalancers/read',
      'Microsoft.Network/networkInterfaces/read',
      'Microsoft.Compute/virtualMachines/*/read',
      'Microsoft.HybridCompute/machines/*/read',
      'Microsoft.HybridConnectivity/endpoints/listCredentials/action',
    ],
    dataActions: ['Microsoft.Compute/virtualMachines/login/action', 'Microsoft.HybridCompute/machines/login/action'],
  }),
  role('17d1049b-9a84-46fb-8f53-869881c3d3ab', 'Storage Account Contributor', {
    description:
      'Lets you manage storage accounts, including accessing storage account keys which provide full access to storage account data.',
    actions: [...alerts, 'Microsoft.Storage/storageAccounts/*'],
  }),
  role('2a2b9908-6ea1-4ae2-8e65-a410df84e7d1', 'Storage Blob Data Reader', {
    description: 'Allows for read access to Azure Storage blob containers and data',
    actions: [`${blobs}/read`, 'Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action'],
    dataActions: [`${blobs}/blobs/read`],
  }),
  role('ba92f5b4-2d11-453d-a403-e96b0029c9fe', 'Storage Blob Data Contributor', {
    description: 'Allows for read, write and delete access to Azure Storage blob containers and data',
    actions: [`${blobs}/delete`, `${blobs}/read`, `${blobs}/write`],
    dataActions: [`${blobs}/blobs/delete`, `${blobs}/blobs/read`, `${blobs}/blobs/write`, `${blobs}/blobs/add/action`],
  }),
  role('b7e6dc6d-f1e8-4753-8033-0f276bb0955b', 'Storage Blob Data Owner', {
    description: 'Allows for full access to Azure Storage blob containers and data, including assigning POSIX access control.',
    actions: [`${blobs}/*`],
    dataActions: [`${blobs}/blobs/*`],
  }),
  role('e40ec5ca-96e0-45a2-b4ff-59039f2c2b59', 'Managed Identity Contributor', {
    description: 'Create, Read, Update, and Delete User Assigned Identity',
    actions: [...alerts, 'Microsoft.ManagedIdentity/userAssignedIdentities/*'],
  }),
  role('f1a07417-d97a-45cb-824c-7a7467783830', 'Managed Identity Operator', {
    description: 'Read and Assign User Assigned Identity',
    actions: [
      ...alerts,
      'Microsoft.ManagedIdentity/userAssignedIdentities/*/read',
      'Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action',
    ],
  }),
  role('43d0d8ad-25c7-4714-9337-8ba259a9fe05', 'Monitoring Reader', {
    description: 'Can read all monitoring data.',
    actions: ['*/read', 'Microsoft.OperationalInsights/workspaces/search/action', 'Microsoft.Support/*'],
  }),
  role('749f88d5-cbae-40b8-bcfc-e573ddc772fa', 'Monitoring Contributor', {
    description: 'Can read all monitoring data and update monitoring settings.',
    actions: ['*/read', 'Microsoft.Insights/*', 'Microsoft.AlertsManagement/*', 'Microsoft.Support/*'],
  }),
  role('92aaf0da-9dab-42b6-94a3-d43ce8d16293', 'Log Analytics Contributor', {
    description: 'Log Analytics Contributor can read all monitoring data and edit monitoring settings.',
    actions: ['*/read', 'Microsoft.OperationalInsights/*', 'Microsoft.OperationsManagement/*', 'Microsoft.Support/*'],
  }),
  role('73c42c96-874c-492b-b04d-ab87d138a893', 'Log Analytics Reader', {
    description: 'Log Analytics Reader can view and search all monitoring data as well as and view monitoring settings.',
    actions: ['*/read', 'Microsoft.OperationalInsights/workspaces/analytics/query/action', 'Microsoft.Support/*'],
  }),
  role('39bc4728-0917-49c7-9d2c-d95423bc2eb4', 'Security Reader', {
    description: 'Security Reader Role',
    actions: [...alerts, 'Microsoft.Security/*/read', 'Microsoft.operationalInsights/workspaces/*/read'],
  }),
  role('fb1c8493-542b-48eb-b624-b4c8fea62acd', 'Security Admin', {
    description: 'Security Admin Role',
    actions: [...alerts, 'Microsoft.Security/*'],
  }),
  role('de139f84-1756-47ae-9be6-808fbbe84772', 'Website Contributor', {
    description: 'Lets you manage websites (not web plans), but not access to them.',
    actions: [...alerts, 'Microsoft.Web/sites/*', 'Microsoft.Web/serverFarms/read'],
  }),
  role('7f951dda-4ed3-4680-a7ca-43fe172d538d', 'AcrPull', {
    description: 'acr pull',
    actions: ['Microsoft.ContainerRegistry/registries/pull/read'],
  }),
  role('8311e382-0749-4cb8-b61a-304f252e45ec', 'AcrPush', {
    description: 'acr push',
    actions: ['Microsoft.ContainerRegistry/registries/pull/read', 'Microsoft.ContainerRegistry/registries/push/write'],
  }),
  role('a12b0b94-b317-4dcd-84a8-502ce99884c6', 'EventGrid TopicSpaces Publisher', {
    description: 'Lets you publish messages on topicspaces.',
    actions: [...alerts.filter((action) => !action.includes('Support')), 'Microsoft.EventGrid/*/read'],
    dataActions: ['Microsoft.EventGrid/topicSpaces/publish/action'],
  }),
  role('dbaa88c4-0c30-4179-9fb3-46319faa6149', 'Site Recovery Reader', {
    description: 'Lets you view Site Recovery status but not perform other management operations',
    actions: siteRecovery,
  }),
  role('cfd33db0-3dd1-45e3-aa9d-cdbdf3b6f24e', 'Support Request Contributor', {
    description: 'Lets you create and manage Support requests',
    actions: ['Microsoft.Authorization/*/read', 'Microsoft.Resources/subscriptions/resourceGroups/read', 'Microsoft.Support/*'],
  }),
  role('4a9ae827-6dc8-4573-8ac7-8239d42aa03f', 'Tag Contributor', {
    description: 'Lets you manage tags on entities, without providing access to the entities themselves.',
    actions: [
      'Microsoft.Authorization/*/read',
      'Microsoft.Resources/subscriptions/resourceGroups/read',
      'Microsoft.Resources/subscriptions/resourceGroups/resources/read',
      'Microsoft.Resources/subscriptions/resources/read',
      'Microsoft.Resources/deployments/*',
      'Microsoft.Insights/alertRules/*',
      'Microsoft.Support/*',
      'Microsoft.Resources/tags/*',
    ],
  }),
  role('fa23ad8b-c56e-40d8-ac0c-ce449e1d2c64', 'Billing Reader', {
    description: 'Allows read access to billing data',
    actions: [
      'Microsoft.Authorization/*/read',
      'Microsoft.Billing/*/read',
      'Microsoft.Consumption/*/read',
      'Microsoft.CostManagement/*/read',
    ],
  }),
  role('5d58bcaf-24a5-4b20-bdb6-eed9f69fbe4c', 'Management Group Contributor', {
    description: 'Management Group Contributor Role',
    actions: ['Microsoft.Management/managementGroups/*', 'Microsoft.Authorization/*/read'],
  }),
  role('ac63b705-f282-497d-ac71-919bf39d939d', 'Management Group Reader', {
    description: 'Management Group Reader Role',
    actions: ['Microsoft.Management/managementGroups/read', 'Microsoft.Authorization/*/read'],
  }),
]
