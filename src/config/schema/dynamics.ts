import { patterns } from './words.ts'

const address = {
  type: 'string',
  title: 'Mailbox address',
  description: 'The primary address of a mailbox in Dynamics.',
  format: 'email',
  examples: ['sales@contoso.com'],
} as const

/** The two flags carry no `default`: a validator fills none in inside `anyOf`. The loader does. */
const mailbox = {
  title: 'Mailbox',
  description: 'An address that hma puts on the profile, approves, tests and enables; or an object that says what to do.',
  examples: ['sales@contoso.com', { address: 'info@contoso.com', testAndEnable: false }],
  anyOf: [
    address,
    {
      type: 'object',
      title: 'A mailbox and what to do with it',
      description: 'The address, and what hma does after putting the mailbox on the profile.',
      additionalProperties: false,
      required: ['address'],
      properties: {
        address,
        approve: {
          type: 'boolean',
          title: 'Approve',
          description: 'Approve the email address. Default: true.',
          examples: [true],
        },
        testAndEnable: {
          type: 'boolean',
          title: 'Test and enable',
          description: 'Test the mailbox and enable it. Default: true.',
          examples: [true],
        },
      },
    },
  ],
} as const

const profile = {
  type: 'object',
  title: 'Email server profile',
  description: 'The email server profile that hma manages.',
  additionalProperties: false,
  default: {},
  properties: {
    name: {
      type: 'string',
      title: 'Name of the profile',
      description: 'What administrators see in Dynamics.',
      maxLength: 100,
      pattern: patterns.oneLine,
      default: 'Exchange on-premises (HMA)',
      examples: ['Exchange on-premises (HMA)'],
    },
  },
} as const

export const dynamics = {
  type: 'object',
  title: 'Dynamics 365',
  description:
    'The environment whose profile hma manages. Without this block, you type the values of `hma output` into the form yourself.',
  additionalProperties: false,
  required: ['environmentUrl'],
  properties: {
    environmentUrl: {
      type: 'string',
      title: 'Environment',
      description: 'Scheme and host of the environment.',
      format: 'uri',
      pattern: patterns.https,
      examples: ['https://contoso.crm4.dynamics.com'],
    },
    tenantId: {
      type: 'string',
      title: 'Tenant of Dynamics',
      description: 'Directory (tenant) id. Default: the tenant of HMA-App.',
      format: 'uuid',
      examples: ['22222222-2222-2222-2222-222222222222'],
    },
    profile,
    mailboxes: {
      type: 'array',
      title: 'Mailboxes',
      description: 'The mailboxes to put on the profile. The others are left alone.',
      items: mailbox,
      default: [],
      examples: [['sales@contoso.com']],
    },
  },
} as const
