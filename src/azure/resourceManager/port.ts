export interface VaultId {
  readonly subscriptionId: string
  readonly resourceGroup: string
  readonly name: string
}

export interface AccessPolicy {
  readonly tenantId: string
  /** Object id of the service principal, not of the application. */
  readonly objectId: string
  /** Set if the entry is only for users of this application; a service principal gets nothing from it. */
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
  /** Azure does not say which access model applies: `authorization` is inferred from the vault's content and may be wrong. */
  readonly guessed?: true
  readonly accessPolicies: readonly AccessPolicy[]
  readonly purgeProtection: boolean
  /** Access from the internet: for everyone, for no one, or as its rules or its network security perimeter allow. */
  readonly publicAccess: 'open' | 'off' | 'rules' | 'perimeter'
  readonly softDeleteRetentionDays: number
  /** `Succeeded`, or `RegisteringDns` while the name does not resolve yet. */
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
  /** Object id of the principal that hma is signed in as: the `oid` of its token. */
  callerId(tenantId: string): Promise<string>
  vault(tenantId: string, id: VaultId): Promise<Vault | undefined>
  /** A soft-deleted vault of that name in this subscription and location. */
  deletedVault(
    tenantId: string,
    id: VaultId,
    location: string,
  ): Promise<{ readonly tags: Readonly<Record<string, string>> } | undefined>
  /** Does the resource group exist? An identity that may create a vault may lack the right to ask this, or the next question. */
  groupExists(tenantId: string, id: VaultId): Promise<boolean>
  /** Could a vault be created under this name? */
  isNameFree(tenantId: string, id: VaultId): Promise<boolean>
  recoverVault(tenantId: string, id: VaultId, settings: VaultSettings): Promise<void>
  /** Creates the vault. Does not wait until its name resolves. */
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
  /** Remove the entry of one principal. */
  removeAccessPolicy(tenantId: string, id: VaultId, policy: AccessPolicy): Promise<void>

  /** Role assignments at the vault or above it, of one principal or of all. */
  roleAssignments(tenantId: string, id: VaultId, principalId?: string): Promise<readonly RoleAssignment[]>
  /** Assigns a built-in role at the vault. `name` is the GUID of the assignment; repeating it is not an error. */
  assignRole(
    tenantId: string,
    id: VaultId,
    assignment: { name: string; roleId: string; principalId: string; description: string },
  ): Promise<void>
  removeRoleAssignment(tenantId: string, id: VaultId, name: string): Promise<void>
}
