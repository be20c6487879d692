import { valid } from './folder.ts'
import { guid, reportsMistakes } from './mistakes.ts'

reportsMistakes([
  {
    what: 'a secret with impossible times',
    add: 'keyVaultApp:\n  clientSecret:\n    lifetimeDays: 30\n    overlapDays: 31',
    expected: [
      [
        'error 14:19+2',
        'keyVaultApp.clientSecret.renewBeforeDays must be less than lifetimeDays (30): it would be renewed on every run.',
        'Use a smaller number, or a longer lifetime.',
      ],
      [
        'error 15:18+2',
        'keyVaultApp.clientSecret.overlapDays must be less than lifetimeDays (30): old ones would accumulate.',
        'Use a smaller number, or a longer lifetime.',
      ],
      [
        'warning 15:18+2',
        'The overlapDays of the client secret are more than its renewBeforeDays: the former secret expires before the overlap ends.',
        'Write 30 days of overlap or fewer, or renew earlier.',
      ],
    ],
  },
  {
    what: 'a secret that nothing keeps',
    put: ['dynamics:\n  environmentUrl: https://contoso.crm4.dynamics.com\n', ''],
    expected: [
      [
        'error 1:1+10',
        'Without dynamics, keyVaultApp.clientSecret.vaultSecretName is required: otherwise the secret would not be kept anywhere.',
        'Write for example `vaultSecretName: hma-kv-app-client-secret`.',
      ],
    ],
  },
  {
    what: 'a secret in the name of the certificate, whatever its capitals',
    add: 'keyVaultApp:\n  clientSecret:\n    vaultSecretName: hma-cert',
    expected: [
      [
        'error 14:22+8',
        'vaultSecretName must differ from certificate.name: a certificate owns the secret of its name.',
        'Choose another name, like hma-kv-app-client-secret.',
      ],
    ],
  },
  {
    what: 'one registration in two parts',
    add: 'keyVaultApp:\n  appId: aaaaaaaa-1111-1111-1111-111111111111\nhmaApp:\n  appId: AAAAAAAA-1111-1111-1111-111111111111',
    expected: [
      [
        'error 15:10+36',
        'hmaApp.appId must differ from keyVaultApp.appId: the two registrations have different rights.',
        'Name two registrations, or omit appId in one of them, and hma creates it.',
      ],
    ],
  },
  {
    what: 'an address of Exchange Online',
    put: ['https://mail.contoso.com/EWS', 'https://outlook.office365.com/EWS'],
    expected: [
      [
        'warning 9:11+47',
        'exchange.ewsUrl is an address of Exchange Online, which does not use Hybrid Modern Authentication.',
        'Use the address of your own Exchange Server, like https://mail.contoso.com/EWS/Exchange.asmx.',
      ],
    ],
  },
  {
    what: 'a resource id with a path',
    put: ['exchange:\n', 'exchange:\n  resourceId: https://mail.contoso.com/EWS\n'],
    expected: [
      [
        'warning 9:15+28',
        'exchange.resourceId is usually scheme and host alone.',
        'It must equal a service principal name of Exchange in Entra, which is scheme and host: https://mail.contoso.com.',
      ],
    ],
  },
  {
    what: 'an environment with a path',
    put: ['dynamics.com', 'dynamics.com/main.aspx'],
    expected: [
      ['error 11:19+43', 'dynamics.environmentUrl must be scheme and host alone.', 'Write https://contoso.crm4.dynamics.com.'],
    ],
  },
  {
    what: 'a mailbox that stands twice, in two forms',
    add: '  mailboxes:\n    - a@contoso.com\n    - {address: A@contoso.com}',
    expected: [
      [
        'error 14:17+13',
        'This mailbox is already in the list.',
        'It is number 1 of the list too. Addresses are not case-sensitive.',
      ],
    ],
  },
  {
    what: 'a credential without what it needs',
    add: `auth:\n  ${guid}:\n    credential: clientCertificate`,
    expected: [
      ['error 13:3+36', 'The credential clientCertificate needs clientId.'],
      ['error 13:3+36', 'The credential clientCertificate needs certificateFile.'],
    ],
  },
  {
    what: 'a credential with what it makes no use of',
    add: `auth:\n  ${guid}:\n    credential: azureCli\n    clientId: ${guid}`,
    expected: [
      ['error 15:5+8', 'The credential azureCli does not use clientId.', 'Remove it, or write `credential: clientSecret`.'],
    ],
  },
  {
    what: 'a tenant that the deployment does not touch',
    add: 'auth:\n  99999999-9999-9999-9999-999999999999: {credential: azureCli}',
    expected: [
      ['warning 13:3+36', 'This deployment does not use this tenant.', 'Compare it with the tenant ids below, or remove it.'],
    ],
  },
  {
    what: 'endpoints with a path, and authorities that nobody can read',
    add: 'cloud:\n  name: lab\n  authorityHost: https://login.lab/x\n  resourceManager: https://arm.lab\n  graph: https://graph.lab\n  keyVaultSuffix: vault.lab\n  caFile: ./none.pem',
    expected: [
      [
        'error 14:18+19',
        'cloud.authorityHost must be scheme and host, with a port if needed.',
        'Like https://login.lab.localhost:9443, with no path behind it.',
      ],
      [
        'error 18:11+10',
        'cloud.caFile cannot be read: there is no such file or folder.',
        'The path starts from the folder of the configuration. The file holds certificates as PEM.',
      ],
    ],
  },
  {
    what: 'a second deployment of the same name, certificate and profile',
    add: `---\n${valid}`,
    expected: [
      [
        'error 13:1+10',
        'Another deployment has an object of this name in the same vault: hma.config.yaml:1:1.',
        'Choose another name, or another vault.',
      ],
      [
        'error 14:7+7',
        'Another deployment has this name: hma.config.yaml:2:7.',
        'The name is part of every mark that hma sets. Choose another.',
      ],
      [
        'error 22:1+8',
        'Another deployment has a profile of this name in the same environment: hma.config.yaml:10:1.',
        'Choose another name for the profile.',
      ],
    ],
  },
])
