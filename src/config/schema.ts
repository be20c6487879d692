import type { FromSchema } from 'json-schema-to-ts'
import type { Secret } from '../core/secret.ts'
import { auth } from './schema/auth.ts'
import { certificate } from './schema/certificate.ts'
import { cloud } from './schema/cloud.ts'
import { dynamics } from './schema/dynamics.ts'
import { exchange } from './schema/exchange.ts'
import { keyVault } from './schema/keyVault.ts'
import { hmaApp, keyVaultApp } from './schema/registrations.ts'
import { renewal } from './schema/renewal.ts'
import { patterns } from './schema/words.ts'

/** One YAML document. Draft-07, because the YAML language server reads no later one. */
export const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'hma configuration, version 1',
  description:
    'The desired state of one deployment, which connects Dynamics 365 to mailboxes on Exchange Server with Hybrid Modern Authentication.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'name', 'keyVault', 'exchange'],
  properties: {
    apiVersion: {
      type: 'string',
      title: 'Version of this format',
      description: 'Always hma/v1.',
      enum: ['hma/v1'],
      examples: ['hma/v1'],
    },
    name: {
      type: 'string',
      title: 'Name of the deployment',
      description: 'Part of every mark that hma sets. Unique in a tenant, and cannot be changed later.',
      pattern: patterns.deploymentName,
      examples: ['contoso'],
    },
    cloud,
    auth,
    keyVault,
    certificate,
    keyVaultApp,
    hmaApp,
    exchange,
    dynamics,
    renewal,
    safety: {
      type: 'object',
      title: 'Safety',
      description: 'What hma refuses to do until you allow it.',
      additionalProperties: false,
      default: {},
      properties: {
        preventRemoval: {
          type: 'boolean',
          title: 'Prevent removal',
          description: 'Block destroy, and any change that would remove a working credential, access or consent.',
          default: false,
          examples: [true],
        },
      },
    },
  },
} as const

/** A document with only cloud and sign-in: enough for reading, too little to plan. */
export const signInSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'hma configuration, version 1: sign-in alone',
  description: 'How to sign in, and to which cloud, for commands that do not need a deployment yet.',
  type: 'object',
  additionalProperties: false,
  properties: { apiVersion: schema.properties.apiVersion, cloud, auth },
} as const

export type WrittenSignIn = FromSchema<typeof signInSchema>

/** A document that the schema accepts, with the schema's defaults. */
export type Written = FromSchema<typeof schema>

type Filled<Part, Name extends keyof Part> = Omit<Part, Name> & { [Key in Name]-?: NonNullable<Part[Key]> }

/** How to sign in to one tenant. */
export type Credential =
  | {
      credential: Exclude<Written['auth'][string]['credential'], 'clientSecret' | 'clientCertificate'>
      clientId?: string
    }
  | { credential: 'clientSecret'; clientId: string; clientSecret: Secret }
  | { credential: 'clientCertificate'; clientId: string; certificateFile: string; certificatePassword?: Secret }

/** `subject`, `keySize`, `validityMonths` and `issuer` have their defaults if the source does not use them. */
export type Certificate = Filled<Omit<Written['certificate'], 'source' | 'signedFile' | 'file' | 'password'>, 'subject'> &
  ({ source: 'generate' } | { source: 'csr'; signedFile: string } | { source: 'import'; file: string; password?: Secret })

export type Mailbox = { address: string; approve: boolean; testAndEnable: boolean }

type Profile = Omit<Filled<NonNullable<Written['dynamics']>, 'tenantId'>, 'mailboxes'> & { mailboxes: readonly Mailbox[] }

/**
 * One deployment as the rest of hma sees it. All defaults are filled in, including those derived from other values;
 * paths are absolute, ids in lower case, URLs of hosts without a trailing slash, and secrets wrapped.
 */
export type Configuration = Omit<Written, 'auth' | 'certificate' | 'hmaApp' | 'exchange' | 'dynamics'> & {
  /** By tenant id. */
  auth: Readonly<Record<string, Credential>>
  certificate: Certificate
  hmaApp: Filled<Written['hmaApp'], 'tenantId'>
  exchange: Filled<Written['exchange'], 'resourceId'>
  dynamics?: Profile
}
