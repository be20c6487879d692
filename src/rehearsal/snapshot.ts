import { Ajv, type ErrorObject } from 'ajv'
import { HmaError } from '../core/errors.ts'
import { type Snapshot, snapshotFormat } from './format.ts'
import { snapshotSchema } from './schemas.ts'

/** A snapshot from a file's text. `name` is how the file was named. */
export function readSnapshot(content: string, name: string): Snapshot {
  const value = parsed(content, name)
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined
  if (typeof format === 'string' && format !== snapshotFormat)
    throw unusable(name, `it has the format ${format}, and this version of hma reads ${snapshotFormat}`)
  const accepts = new Ajv({ strict: false }).compile<Snapshot>(snapshotSchema)
  if (accepts(value)) return value
  const [first] = accepts.errors ?? []
  throw unusable(name, faultIn(first))
}

/** Where the first fault is, and what it is. */
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
    throw unusable(name, 'it is not JSON', cause)
  }
}

const unusable = (name: string, why: string, cause?: unknown): HmaError =>
  new HmaError('HMA116', `${name} is not a snapshot that can be rehearsed: ${why}`, {
    hint: 'Take a new snapshot with `hma rehearse --save FILE`. Snapshots cannot be edited.',
    cause,
  })
