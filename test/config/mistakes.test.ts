import { describe, expect, it } from 'vitest'
import { loadText, valid } from './folder.ts'

/** What is added to a valid document, or put in place of a part of it, and each diagnostic it earns: place, message, hint. */
interface Case {
  readonly what: string
  readonly add?: string
  readonly put?: readonly [string, string]
  readonly earns: readonly (readonly [place: string, message: string, hint?: string])[]
}

const guid = '11111111-1111-1111-1111-111111111111'

const schema: readonly Case[] = [
  {
    what: 'a misspelt key, which is not also missing',
    put: ['keyVault:', 'keyvualt:'],
    earns: [['error 3:1+8', 'A deployment has no key "keyvualt"; did you mean "keyVault"?']],
  },
  {
    what: 'a key that resembles none',
    add: 'safety:\n  strict: true',
    earns: [['error 13:3+6', 'safety has no key "strict".', 'It takes: preventRemoval.']],
  },
  {
    what: 'a missing key, at its block',
    put: ['  resourceGroup: rg-mail\n', ''],
    earns: [
      [
        'error 3:1+8',
        'keyVault needs resourceGroup.',
        'The resource group of the vault. It must exist. Write for example `resourceGroup: rg-mail`.',
      ],
    ],
  },
  {
    what: 'a GUID that is none',
    put: [guid, '1234-x'],
    earns: [['error 4:13+6', `keyVault.tenantId must be a GUID, like ${guid}.`]],
  },
  {
    what: 'a number for a GUID',
    put: [guid, '1234'],
    earns: [['error 4:13+4', `keyVault.tenantId must be a GUID, like ${guid}.`]],
  },
  {
    what: 'an unknown cloud: one mistake, though the schema has two branches',
    add: 'cloud: usgvo',
    earns: [['error 12:8+5', 'cloud must be one of public, usgov, usgov-dod, china.', 'Did you mean "usgov"?']],
  },
  {
    what: 'a cloud that is neither name nor block',
    add: 'cloud: 5',
    earns: [['error 12:8+1', 'cloud must be the name of a cloud, or a block of endpoints.']],
  },
  {
    what: 'a custom cloud with a key missing',
    add: 'cloud:\n  name: lab\n  authorityHost: https://login.lab\n  resourceManager: https://arm.lab\n  graph: https://graph.lab',
    earns: [
      [
        'error 12:1+5',
        'cloud needs keyVaultSuffix.',
        'What follows the name of a vault in its host name. It may carry a port. Write for example `keyVaultSuffix: vault.lab.localhost:9443`.',
      ],
    ],
  },
  {
    what: 'a quoted number',
    add: 'certificate:\n  keySize: "2048"',
    earns: [['error 13:12+6', 'certificate.keySize must be a whole number.', 'Take the quotes away.']],
  },
  {
    what: 'a key size that Key Vault has not',
    add: 'certificate:\n  keySize: 1024',
    earns: [['error 13:12+4', 'certificate.keySize must be one of 2048, 3072, 4096.']],
  },
  {
    what: 'a block with nothing in it',
    add: 'safety:',
    earns: [
      ['error 12:1+6', 'safety must be a block of keys.', 'Nothing is written here. Give it a value, or take the key out.'],
    ],
  },
  {
    what: 'a retention out of bounds',
    put: ['  name: kv-contoso-mail', '  name: kv-contoso-mail\n  create: {location: westeurope, softDeleteRetentionDays: 91}'],
    earns: [['error 8:59+2', 'keyVault.create.softDeleteRetentionDays must be 90 or less.']],
  },
  {
    what: 'names of vaults that Azure refuses',
    put: ['kv-contoso-mail', 'kv--mail'],
    earns: [
      [
        'error 7:9+8',
        'keyVault.name takes 3 to 24 letters, digits and hyphens, starts with a letter, ends with a letter or digit, and has no two hyphens together.',
      ],
    ],
  },
  {
    what: 'http in place of https',
    put: ['https://mail', 'http://mail'],
    earns: [['error 9:11+41', 'exchange.ewsUrl must be an address that starts with https://.']],
  },
  {
    what: 'a key of auth that is no tenant',
    add: 'auth:\n  contoso: {credential: azureCli}',
    earns: [['error 13:3+7', '"contoso" is no tenant id.', `The keys under auth are directory (tenant) ids, like ${guid}.`]],
  },
  {
    what: 'mailboxes in forms that are none',
    add: '  mailboxes:\n    - nobody\n    - {adress: a@contoso.com}\n    - 5',
    earns: [
      ['error 13:7+6', 'dynamics.mailboxes[0] must be a mail address, like name@contoso.com.'],
      ['error 14:8+6', 'dynamics.mailboxes[1] has no key "adress"; did you mean "address"?'],
      ['error 15:7+1', 'dynamics.mailboxes[2] must be an address, or a block with an address.'],
    ],
  },
]

