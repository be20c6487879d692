import type { FromSchema } from 'json-schema-to-ts'

/** One line of text: it is shown on a terminal. */
const text = { type: 'string', maxLength: 2000, pattern: '^[^\\u0000-\\u001f\\u007f]*$' } as const
const flag = { type: 'boolean' } as const
const instant = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$' } as const

const server = {
  type: 'object',
  required: ['name', 'build', 'exact'],
  properties: {
    name: text,
    build: { ...text, description: '15.2.2562.17; empty if it could not be read.' },
    exact: {
      ...flag,
      description: 'True if the build includes security updates; false if only the cumulative update is known.',
    },
  },
} as const

const virtualDirectory = {
  type: 'object',
  required: ['server', 'identity', 'read', 'oauth', 'externalUrl', 'internalUrl'],
  properties: {
    server: text,
    identity: text,
    read: { ...flag, description: 'False if the server did not answer.' },
    oauth: flag,
    externalUrl: text,
    internalUrl: text,
  },
} as const

const authServer = {
  type: 'object',
  required: ['name', 'type', 'realm', 'enabled', 'default', 'authorizationEndpoint'],
  properties: { name: text, type: text, realm: text, enabled: flag, default: flag, authorizationEndpoint: text },
} as const

const point = {
  type: 'object',
  required: ['name', 'state', 'text'],
  properties: {
    name: text,
    state: {
      type: 'string',
      enum: ['ok', 'open', 'advice', 'unknown'],
      description: 'open: the script fixes it with -Apply. advice: the administrator decides. unknown: it could not be read.',
    },
    text,
  },
} as const

/** What exchange-setup.ps1 writes on the server. Extra fields are allowed, since later scripts may write more. */
export const evidenceSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Evidence from Exchange Server, format 1',
  description: 'What the script of exchange.setup found on Exchange Server. It contains no secrets, mailboxes or people.',
  type: 'object',
  required: [
    ...['format', 'deployment', 'ewsUrl', 'tenantId', 'at', 'server', 'applied', 'organization', 'clientProfile'],
    ...['servers', 'virtualDirectories', 'authServers', 'authCertificate', 'mailboxScope', 'points', 'digest'],
  ],
  properties: {
    format: { type: 'string', enum: ['hma-exchange-evidence/1'] },
    deployment: text,
    ewsUrl: text,
    tenantId: text,
    at: { ...instant, description: 'When the script looked, in UTC.' },
    server: { ...text, description: 'The Exchange server on which it ran.' },
    applied: { ...flag, description: 'Whether it ran with -Apply.' },
    organization: { ...text, description: 'GUID of the Exchange organization.' },
    clientProfile: { ...flag, description: 'OAuth2ClientProfileEnabled.' },
    servers: { type: 'array', items: server },
    virtualDirectories: { type: 'array', items: virtualDirectory },
    authServers: { type: 'array', items: authServer },
    authCertificate: {
      anyOf: [
        {
          type: 'object',
          required: ['expires', 'missingOn'],
          properties: { expires: text, missingOn: { type: 'array', items: text } },
        },
        { type: 'null' },
      ],
    },
    mailboxScope: {
      anyOf: [
        {
          type: 'object',
          required: ['scope', 'assignment', 'limited'],
          properties: { scope: flag, assignment: flag, limited: flag },
        },
        { type: 'null' },
      ],
    },
    points: { type: 'array', items: point },
    digest: { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' },
  },
} as const

export type Evidence = FromSchema<typeof evidenceSchema>
