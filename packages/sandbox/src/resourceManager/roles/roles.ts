import { commonRoles } from './commonRoles.ts'
import { type Role, roleIds } from './role.ts'

const authorizationRead = 'Microsoft.Authorization/*/read'
const common = [
  authorizationRead,
  'Microsoft.Insights/alertRules/*',
  'Microsoft.Resources/deployments/*',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
  'Microsoft.Support/*',
]
const vaultMetadata = [
  ...common,
  'Microsoft.KeyVault/checkNameAvailability/read',
  'Microsoft.KeyVault/deletedVaults/read',
  'Microsoft.KeyVault/locations/*/read',
  'Microsoft.KeyVault/vaults/*/read',
  'Microsoft.KeyVault/operations/read',
]

const general: readonly Role[] = [
  {
    id: roleIds.owner,
    name: 'Owner',
    description: 'Manages everything, access included.',
    actions: ['*'],
    notActions: [],
    dataActions: [],
  },
  {
    id: roleIds.contributor,
    name: 'Contributor',
    description: 'Manages everything but access.',
    actions: ['*'],
    notActions: [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action',
      'Microsoft.Blueprint/blueprintAssignments/write',
      'Microsoft.Blueprint/blueprintAssignments/delete',
      'Microsoft.Compute/galleries/share/action',
      'Microsoft.Purview/consents/write',
      'Microsoft.Purview/consents/delete',
      'Microsoft.Resources/deploymentStacks/manageDenySetting/action',
      'Microsoft.Subscription/cancel/action',
      'Microsoft.Subscription/enable/action',
    ],
    dataActions: [],
  },
  {
    id: roleIds.reader,
    name: 'Reader',
    description: 'Sees everything, changes nothing.',
    actions: ['*/read'],
    notActions: [],
    dataActions: [],
  },
  {
    id: roleIds.userAccessAdministrator,
    name: 'User Access Administrator',
    description: 'Manages access to everything.',
    actions: ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'],
    notActions: [],
    dataActions: [],
  },
  {
    id: roleIds.rbacAdministrator,
    name: 'Role Based Access Control Administrator',
    description: 'Gives and takes roles.',
    actions: [
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      '*/read',
      'Microsoft.Support/*',
    ],
    notActions: [],
    dataActions: [],
  },
]

const people: readonly Role[] = [
  {
    id: roleIds.keyVaultAdministrator,
    name: 'Key Vault Administrator',
    description: 'All data plane operations on a vault and everything in it.',
    actions: vaultMetadata,
    notActions: [],
    dataActions: ['Microsoft.KeyVault/vaults/*'],
  },
  {
    id: roleIds.keyVaultCertificatesOfficer,
    name: 'Key Vault Certificates Officer',
    description: 'Everything with certificates, but not their private keys.',
    actions: vaultMetadata,
    notActions: [],
    dataActions: [
      'Microsoft.KeyVault/vaults/certificatecas/*',
      'Microsoft.KeyVault/vaults/certificates/*',
      'Microsoft.KeyVault/vaults/certificatecontacts/write',
    ],
  },
  {
    id: roleIds.keyVaultSecretsOfficer,
    name: 'Key Vault Secrets Officer',
    description: 'Everything with secrets.',
    actions: vaultMetadata,
    notActions: [],
    dataActions: ['Microsoft.KeyVault/vaults/secrets/*'],
  },
  {
    id: roleIds.keyVaultReader,
    name: 'Key Vault Reader',
    description: 'Sees a vault and what is in it, but no values.',
    actions: vaultMetadata,
    notActions: [],
    dataActions: ['Microsoft.KeyVault/vaults/*/read', 'Microsoft.KeyVault/vaults/secrets/readMetadata/action'],
  },
]