const meaning: readonly Case[] = [
  {
    what: 'a vault address that Dynamics cannot keep',
    add: `cloud:\n  {name: lab, authorityHost: https://a, resourceManager: https://b, graph: https://c, keyVaultSuffix: ${'v'.repeat(90)}}`,
    earns: [['error 7:9+15', "The vault's address has 115 characters; Dynamics takes 100 at most.", 'Choose a shorter name.']],
  },
  {
    what: 'a certificate name that Dynamics cannot keep',
    add: `certificate:\n  name: ${'c'.repeat(101)}`,
    earns: [['error 13:9+101', 'certificate.name has 101 characters; Dynamics takes 100 at most.', 'Choose a shorter name.']],
  },
  {
    what: 'a subject that is no distinguished name',
    add: 'certificate:\n  subject: hma.contoso.com',
    earns: [['error 13:12+15', 'certificate.subject must be a distinguished name.', 'Did you mean "CN=hma.contoso.com"?']],
  },
  {
    what: 'a csr without its file, and a field of another source',
    add: 'certificate:\n  source: csr\n  file: ./hma.pfx',
    earns: [
      [
        'error 13:11+3',
        'A certificate of source csr needs signedFile.',
        'Name the file that will hold what your CA returns: `signedFile: ./hma-cert.cer`. It need not exist yet.',
      ],
      ['error 14:3+4', 'A certificate of source csr makes no use of file.', 'Take it out, or write `source: import`.'],
    ],
  },
  {
    what: 'an import without its file, with an issuer',
    add: 'certificate:\n  source: import\n  issuer: hma',
    earns: [
      ['error 13:11+6', 'A certificate of source import needs file.', 'Name the .pfx or .pem file: `file: ./hma.pfx`.'],
      ['error 14:3+6', 'A certificate of source import makes no use of issuer.', 'Take it out, or write `source: generate`.'],
    ],
  },
  {
    what: 'a certificate that would be renewed at every run',
    add: 'certificate:\n  validityMonths: 1',
    put: ['', ''],
    earns: [
      [
        'error 12:1+11',
        'certificate.renewBeforeDays must be less than the validity: it would be renewed at every run.',
        'Write less than 28, or a longer validityMonths.',
      ],
    ],
  },
  {
    what: 'an overlap that the former certificate does not live to see',
    add: 'certificate:\n  overlapDays: 40',
    earns: [
      [
        'warning 13:16+2',
        'certificate.overlapDays is longer than renewBeforeDays: the former certificate expires before the overlap is over.',
        'Write 30 days of overlap at most, or renew earlier.',
      ],
    ],
  },
  {
    what: 'a secret with impossible times',
    add: 'keyVaultApp:\n  clientSecret:\n    lifetimeDays: 30\n    overlapDays: 31',
    earns: [
      [
        'error 14:19+2',
        'keyVaultApp.clientSecret.renewBeforeDays must be less than lifetimeDays (30): it would be renewed at every run.',
        'Make it shorter, or the lifetime longer.',
      ],
      [
        'error 15:18+2',
        'keyVaultApp.clientSecret.overlapDays must be less than lifetimeDays (30): former ones would pile up.',
        'Make it shorter, or the lifetime longer.',
      ],
      [
        'warning 15:18+2',
        'The overlapDays of the client secret are more than its renewBeforeDays: the former secret expires before the overlap is over.',
        'Write 30 days of overlap at most, or renew earlier.',
      ],
    ],
  },
  {
    what: 'a secret that nothing keeps',
    put: ['dynamics:\n  environmentUrl: https://contoso.crm4.dynamics.com\n', ''],
    earns: [
      [
        'error 1:1+10',
        'Without dynamics, keyVaultApp.clientSecret.vaultSecretName is needed: nothing else would keep the secret.',
        'Write for example `vaultSecretName: hma-kv-app-client-secret`.',
      ],
    ],
  },
  {
    what: 'a secret in the name of the certificate, whatever its capitals',
    add: 'keyVaultApp:\n  clientSecret:\n    vaultSecretName: hma-cert',
    earns: [
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
    earns: [
      [
        'error 15:10+36',
        'hmaApp.appId must differ from keyVaultApp.appId: the two registrations have different rights.',
        'Name two registrations, or leave appId out of one and hma makes it.',
      ],
    ],
  },
  {
    what: 'a resource id with a path',
    put: ['exchange:\n', 'exchange:\n  resourceId: https://mail.contoso.com/EWS\n'],
    earns: [
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
    earns: [
      ['error 11:19+43', 'dynamics.environmentUrl must be scheme and host alone.', 'Write https://contoso.crm4.dynamics.com.'],
    ],
  },
  {
    what: 'a mailbox that stands twice, in two forms',
    add: '  mailboxes:\n    - a@contoso.com\n    - {address: A@contoso.com}',
    earns: [
      [
        'error 14:17+13',
        'This mailbox stands in the list already.',
        'It is number 1 of the list too. Addresses differ by more than capital letters.',
      ],
    ],
  },
  {
    what: 'a credential without what it needs',
    add: `auth:\n  ${guid}:\n    credential: clientCertificate`,
    earns: [
      ['error 13:3+36', 'The credential clientCertificate needs clientId.'],
      ['error 13:3+36', 'The credential clientCertificate needs certificateFile.'],
    ],
  },
  {
    what: 'a credential with what it makes no use of',
    add: `auth:\n  ${guid}:\n    credential: azureCli\n    clientId: ${guid}`,
    earns: [
      ['error 15:5+8', 'The credential azureCli makes no use of clientId.', 'Take it out, or write `credential: clientSecret`.'],
    ],
  },
  {
    what: 'a tenant that the deployment does not touch',
    add: 'auth:\n  99999999-9999-9999-9999-999999999999: {credential: azureCli}',
    earns: [
      [
        'warning 13:3+36',
        'No part of this deployment lies in this tenant.',
        'Compare it with the tenant ids below, or take it out.',
      ],
    ],
  },
  {
    what: 'endpoints with a path, and authorities that nobody can read',
    add: 'cloud:\n  name: lab\n  authorityHost: https://login.lab/x\n  resourceManager: https://arm.lab\n  graph: https://graph.lab\n  keyVaultSuffix: vault.lab\n  caFile: ./none.pem',
    earns: [
      [
        'error 14:18+19',
        'cloud.authorityHost must be scheme and host, with a port where it needs one.',
        'Like https://login.lab.localhost:9443, with no path behind it.',
      ],
      [
        'error 18:11+10',
        'cloud.caFile cannot be read.',
        'The path starts from the folder of the configuration. The file holds certificates as PEM.',
      ],
    ],
  },
  {
    what: 'a second deployment of the same name, certificate and profile',
    add: `---\n${valid}`,
    earns: [
      [
        'error 13:1+10',
        'Another deployment has an object of this name in the same vault: hma.config.yaml:1:1.',
        'Choose another name, or another vault.',
      ],
      [
        'error 14:7+7',
        'Another deployment has this name: hma.config.yaml:2:7.',
        'Every mark that hma leaves holds the name. Choose another.',
      ],
      [
        'error 22:1+8',
        'Another deployment has a profile of this name in the same environment: hma.config.yaml:10:1.',
        'Choose another name for the profile.',
      ],
    ],
  },
]

const syntax: readonly Case[] = [
  {
    what: 'a tab',
    add: 'certificate:\n\tname: x',
    earns: [['error 13:1+1', 'A tab cannot indent in YAML.', 'Indent with spaces.']],
  },
  {
    what: 'a key that stands twice',
    add: 'name: fabrikam',
    earns: [['error 12:1+4', 'The key "name" stands twice in this block.', 'Keep one of the two.']],
  },
  {
    what: 'a key called __proto__',
    add: '__proto__: {polluted: true}',
    earns: [['error 12:1+9', 'A key cannot be called __proto__.', 'Take it out.']],
  },
  {
    what: 'an alias of nothing',
    add: 'safety: *none',
    earns: [
      [
        'error 12:9+5',
        'There is no anchor &none before this alias.',
        'Write the value out, or put text that begins with * into quotes.',
      ],
    ],
  },
  {
    what: 'an alias inside what it repeats',
    add: 'safety: &safety\n  preventRemoval: *safety',
    earns: [
      [
        'error 13:19+7',
        'The alias *safety stands inside what it repeats.',
        'Write the value out, or put text that begins with * into quotes.',
      ],
    ],
  },
  {
    what: 'aliases of aliases of aliases',
    add: `a: &a [1,1,1,1,1,1,1,1,1,1]\n${'bcde'.replace(/./g, (name) => {
      const before = String.fromCharCode(name.charCodeAt(0) - 1)
      return `${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]\n`
    })}`,
    earns: [
      [
        'error 15:36+2',
        'This document comes to more than 10,000 values.',
        'Is it a configuration? Look for an alias of aliases.',
      ],
    ],
  },
  {
    what: 'a tag',
    add: 'safety: !vault x',
    earns: [['error 12:9+6', 'hma knows no tags of YAML.', 'Put text that begins with ! into quotes.']],
  },
]

describe.each([
  ['the schema', schema],
  ['the meaning', meaning],
  ['the text', syntax],
] as const)('mistakes against %s', (_, cases) => {
  it.each(cases)('$what', async ({ add = '', put: [from, to] = ['', ''], earns }) => {
    const { diagnostics } = await loadText(valid.replace(from, to) + add)
    const found = diagnostics.map(({ severity, line, column, length, message, hint }) => [
      `${severity} ${line}:${column}+${length}`,
      message,
      hint,
    ])
    const wanted = earns.map(([place, message, hint]) => [place, message, hint])
    expect(found).toEqual(wanted)
  })
})

it('a document with an error is no deployment; its sound neighbour is', async () => {
  const other = valid
    .replace('name: contoso', 'name: fabrikam')
    .replace('kv-contoso-mail', 'kv-fabrikam')
    .replace('contoso.crm4', 'fabrikam.crm4')
  const { deployments, diagnostics } = await loadText(`${valid}nonsense: true\n---\n${other}`)
  expect(diagnostics.map(({ line }) => line)).toEqual([12])
  expect(deployments.map(({ configuration, line }) => [configuration.name, line])).toEqual([['fabrikam', 14]])
})

it('mistakes of every sort are told at once, in the order of the lines', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a configuration writes it
  const text = valid.replace('hma/v1', 'hma/v2').replace('rg-mail', '${GROUP}').replace('dynamics.com', 'dynamics.com/x')
  const { diagnostics } = await loadText(`${text}nonsense: true\nname: again`)
  expect(diagnostics.map(({ line, column }) => `${line}:${column}`)).toEqual(['1:13', '6:18', '11:19', '12:1', '13:1'])
})
