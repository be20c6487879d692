import { patterns } from './words.ts'

const create = {
  type: 'object',
  title: 'Create the vault',
  description:
    'With this block, hma creates and manages the vault. Without it the vault must exist, and hma never changes its settings.',
  additionalProperties: false,
  required: ['location'],
  properties: {
    location: {
      type: 'string',
      title: 'Location',
      description: 'The Azure region of the vault. A vault cannot move.',
      pattern: patterns.oneLine,
      examples: ['westeurope', 'usgovvirginia'],
    },
    authorization: {
      type: 'string',
      title: 'Authorization',
      description: "Who may read is decided by role assignments (rbac) or by the vault's list of access policies (accessPolicy).",
      enum: ['rbac', 'accessPolicy'],
      default: 'rbac',
      examples: ['rbac'],
    },
    sku: {
      type: 'string',
      title: 'Tier',
      description: 'standard is enough: the key of the certificate is an RSA key in software.',
      enum: ['standard', 'premium'],
      default: 'standard',
      examples: ['standard'],
    },
    softDeleteRetentionDays: {
      type: 'integer',
      title: 'Soft-delete retention, in days',
      description: 'How long deleted objects can be recovered. It cannot be changed after the vault is created.',
      minimum: 7,
      maximum: 90,
      default: 90,
      examples: [90],
    },
    purgeProtection: {
      type: 'boolean',
      title: 'Purge protection',
      description: 'Prevents purging before the retention period ends. Once on, it stays on.',
      default: true,
      examples: [true],
    },
  },
} as const

export const keyVault = {
  type: 'object',
  title: 'Key Vault',
  description: 'The vault that holds the certificate.',
  additionalProperties: false,
  required: ['tenantId', 'subscriptionId', 'resourceGroup', 'name'],
  properties: {
    tenantId: {
      type: 'string',
      title: 'Tenant of the vault',
      description: 'Directory (tenant) id. KV-App is registered here.',
      format: 'uuid',
      examples: ['11111111-1111-1111-1111-111111111111'],
    },
    subscriptionId: {
      type: 'string',
      title: 'Subscription',
      description: 'The id of the Azure subscription that holds the vault.',
      format: 'uuid',
      examples: ['33333333-3333-3333-3333-333333333333'],
    },
    resourceGroup: {
      type: 'string',
      title: 'Resource group',
      description: 'The resource group of the vault. It must exist.',
      pattern: patterns.resourceGroup,
      examples: ['rg-mail'],
    },
    name: {
      type: 'string',
      title: 'Name of the vault',
      description: 'Unique across the whole cloud: 3 to 24 letters, digits and hyphens.',
      pattern: patterns.vaultName,
      examples: ['kv-contoso-mail'],
    },
    create,
  },
} as const