const programs: readonly Role[] = [
  {
    id: roleIds.keyVaultSecretsUser,
    name: 'Key Vault Secrets User',
    description: 'Reads secrets, the private keys of certificates among them.',
    actions: [],
    notActions: [],
    dataActions: ['Microsoft.KeyVault/vaults/secrets/getSecret/action', 'Microsoft.KeyVault/vaults/secrets/readMetadata/action'],
  },
  {
    id: roleIds.keyVaultCertificateUser,
    name: 'Key Vault Certificate User',
    description: 'Reads certificates whole, private key included.',
    actions: [],
    notActions: [],
    dataActions: [
      'Microsoft.KeyVault/vaults/certificates/read',
      'Microsoft.KeyVault/vaults/secrets/getSecret/action',
      'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
      'Microsoft.KeyVault/vaults/keys/read',
    ],
  },
]

const keyActions = (...names: readonly string[]): string[] => names.map((name) => `Microsoft.KeyVault/vaults/keys/${name}`)

const crypto: readonly Role[] = [
  {
    id: roleIds.keyVaultCryptoOfficer,
    name: 'Key Vault Crypto Officer',
    description: 'Everything with keys.',
    actions: vaultMetadata,
    notActions: [],
    dataActions: [...keyActions('*'), 'Microsoft.KeyVault/vaults/keyrotationpolicies/*'],
  },
  {
    id: roleIds.keyVaultCryptoUser,
    name: 'Key Vault Crypto User',
    description: 'Uses keys.',
    actions: [],
    notActions: [],
    dataActions: [
      ...keyActions('read', 'update/action', 'backup/action', 'encrypt/action', 'decrypt/action', 'wrap/action'),
      ...keyActions('unwrap/action', 'sign/action', 'verify/action'),
    ],
  },
  {
    id: roleIds.keyVaultCryptoServiceEncryptionUser,
    name: 'Key Vault Crypto Service Encryption User',
    description: 'Wraps and unwraps keys.',
    actions: [
      'Microsoft.EventGrid/eventSubscriptions/write',
      'Microsoft.EventGrid/eventSubscriptions/read',
      'Microsoft.EventGrid/eventSubscriptions/delete',
    ],
    notActions: [],
    dataActions: keyActions('read', 'wrap/action', 'unwrap/action'),
  },
]

const management: readonly Role[] = [
  {
    id: roleIds.keyVaultContributor,
    name: 'Key Vault Contributor',
    description: 'Manages vaults, but neither what is in them nor access to them.',
    actions: [...common, 'Microsoft.KeyVault/*'],
    notActions: [
      'Microsoft.KeyVault/locations/deletedVaults/purge/action',
      'Microsoft.KeyVault/hsmPools/*',
      'Microsoft.KeyVault/managedHsms/*',
    ],
    dataActions: [],
  },
  {
    id: roleIds.keyVaultPurgeOperator,
    name: 'Key Vault Purge Operator',
    description: 'Purges deleted vaults.',
    actions: [
      ...common,
      'Microsoft.KeyVault/deletedVaults/read',
      'Microsoft.KeyVault/locations/*/read',
      'Microsoft.KeyVault/locations/deletedVaults/purge/action',
    ],
    notActions: [],
    dataActions: [],
  },
  {
    id: roleIds.keyVaultDataAccessAdministrator,
    name: 'Key Vault Data Access Administrator',
    description: 'Gives and takes some of the Key Vault roles.',
    actions: [
      ...common,
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      'Microsoft.Resources/subscriptions/read',
      'Microsoft.Management/managementGroups/read',
      'Microsoft.KeyVault/vaults/*/read',
    ],
    notActions: [],
    dataActions: [],
    // Certificate User is not among them.
    assignable: [
      roleIds.keyVaultAdministrator,
      roleIds.keyVaultCertificatesOfficer,
      roleIds.keyVaultReader,
      roleIds.keyVaultSecretsOfficer,
      roleIds.keyVaultSecretsUser,
      roleIds.keyVaultCryptoOfficer,
      roleIds.keyVaultCryptoServiceEncryptionUser,
      roleIds.keyVaultCryptoUser,
    ],
  },
]

/** The roles that the sandbox knows, as Microsoft publishes their permissions. */
export const roles: readonly Role[] = [...general, ...people, ...programs, ...crypto, ...management, ...commonRoles]
