import { Ajv } from 'ajv'
import { HmaError } from '../core/errors.ts'
import { type Snapshot, snapshotFormat } from './format.ts'

const text = { type: 'string' } as const
const object = { type: 'object' } as const
const texts = { type: 'array', items: text } as const
const objects = { type: 'array', items: object } as const

const whole = (properties: Readonly<Record<string, object>>, optional: Readonly<Record<string, object>> = {}) => ({
  type: 'object',
  required: Object.keys(properties),
  properties: { ...properties, ...optional },
  additionalProperties: false,
})

const list = (items: object) => ({ type: 'array', items })
const inTenant = list(whole({ tenantId: text, body: object }))
const inEnvironment = list(whole({ environmentUrl: text, body: object }))
const instant = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' }

const copy = whole({
  at: instant,
  ...{ applications: inTenant, deletedApplications: inTenant, servicePrincipals: inTenant, consents: inTenant },
  ...{ policies: inTenant, resourceGroups: objects, vaults: objects, roleAssignments: objects },
  certificates: list(whole({ vault: text, name: text, bundle: object }, { pending: object })),
  secrets: list(whole({ vault: text, name: text, versions: objects })),
  organizations: list(whole({ environmentUrl: text, organizationId: text, businessUnitId: text })),
  ...{ profiles: inEnvironment, mailboxes: inEnvironment },
  held: { type: 'object', additionalProperties: text },
})

const change = whole({ address: text, action: text, fields: texts }, { reason: text })

const schema = whole({
  format: { const: snapshotFormat },
  hmaVersion: text,
  takenAt: instant,
  deployments: list(whole({ name: text, copy, assumptions: texts }, { plan: list(change) })),
})

/** A snapshot from a file's text. `name` is how the file was named. */
export function readSnapshot(content: string, name: string): Snapshot {
  const value = parsed(content, name)
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined
  if (typeof format === 'string' && format !== snapshotFormat)
    throw unusable(name, `it has the format ${format}, and this hma reads ${snapshotFormat}`)
  const accepts = new Ajv({ strict: false }).compile<Snapshot>(schema)
  if (accepts(value)) return value
  const [first] = accepts.errors ?? []
  throw unusable(name, `${first?.instancePath || 'the document'} ${first?.message ?? 'is not as it should be'}`)
}

function parsed(content: string, name: string): unknown {
  try {
    return JSON.parse(content)
  } catch (cause) {
    throw unusable(name, 'it is not JSON', cause)
  }
}

const unusable = (name: string, why: string, cause?: unknown): HmaError =>
  new HmaError('HMA116', `${name} is no snapshot that can be rehearsed: ${why}`, {
    hint: 'Take a new snapshot with `hma rehearse --save FILE`. A snapshot is not meant to be edited.',
    cause,
  })
