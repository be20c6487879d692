import { patterns } from './words.ts'

const endpoint = { type: 'string', format: 'uri', pattern: patterns.https } as const

const custom = {
  type: 'object',
  title: 'A custom cloud',
  description: 'The endpoints of an air-gapped or test cloud. A host under .localhost always means the loopback address.',
  additionalProperties: false,
  required: ['name', 'authorityHost', 'resourceManager', 'graph', 'keyVaultSuffix'],
  properties: {
    name: {
      type: 'string',
      title: 'Name',
      description: "The name of this cloud in hma's output.",
      pattern: patterns.deploymentName,
      examples: ['lab'],
    },
    authorityHost: {
      ...endpoint,
      title: 'Sign-in endpoint',
      description: 'Scheme and host of the token service.',
      examples: ['https://login.lab.localhost:9443'],
    },
    resourceManager: {
      ...endpoint,
      title: 'Resource Manager',
      description: 'Scheme and host of Azure Resource Manager.',
      examples: ['https://management.lab.localhost:9443'],
    },
    graph: {
      ...endpoint,
      title: 'Microsoft Graph',
      description: 'Scheme and host of Microsoft Graph.',
      examples: ['https://graph.lab.localhost:9443'],
    },
    keyVaultSuffix: {
      type: 'string',
      title: 'Key Vault suffix',
      description: 'What follows the name of a vault in its host name, with a port if needed.',
      pattern: patterns.hostAndPort,
      examples: ['vault.lab.localhost:9443'],
    },
    caFile: {
      type: 'string',
      title: 'Certificate authorities',
      description: 'A PEM file with additional trusted roots. Relative to this file.',
      pattern: patterns.oneLine,
      examples: ['./lab-ca.pem'],
    },
  },
} as const

export const cloud = {
  title: 'Cloud',
  description: 'The cloud of Azure, Entra and Dynamics: the name of a Microsoft cloud, or the endpoints of another.',
  default: 'public',
  examples: ['public', 'usgov', 'usgov-dod', 'china'],
  anyOf: [
    {
      type: 'string',
      title: 'A Microsoft cloud',
      description: 'public: worldwide. usgov: US Government L4. usgov-dod: US Government L5. china: operated by 21Vianet.',
      enum: ['public', 'usgov', 'usgov-dod', 'china'],
    },
    custom,
  ],
} as const
