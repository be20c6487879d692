import { Ajv } from 'ajv'
import type { Statuses } from '../../views/status/model.ts'
import type { Proof } from '../../views/view.ts'

/** What a report has to be, to be shown. It may have more: a later version says more. */
const text = { type: 'string' }
const flag = { type: 'boolean' }
const count = { type: 'integer' }
const instant = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT' }
const maybe = (schema: object) => ({ anyOf: [schema, { type: 'null' }] })
const list = (items: object) => ({ type: 'array', items })
const named = (schema: object) => ({ type: 'object', propertyNames: { maxLength: 200 }, additionalProperties: schema })
const record = (properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
})

const ending = { expires: instant, days: count, outlook: { enum: ['fine', 'soon', 'expired'] } }

const remark = {
  type: 'object',
  required: ['address', 'severity', 'text'],
  properties: { address: text, severity: { enum: ['info', 'warning'] }, text, hint: text, date: instant },
}

const other = record({
  ...ending,
  ...{ registration: { enum: ['keyVaultApp', 'hmaApp'] }, type: { enum: ['secret', 'certificate'] } },
  ...{ appId: text, name: maybe(text), keyId: text },
})

const known = record({
  ok: flag,
  at: instant,
  expires: maybe(record({ what: text, at: instant, days: count })),
  certificate: maybe(
    record({
      ...ending,
      ...{ name: text, thumbprint: text, version: maybe(text), renewal: instant, pending: flag },
      state: { enum: ['current', 'not trusted', 'disabled', 'expired'] },
      renewedBy: { enum: ['hma', 'your CA', 'a new file'] },
    }),
  ),
  trusted: list(
    record({
      ...ending,
      ...{ keyId: text, thumbprint: text, ours: flag, until: maybe(instant) },
      state: { enum: ['current', 'trusted', 'former', 'expired'] },
    }),
  ),
  secrets: list(
    record({
      ...ending,
      ...{ keyId: text, renewal: maybe(instant), until: maybe(instant), heldBy: list({ enum: ['dynamics', 'vault'] }) },
      state: { enum: ['held', 'former', 'undelivered', 'unclaimed', 'unknown'] },
    }),
  ),
  dynamics: maybe(
    record({
      ...{ environmentUrl: text, profile: text, profileId: maybe(text), certificateName: maybe(text) },
      ...{ hmaApplicationId: maybe(text), secret: maybe(text) },
    }),
  ),
  mailboxes: list(
    record({
      ...{ address: text, testedAt: maybe(instant), incoming: maybe(text), outgoing: maybe(text), appointments: maybe(text) },
      ...{ profile: maybe(text), error: maybe(text) },
      state: { enum: ['works', 'failed', 'disabled', 'testing', 'untested', 'elsewhere', 'not found'] },
    }),
  ),
  problems: list(
    record({ kind: { enum: ['unreadable', 'missing', 'broken', 'expired', 'expiring'] }, what: text, message: text }),
  ),
  drift: maybe(record({ changes: count, person: count })),
  proof: maybe(record({ ok: flag, at: instant })),
})

/** A report of an earlier version has no remarks, and does not tell of other credentials. */
const where = {
  type: 'object',
  required: ['sandbox', 'cloud', 'vault', 'tenants'],
  properties: { sandbox: flag, cloud: text, vault: text, tenants: list(text), environment: text },
}
const status = {
  ...known,
  properties: { ...known.properties, where, unread: list(text), remarks: list(remark), others: list(other) },
}

const ajv = new Ajv({ strict: true, allowUnionTypes: true })

export const isStatuses = ajv.compile<Statuses>(named(status))
export const isProofs = ajv.compile<Readonly<Record<string, Proof>>>(named(record({ ok: flag, at: instant })))
