import { patterns } from './words.ts'

const mailboxScope = {
  type: 'object',
  title: 'Limit to some mailboxes',
  description: 'Write a PowerShell script that limits HMA-App, by ApplicationImpersonation, to the mailboxes of a filter.',
  additionalProperties: false,
  required: ['script', 'filter'],
  properties: {
    script: {
      type: 'string',
      title: 'Script',
      description: 'Where hma writes the script that an Exchange administrator runs. Relative to this file.',
      pattern: patterns.oneLine,
      examples: ['./exchange-mailbox-scope.ps1'],
    },
    filter: {
      type: 'string',
      title: 'Recipient filter',
      description: 'The mailboxes that stay reachable, in the words of RecipientRestrictionFilter. One line.',
      pattern: patterns.oneLine,
      examples: ["MemberOfGroup -eq 'CN=D365,OU=Groups,DC=contoso,DC=com'"],
    },
  },
} as const

export const exchange = {
  type: 'object',
  title: 'Exchange',
  description: 'The Exchange Server that holds the mailboxes.',
  additionalProperties: false,
  required: ['ewsUrl'],
  properties: {
    ewsUrl: {
      type: 'string',
      title: 'EWS',
      description: 'The address of Exchange Web Services, reachable from the internet.',
      format: 'uri',
      pattern: patterns.https,
      maxLength: 2084,
      examples: ['https://mail.contoso.com/EWS/Exchange.asmx'],
    },
    resourceId: {
      type: 'string',
      title: 'Resource id',
      description:
        'The service principal name of Exchange in Entra: the audience of its tokens. Default: scheme and host of ewsUrl.',
      format: 'uri',
      pattern: patterns.https,
      maxLength: 1024,
      examples: ['https://mail.contoso.com'],
    },
    trustEwsHost: {
      type: 'boolean',
      title: 'Trust another host',
      description:
        'Send tokens for resourceId to ewsUrl although the two name different hosts. Without it that is a mistake: the token opens every mailbox.',
      default: false,
      examples: [true],
    },
    testMailbox: {
      type: 'string',
      title: 'Test mailbox',
      description: 'The mailbox that hma verify opens to prove the chain.',
      format: 'email',
      examples: ['svc-d365@contoso.com'],
    },
    mailboxScope,
  },
} as const
