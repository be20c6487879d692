import { type Case, guid, reportsMistakes } from './mistakes.ts'

reportsMistakes([
  ...['\\x1b[31m', '\\u202e', '\\0', '\\n'].map((hidden): Case => {
    const value = `"KV${hidden}App"`
    const rule = 'must be one line of text, without control characters or characters that change the reading direction'
    return {
      what: `a character in a name that nobody sees: ${hidden}`,
      add: `keyVaultApp:\n  displayName: ${value}`,
      expected: [[`error 13:16+${value.length}`, `keyVaultApp.displayName ${rule}.`]],
    }
  }),
  {
    what: 'a misspelt key, which is not also missing',
    put: ['keyVault:', 'keyvualt:'],
    expected: [['error 3:1+8', 'A deployment has no key "keyvualt"; did you mean "keyVault"?']],
  },
  {
    what: 'a misspelt key, without which another would be needed',
    put: ['dynamics:', 'dynamcis:'],
    expected: [['error 10:1+8', 'A deployment has no key "dynamcis"; did you mean "dynamics"?']],
  },
  {
    what: 'a key that resembles none',
    add: 'safety:\n  strict: true',
    expected: [['error 13:3+6', 'safety has no key "strict".', 'It takes: preventRemoval.']],
  },
  {
    what: 'a missing key, at its block',
    put: ['  resourceGroup: rg-mail\n', ''],
    expected: [
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
    expected: [['error 4:13+6', `keyVault.tenantId must be a GUID, like ${guid}.`]],
  },
  {
    what: 'a number for a GUID',
    put: [guid, '1234'],
    expected: [['error 4:13+4', `keyVault.tenantId must be a GUID, like ${guid}.`]],
  },
  {
    what: 'an unknown cloud: one mistake, though the schema has two branches',
    add: 'cloud: usgvo',
    expected: [['error 12:8+5', 'cloud must be one of public, usgov, usgov-dod, china.', 'Did you mean "usgov"?']],
  },
  {
    what: 'a cloud that is neither name nor block',
    add: 'cloud: 5',
    expected: [['error 12:8+1', 'cloud must be the name of a cloud, or a block of endpoints.']],
  },
  {
    what: 'a custom cloud with a key missing',
    add: 'cloud:\n  name: lab\n  authorityHost: https://login.lab\n  resourceManager: https://arm.lab\n  graph: https://graph.lab',
    expected: [
      [
        'error 12:1+5',
        'cloud needs keyVaultSuffix.',
        'What follows the name of a vault in its host name, with a port if needed. Write for example `keyVaultSuffix: vault.lab.localhost:9443`.',
      ],
    ],
  },
  {
    what: 'a quoted number',
    add: 'certificate:\n  keySize: "2048"',
    expected: [['error 13:12+6', 'certificate.keySize must be a whole number.', 'Remove the quotes.']],
  },
  {
    what: 'a key size that Key Vault has not',
    add: 'certificate:\n  keySize: 1024',
    expected: [['error 13:12+4', 'certificate.keySize must be one of 2048, 3072, 4096.']],
  },
  {
    what: 'a block with nothing in it',
    add: 'safety:',
    expected: [['error 12:1+6', 'safety must be a block of keys.', 'This key has no value. Give it a value, or remove the key.']],
  },
  {
    what: 'a retention out of bounds',
    put: ['  name: kv-contoso-mail', '  name: kv-contoso-mail\n  create: {location: westeurope, softDeleteRetentionDays: 91}'],
    expected: [['error 8:59+2', 'keyVault.create.softDeleteRetentionDays must be 90 or less.']],
  },
  {
    what: 'names of vaults that Azure refuses',
    put: ['kv-contoso-mail', 'kv--mail'],
    expected: [
      [
        'error 7:9+8',
        'keyVault.name must be 3 to 24 letters, digits and hyphens, start with a letter, end with a letter or digit, and have no two hyphens in a row.',
      ],
    ],
  },
  {
    what: 'http in place of https',
    put: ['https://mail', 'http://mail'],
    expected: [['error 9:11+41', 'exchange.ewsUrl must be an address that starts with https://.']],
  },
  {
    what: 'a key of auth that is no tenant',
    add: 'auth:\n  contoso: {credential: azureCli}',
    expected: [
      ['error 13:3+7', '"contoso" is not a tenant id.', `The keys under auth are directory (tenant) ids, like ${guid}.`],
    ],
  },
  {
    what: 'mailboxes in forms that are none',
    add: '  mailboxes:\n    - nobody\n    - {adress: a@contoso.com}\n    - 5',
    expected: [
      ['error 13:7+6', 'dynamics.mailboxes[0] must be a mail address, like name@contoso.com.'],
      ['error 14:8+6', 'dynamics.mailboxes[1] has no key "adress"; did you mean "address"?'],
      ['error 15:7+1', 'dynamics.mailboxes[2] must be an address, or a block with an address.'],
    ],
  },
])
