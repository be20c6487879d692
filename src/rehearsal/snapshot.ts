import { Ajv, type ErrorObject } from 'ajv'
import { HmaError } from '../core/errors.ts'
import { type Snapshot, snapshotFormat } from './format.ts'
import { snapshotSchema } from './schemas.ts'
import { faultOf } from './sound.ts'

/** A snapshot from a file's text. `name` is how the file was named. */
export function readSnapshot(content: string, name: string): Snapshot {
  const value = parsed(content, name)
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined
  if (typeof format === 'string' && format !== snapshotFormat)
    throw unusableSnapshot(name, `it has the format ${format}, and this version of hma reads ${snapshotFormat}`)
  const accepts = new Ajv({ strict: false }).compile<Snapshot>(snapshotSchema)
  if (!accepts(value)) throw unusableSnapshot(name, faultIn(accepts.errors?.[0]))
  const contradiction = faultOf(value)
  if (contradiction) throw unusableSnapshot(name, `${contradiction.at} ${contradiction.text}`)
  return value
}

/** The first mistake and its place. */
function faultIn(fault: ErrorObject | undefined): string {
  const place = fault?.instancePath || 'the document'
  const extra: unknown = fault?.keyword === 'additionalProperties' ? fault.params.additionalProperty : undefined
  if (typeof extra === 'string') return `${place} has "${extra}", which a copy does not have`
  return `${place} ${fault?.message ?? 'is not as it should be'}`
}

function parsed(content: string, name: string): unknown {
  try {
    return JSON.parse(content)
  } catch (cause) {
    throw unusableSnapshot(name, 'it is not JSON', cause)
  }
}

/** `why` says where in the file. */
export const unusableSnapshot = (name: string, why: string, cause?: unknown): HmaError =>
  new HmaError('HMA116', `${name} is not a snapshot that can be rehearsed: ${why}`, {
    hint: 'Take a new snapshot with `hma rehearse --save FILE`. Snapshots cannot be edited.',
    cause,
  })
