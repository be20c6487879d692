import type { Seed } from '../seed.ts'
import type { Role } from './roles/role.ts'

export interface Permissions {
  keys: string[]
  secrets: string[]
  certificates: string[]
  storage: string[]
}

export interface AccessPolicyEntry {
  tenantId: string
  objectId: string
  applicationId?: string
  permissions: Permissions
}

/** How access to the data plane is decided from an instant on. It takes effect there later than in Resource Manager. */
export interface AccessModel {
  /** ISO instant of the write. */
  at: string
  rbac: boolean
  accessPolicies: AccessPolicyEntry[]
}

export interface VaultResource {
  subscriptionId: string
  resourceGroup: string
  name: string
  location: string
  tags: Record<string, string>
  /** ISO instants, and the client ids of the writers. */
  createdAt: string
  createdBy: string
  modifiedAt: string
  modifiedBy: string
  properties: {
    tenantId: string
    sku: { family: 'A'; name: string }
    accessPolicies: AccessPolicyEntry[]
    /** Absent if an old api-version created the vault without it: access policies. */
    enableRbacAuthorization?: boolean
    enabledForDeployment?: boolean
    enabledForDiskEncryption?: boolean
    enabledForTemplateDeployment?: boolean
    enableSoftDelete: boolean
    softDeleteRetentionInDays: number
    enablePurgeProtection?: true
    publicNetworkAccess: string
    networkAcls?: Record<string, unknown>
    /** ISO instant since which the vault's name is being registered. */
    provisioningStarted: string
  }
  /** Oldest first; the newest matches the properties. */
  guards: AccessModel[]
  /** Its network rules admit every caller, as if each came from an allowed address or through a private link. */
  reached?: boolean
  /** ISO instants of the soft delete, and of the purge that follows it. */
  deletedAt?: string
  scheduledPurgeAt?: string
}

export interface RoleAssignment {
  /** GUID, lower case. */
  name: string
  /** As the client wrote it, one slash in front. */
  scope: string
  /** GUID of the role definition, lower case. */
  roleId: string
  /** Of the scope; empty for the tenant's root. */
  subscriptionId: string
  principalId: string
  principalType: string
  description: string | null
  /** As it was given; the sandbox keeps a condition and does not evaluate it. */
  condition?: string | null
  conditionVersion?: string | null
  /** ISO instants; object ids of the callers. */
  createdAt: string
  createdBy: string
  updatedAt: string
  updatedBy: string
}

/** Patterns of included and excluded actions and data actions. */
export interface RoleActions {
  actions: string[]
  notActions: string[]
  dataActions: string[]
  notDataActions: string[]
}

export interface DeniedPrincipal {
  id: string
  /** `SystemDefined` for everyone. */
  type: string
}

/** What principals may not do, whatever their roles allow. */
export interface DenyAssignment {
  /** GUID, lower case. */
  name: string
  scope: string
  denyAssignmentName: string
  description: string
  permissions: RoleActions[]
  doNotApplyToChildScopes: boolean
  principals: DeniedPrincipal[]
  excludePrincipals: DeniedPrincipal[]
  /** A service of Azure made it, and it cannot be deleted. */
  isSystemProtected: boolean
  createdAt: string
  createdBy: string
  updatedAt: string
  updatedBy: string
}

/** A purge that answers `202` until it is done. */
export interface PurgeOperation {
  id: string
  subscriptionId: string
  /** ISO instants. */
  createdAt: string
  doneAt: string
}

/** Protects everything at its scope and below from deletion, or from any change. */
export interface ManagementLock {
  scope: string
  name: string
  level: 'CanNotDelete' | 'ReadOnly'
  notes?: string
}

export interface CustomRole extends Role {
  assignableScopes: string[]
  /** ISO instants; object ids of the callers. */
  createdAt: string
  createdBy: string
  updatedAt: string
  updatedBy: string
}

export interface ResourceGroup {
  subscriptionId: string
  name: string
  location: string
  tags: Record<string, string>
}

/** https://learn.microsoft.com/azure/governance/management-groups/overview */
export interface ManagementGroup {
  tenantId: string
  name: string
  displayName: string
  /** Name of the group above it; undefined for the root of a tenant. */
  parent: string | undefined
  version: number
  /** ISO instant, and the object id of the caller. */
  updatedAt: string
  updatedBy: string
}

export interface Resources {
  /** The names under which the client's cloud is reached. */
  hosts: Seed['hosts']
  /** Subscriptions, by their id in lower case, with their tenant and, below its root, their management group. */
  subscriptions: Record<string, { tenantId: string; tags?: Record<string, string>; managementGroup?: string }>
  resourceGroups: ResourceGroup[]
  /** Active and soft-deleted vaults; a name occurs once. */
  vaults: VaultResource[]
  roleAssignments: RoleAssignment[]
  purges: PurgeOperation[]
  /** Without the roots that were never changed. */
  managementGroups?: ManagementGroup[]
  locks?: ManagementLock[]
  customRoles?: CustomRole[]
  denyAssignments?: DenyAssignment[]
  /** Registered and unregistered providers, by subscription and namespace in lower case. */
  registrations?: Record<string, Record<string, boolean>>
}

export const empty = (): Resources => ({
  hosts: {
    login: 'login.microsoftonline.com',
    management: 'management.azure.com',
    graph: 'graph.microsoft.com',
    vaultSuffix: 'vault.azure.net',
  },
  subscriptions: {},
  resourceGroups: [],
  vaults: [],
  roleAssignments: [],
  purges: [],
})
