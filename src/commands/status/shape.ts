import { Ajv } from 'ajv'
import type { Statuses } from '../../views/status/model.ts'
import { statusSchema } from '../../views/status/schema.ts'
import type { Proof } from '../../views/view.ts'

/** What `hma verify --json` reports, as far as `status` needs it. */
const proofs = {
  type: 'object',
  propertyNames: { maxLength: 200 },
  additionalProperties: {
    type: 'object',
    required: ['ok', 'at'],
    properties: { ok: { type: 'boolean' }, at: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT' } },
  },
} as const

const ajv = new Ajv({ strict: true, allowUnionTypes: true })

export const isStatuses = ajv.compile<Statuses>(statusSchema)
export const isProofs = ajv.compile<Readonly<Record<string, Proof>>>(proofs)
