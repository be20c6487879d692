import { patterns } from './words.ts'

const entry = {
  type: 'object',
  title: 'How to sign in to this tenant',
  description: 'The credential for everything in this tenant.',
  additionalProperties: false,
  properties: {
    credential: {
      type: 'string',
      title: 'Credential',
      description: 'The kind of credential. default: the first of the usual sources that has one.',
      enum: [
        'default',
        'environment',
        'azureCli',
        'azurePowerShell',
        'managedIdentity',
        'workloadIdentity',
        'clientSecret',
        'clientCertificate',
        'deviceCode',
      ],
      default: 'default',
      examples: ['azureCli', 'workloadIdentity'],
    },
    clientId: {
      type: 'string',
      title: 'Client id',
      description:
        'Application (client) id. Required for clientSecret and clientCertificate; optional for managedIdentity, workloadIdentity and deviceCode.',
      format: 'uuid',
      examples: ['44444444-4444-4444-4444-444444444444'],
    },
    clientSecret: {
      type: 'string',
      title: 'Client secret',
      description: 'For credential clientSecret. Keep the value out of the file: name an environment variable.',
      pattern: patterns.filled,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a configuration writes it
      examples: ['${KV_TENANT_SECRET}'],
    },
    certificateFile: {
      type: 'string',
      title: 'Certificate file',
      description: 'For credential clientCertificate: certificate and private key, as .pem or .pfx. Relative to this file.',
      pattern: patterns.oneLine,
      examples: ['./sign-in.pem'],
    },
    certificatePassword: {
      type: 'string',
      title: 'Password of the certificate file',
      description:
        'For credential clientCertificate, if the file has one. Keep the value out of the file: name an environment variable.',
      pattern: patterns.filled,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a configuration writes it
      examples: ['${SIGN_IN_PASSWORD}'],
    },
  },
} as const

export const auth = {
  type: 'object',
  title: 'Sign-in',
  description:
    'Credentials by tenant id. For a tenant without an entry, hma uses the default chain: environment, workload identity, managed identity, Azure CLI, and so on.',
  additionalProperties: false,
  patternProperties: { [patterns.tenantKey]: entry },
  default: {},
  examples: [{ '11111111-1111-1111-1111-111111111111': { credential: 'azureCli' } }],
} as const
