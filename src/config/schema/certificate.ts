import { patterns } from './words.ts'

const identity = {
  name: {
    type: 'string',
    title: 'Name in the vault',
    description: 'Dynamics reads the certificate by this name. Letters, digits and hyphens, at most 100 characters.',
    pattern: patterns.objectName,
    default: 'HMA-Cert',
    examples: ['HMA-Cert'],
  },
  source: {
    type: 'string',
    title: 'Where it comes from',
    description: 'generate: created in the vault. csr: created in the vault, signed by your CA. import: imported from a file.',
    enum: ['generate', 'csr', 'import'],
    default: 'generate',
    examples: ['generate'],
  },
} as const

const made = {
  issuer: {
    type: 'string',
    title: 'Issuer',
    description:
      'For source generate. hma: renewed with no gap. Self, or the name of an issuer of the vault: the vault signs, and each renewal leaves a gap.',
    pattern: patterns.objectName,
    default: 'hma',
    examples: ['hma', 'Self'],
  },
  subject: {
    type: 'string',
    title: 'Subject',
    description: 'For generate and csr: a distinguished name. Default: CN= and the name of the certificate.',
    maxLength: 200,
    pattern: patterns.oneLine,
    examples: ['CN=hma.contoso.com', 'CN=hma.contoso.com,O=Contoso,C=DE'],
  },
  keySize: {
    type: 'integer',
    title: 'Key size, in bits',
    description: 'For generate and csr: the size of the RSA key.',
    enum: [2048, 3072, 4096],
    default: 2048,
    examples: [2048],
  },
  validityMonths: {
    type: 'integer',
    title: 'Validity, in months',
    description: 'For generate. With csr your CA decides how long the certificate is valid.',
    minimum: 1,
    maximum: 120,
    default: 12,
    examples: [12],
  },
} as const

const brought = {
  signedFile: {
    type: 'string',
    title: 'Signed certificate',
    description: 'For csr: the public certificate that your CA returned. Put it there when you have it. Relative to this file.',
    pattern: patterns.oneLine,
    examples: ['./hma-cert.cer'],
  },
  file: {
    type: 'string',
    title: 'Certificate to import',
    description: 'For import: certificate and private key, as .pfx or .pem. Relative to this file.',
    pattern: patterns.oneLine,
    examples: ['./hma.pfx'],
  },
  password: {
    type: 'string',
    title: 'Password of the file',
    description: 'For import, if the file has one. Keep the value out of the file: name an environment variable.',
    maxLength: 200,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a configuration writes it
    examples: ['${HMA_PFX_PASSWORD}'],
  },
} as const

export const certificate = {
  type: 'object',
  title: 'Certificate',
  description: 'The certificate with which HMA-App signs in. Its private key is in the vault.',
  additionalProperties: false,
  default: {},
  examples: [{ name: 'HMA-Cert', subject: 'CN=hma.contoso.com' }],
  properties: {
    ...identity,
    ...made,
    ...brought,
    renewBeforeDays: {
      type: 'integer',
      title: 'Renew before, in days',
      description: 'How long before it expires the certificate is renewed. Run hma apply more often than that.',
      minimum: 1,
      default: 30,
      examples: [30],
    },
    overlapDays: {
      type: 'integer',
      title: 'Overlap, in days',
      description: 'How long the former certificate stays trusted after a renewal.',
      minimum: 0,
      default: 7,
      examples: [7],
    },
  },
} as const
