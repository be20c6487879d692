import { commonRoles } from './commonRoles.ts'

/** GUIDs of the built-in roles: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const roleIds = {
  owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  rbacAdministrator: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
  userAccessAdministrator: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  keyVaultAdministrator: '00482a5a-887f-4fb3-b363-3b7fe8e74483',
  keyVaultCertificateUser: 'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba',
  keyVaultCertificatesOfficer: 'a4417e6f-fecd-4de8-b567-7b0420556985',
  keyVaultContributor: 'f25e0fa2-a7c8-4377-a976-54943a77a395',
  keyVaultCryptoOfficer: '14b46e9e-c2b7-41b4-b07b-48a6ebf60603',
  keyVaultCryptoServiceEncryptionUser: 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
  keyVaultCryptoUser: '12338af0-0e69-4776-bea7-57ae8d024424',
  keyVaultDataAccessAdministrator: '8b54135c-b56d-4d72-a534-26097cfdc8d8',
  keyVaultPurgeOperator: 'a68e7c17-0ab2-4c09-9a58-125dae29748c',
  keyVaultReader: '21090545-7ca7-4776-b22c-e363652d74d2',
  keyVaultSecretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6',
} as const

export interface Role {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
  readonly dataActions: readonly string[]
  readonly notDataActions?: readonly string[]
  /** GUIDs of the only roles that a holder may give and take, where the role carries such a condition. */
  readonly assignable?: readonly string[]
}

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
