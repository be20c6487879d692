import { patterns } from './words.ts'

const appId = {
  type: 'string',
  title: 'Existing registration',
  description: 'Application (client) id of an existing registration to take over instead of creating one.',
  format: 'uuid',
  examples: ['55555555-5555-5555-5555-555555555555'],
} as const

const displayName = { type: 'string', title: 'Display name', minLength: 1, maxLength: 120, pattern: patterns.oneLine } as const

const clientSecret = {
  type: 'object',
  title: 'Client secret',
  description: 'The secret with which Dynamics signs in as KV-App. hma creates, delivers and renews it.',
  additionalProperties: false,
  default: {},
  properties: {
    lifetimeDays: {
      type: 'integer',
      title: 'Lifetime, in days',
      description: 'How long a new secret is valid. Policies of the tenant may set a lower limit.',
      minimum: 1,
      maximum: 730,
      default: 180,
      examples: [180],
    },
    renewBeforeDays: {
      type: 'integer',
      title: 'Renew before, in days',
      description: 'How long before it expires the secret is renewed. Run hma apply more often than that.',
      minimum: 1,
      default: 30,
      examples: [30],
    },
    overlapDays: {
      type: 'integer',
      title: 'Overlap, in days',
      description: 'How long the former secret stays valid after a renewal.',
      minimum: 0,
      default: 7,
      examples: [7],
    },
    vaultSecretName: {
      type: 'string',
      title: 'Name of the copy in the vault',
      description: 'Keep a copy in the vault too, as a secret of this name. Required without a dynamics block.',
      pattern: patterns.objectName,
      examples: ['hma-kv-app-client-secret'],
    },
  },
} as const

export const keyVaultApp = {
  type: 'object',
  title: 'KV-App',
  description: 'The registration with which Dynamics reads the certificate, in the tenant of the vault.',
  additionalProperties: false,
  default: {},
  properties: {
    displayName: { ...displayName, description: 'What administrators see in Entra.', default: 'KV-App', examples: ['KV-App'] },
    appId,
    clientSecret,
  },
} as const

export const hmaApp = {
  type: 'object',
  title: 'HMA-App',
  description: 'The registration that Exchange trusts, in the tenant with which Exchange is hybrid.',
  additionalProperties: false,
  default: {},
  properties: {
    tenantId: {
      type: 'string',
      title: 'Tenant of Exchange',
      description: 'Directory (tenant) id. Default: the tenant of the vault.',
      format: 'uuid',
      examples: ['22222222-2222-2222-2222-222222222222'],
    },
    displayName: { ...displayName, description: 'What administrators see in Entra.', default: 'HMA-App', examples: ['HMA-App'] },
    appId,
    adminConsent: {
      type: 'string',
      title: 'Admin consent',
      description: 'grant: hma grants full_access_as_app. manual: plan shows the link for the administrator and waits.',
      enum: ['grant', 'manual'],
      default: 'grant',
      examples: ['grant'],
    },
  },
} as const
