export interface VaultId {
  readonly subscriptionId: string
  readonly resourceGroup: string
  readonly name: string
}

export interface AccessPolicy {
  readonly tenantId: string
  /** Object id of the service principal, not of the application. */
  readonly objectId: string
  /** Only for a user who is signed in to this application: what it allows, a service principal may not do. */
  readonly applicationId?: string
  readonly secrets: readonly string[]
  readonly certificates: readonly string[]
  readonly keys: readonly string[]
  readonly storage: readonly string[]
}

export interface Vault {
  /** The ARM id, `/subscriptions/…/vaults/kv-contoso-mail`. */
  readonly id: string
  readonly name: string
  readonly tenantId: string
  readonly location: string
  readonly sku: string
  /** `https://kv-contoso-mail.vault.azure.net`, without a slash at the end. */
  readonly uri: string
  readonly authorization: 'rbac' | 'accessPolicy'
  /** Azure does not say which access model counts: `authorization` follows from what the vault holds, and may be wrong. */
  readonly guessed?: true
  readonly accessPolicies: readonly AccessPolicy[]
  readonly purgeProtection: boolean
  /** Who may come in from the internet: everybody, nobody, or those whom its rules or its network security perimeter let in. */
  readonly publicAccess: 'open' | 'off' | 'rules' | 'perimeter'
  readonly softDeleteRetentionDays: number
  /** `Succeeded`, or `RegisteringDns` while the name cannot be reached yet. */
  readonly provisioningState: string
  readonly tags: Readonly<Record<string, string>>
}

export interface VaultSettings {
  readonly tenantId: string
  readonly location: string
  readonly sku: string
  readonly authorization: 'rbac' | 'accessPolicy'
  readonly softDeleteRetentionDays: number
  readonly purgeProtection: boolean
  readonly tags: Readonly<Record<string, string>>
}

export interface RoleAssignment {
  /** The GUID that names it. */
  readonly name: string
  readonly roleDefinitionId: string
  readonly principalId: string
  readonly scope: string
  readonly description: string
}

/** Azure Resource Manager, as the tenant of the vault sees it. A missing object is `undefined`, never an error. */
export interface ResourceManager {
  /** Object id of the principal that hma calls as: the `oid` of its token. */
  callerId(tenantId: string): Promise<string>
  vault(tenantId: string, id: VaultId): Promise<Vault | undefined>
  /** A soft-deleted vault of that name in this subscription and location. */
  deletedVault(
    tenantId: string,
    id: VaultId,
    location: string,
  ): Promise<{ readonly tags: Readonly<Record<string, string>> } | undefined>
  /** Is there the resource group that a vault is to be created in? Whoever may create one need not be allowed to ask; nor the next. */
  groupExists(tenantId: string, id: VaultId): Promise<boolean>
  /** Could a vault be created under this name? */
  isNameFree(tenantId: string, id: VaultId): Promise<boolean>
  recoverVault(tenantId: string, id: VaultId, settings: VaultSettings): Promise<void>
  /** Create the vault. Does not wait until its name can be reached. */
  createVault(tenantId: string, id: VaultId, settings: VaultSettings): Promise<void>
  updateVault(
    tenantId: string,
    id: VaultId,
    change: {
      tags?: Readonly<Record<string, string>>
      purgeProtection?: true
      authorization?: 'rbac' | 'accessPolicy'
      sku?: string
    },
  ): Promise<void>
  deleteVault(tenantId: string, id: VaultId): Promise<void>

  /** Replace the entry of one principal, and no other. */
  setAccessPolicy(tenantId: string, id: VaultId, policy: AccessPolicy): Promise<void>
  /** Take away the entry of one principal. */
  removeAccessPolicy(tenantId: string, id: VaultId, policy: AccessPolicy): Promise<void>

  /** What a principal, or whoever, was assigned at the vault or above it. */
  roleAssignments(tenantId: string, id: VaultId, principalId?: string): Promise<readonly RoleAssignment[]>
  /** Assign a built-in role at the vault. `name` is the GUID of the assignment; doing it twice is not an error. */
  assignRole(
    tenantId: string,
    id: VaultId,
    assignment: { name: string; roleId: string; principalId: string; description: string },
  ): Promise<void>
  removeRoleAssignment(tenantId: string, id: VaultId, name: string): Promise<void>
}
