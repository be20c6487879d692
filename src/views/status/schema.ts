/** One deployment as `hma status --json` reports it. Extra fields are allowed, since later versions may add some. Draft-07, like the other schemas. */
const text = { type: 'string' } as const
const earlier = {
  type: 'integer',
  minimum: 1,
  description: 'Days by which renewal comes before renewBeforeDays, to spread the renewals of a fleet',
} as const
const flag = { type: 'boolean' } as const
const count = { type: 'integer' } as const
const instant = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT', description: 'ISO 8601, UTC' } as const
const nothing = { type: 'null' } as const
const maybeText = { anyOf: [text, nothing] } as const
const maybeInstant = { anyOf: [instant, nothing] } as const

/** The state of something that expires. */
const ending = {
  expires: instant,
  days: { ...count, description: 'Whole days, negative once it has expired' },
  outlook: { type: 'string', enum: ['fine', 'soon', 'expired'] },
} as const

const certificate = {
  type: 'object',
  description: 'The certificate that the vault serves',
  required: ['expires', 'days', 'outlook', 'name', 'thumbprint', 'version', 'state', 'renewal', 'renewedBy', 'pending'],
  properties: {
    ...ending,
    name: text,
    thumbprint: text,
    version: maybeText,
    state: { type: 'string', enum: ['current', 'not trusted', 'disabled', 'expired'] },
    renewal: { ...instant, description: 'Date from which it is replaced' },
    renewEarlierDays: earlier,
    renewedBy: { type: 'string', enum: ['hma', 'your CA', 'a new file'] },
    pending: { ...flag, description: 'A key pair is waiting for its certificate' },
  },
} as const

const trusted = {
  type: 'object',
  description: 'A certificate that HMA-App trusts',
  required: ['expires', 'days', 'outlook', 'keyId', 'thumbprint', 'state', 'ours', 'until'],
  properties: {
    ...ending,
    keyId: text,
    thumbprint: text,
    state: { type: 'string', enum: ['current', 'trusted', 'former', 'expired'] },
    ours: flag,
    until: { ...maybeInstant, description: 'Date from which it is removed' },
  },
} as const

const secret = {
  type: 'object',
  description: 'A client secret of KV-App, without its value',
  required: ['expires', 'days', 'outlook', 'keyId', 'state', 'heldBy', 'renewal', 'until'],
  properties: {
    ...ending,
    keyId: text,
    state: { type: 'string', enum: ['held', 'former', 'undelivered', 'unclaimed', 'unknown'] },
    heldBy: { type: 'array', items: { type: 'string', enum: ['dynamics', 'vault'] } },
    renewal: maybeInstant,
    renewEarlierDays: earlier,
    until: maybeInstant,
  },
} as const

const other = {
  type: 'object',
  description: 'A credential of the registration that this deployment did not create: it stays',
  required: ['expires', 'days', 'outlook', 'registration', 'appId', 'type', 'name', 'keyId'],
  properties: {
    ...ending,
    registration: { type: 'string', enum: ['keyVaultApp', 'hmaApp'] },
    appId: text,
    type: { type: 'string', enum: ['secret', 'certificate'] },
    name: maybeText,
    keyId: text,
  },
} as const

const dynamics = {
  type: 'object',
  required: ['environmentUrl', 'profile', 'profileId', 'certificateName', 'hmaApplicationId', 'secret'],
  properties: {
    environmentUrl: text,
    profile: text,
    profileId: maybeText,
    unread: { ...flag, description: 'True if the profile could not be read, so it is not known whether one exists' },
    certificateName: maybeText,
    hmaApplicationId: maybeText,
    secret: { ...maybeText, description: 'keyId of the secret that was delivered last' },
  },
} as const

const mailbox = {
  type: 'object',
  required: ['address', 'state', 'testedAt', 'incoming', 'outgoing', 'appointments', 'profile', 'error'],
  properties: {
    address: text,
    state: { type: 'string', enum: ['works', 'failed', 'disabled', 'testing', 'untested', 'elsewhere', 'not found'] },
    testedAt: maybeInstant,
    incoming: maybeText,
    outgoing: maybeText,
    appointments: maybeText,
    profile: maybeText,
    error: maybeText,
  },
} as const

const problem = {
  type: 'object',
  required: ['kind', 'what', 'message'],
  properties: {
    kind: { type: 'string', enum: ['unreadable', 'missing', 'broken', 'expired', 'expiring'] },
    what: text,
    message: text,
    hint: text,
  },
} as const

const remark = {
  type: 'object',
  required: ['address', 'severity', 'text'],
  properties: { address: text, severity: { type: 'string', enum: ['info', 'warning'] }, text, hint: text, date: instant },
} as const

const where = {
  type: 'object',
  required: ['sandbox', 'cloud', 'vault', 'tenants'],
  properties: { sandbox: flag, cloud: text, vault: text, tenants: { type: 'array', items: text }, environment: text },
} as const

const firstEnd = {
  type: 'object',
  description: 'What is in use and expires first',
  required: ['what', 'at', 'days'],
  properties: { what: text, at: instant, days: count },
} as const

const drift = {
  type: 'object',
  description: 'How many changes an apply would make, and how many need manual action; null if not everything could be read',
  required: ['changes', 'person'],
  properties: { changes: count, person: count },
} as const

const proof = {
  type: 'object',
  description: 'The last result of hma verify, if its report was given',
  required: ['ok', 'at'],
  properties: { ok: flag, at: instant },
} as const

/** Reports of earlier versions lack `where`, `unread`, `remarks` and `others`. */
export const deploymentSchema = {
  type: 'object',
  required: ['ok', 'at', 'expires', 'certificate', 'trusted', 'secrets', 'dynamics', 'mailboxes', 'problems', 'drift', 'proof'],
  properties: {
    ok: { ...flag, description: 'There is no problem' },
    at: { ...instant, description: 'When hma read it' },
    where,
    expires: { anyOf: [firstEnd, nothing] },
    certificate: { anyOf: [certificate, nothing] },
    trusted: { type: 'array', items: trusted },
    secrets: { type: 'array', items: secret },
    dynamics: { anyOf: [dynamics, nothing] },
    mailboxes: { type: 'array', items: mailbox },
    others: { type: 'array', items: other },
    problems: { type: 'array', items: problem },
    drift: { anyOf: [drift, nothing] },
    unread: { type: 'array', items: text, description: 'Resources that could not be read' },
    remarks: { type: 'array', items: remark },
    proof: { anyOf: [proof, nothing] },
  },
} as const

/** The whole report: deployments by name. */
export const statusSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'hma status --json, version 1',
  type: 'object',
  propertyNames: { maxLength: 200 },
  additionalProperties: deploymentSchema,
} as const
