import { patterns } from './words.ts'

const mailboxScope = {
  type: 'object',
  title: 'Limit to some mailboxes',
  description:
    'Write a PowerShell script that limits HMA-App, through ApplicationImpersonation, to the mailboxes that match a filter.',
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
      description: 'The mailboxes that HMA-App may open, as a RecipientRestrictionFilter. One line.',
      pattern: patterns.oneLine,
      examples: ["MemberOfGroup -eq 'CN=D365,OU=Groups,DC=contoso,DC=com'"],
    },
  },
} as const

const setup = {
  type: 'object',
  title: 'Prerequisites as a script',
  description:
    'Write a PowerShell script that checks, and on request sets, what Hybrid Modern Authentication needs on Exchange Server.',
  additionalProperties: false,
  required: ['script'],
  properties: {
    script: {
      type: 'string',
      title: 'Script',
      description: 'Where hma writes the script that an Exchange administrator runs. Relative to this file.',
      pattern: patterns.oneLine,
      examples: ['./exchange-setup.ps1'],
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
        'Send tokens for resourceId to ewsUrl although the two name different hosts. Without it, that is an error: the token opens every mailbox.',
      default: false,
      examples: [true],
    },
    testMailbox: {
      type: 'string',
      title: 'Test mailbox',
      description: 'The mailbox that hma verify opens to prove sign-in.',
      format: 'email',
      examples: ['svc-d365@contoso.com'],
    },
    mailboxScope,
    setup,
    evidence: {
      type: 'string',
      title: 'Evidence',
      description:
        'The file that the script of exchange.setup writes on the Exchange server. hma verify and hma status read it. Relative to this file.',
      pattern: patterns.oneLine,
      examples: ['./hma-exchange-evidence.json'],
    },
    servicePrincipalName: {
      type: 'string',
      title: 'Service principal name',
      description:
        'check: hma verify reports whether Office 365 Exchange Online lists the address of Exchange. register: hma apply adds it, and never removes one.',
      enum: ['check', 'register'],
      default: 'check',
      examples: ['register'],
    },
  },
} as const
