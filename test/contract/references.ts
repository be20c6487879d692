import { posix } from 'node:path'
import { type Fields, fields } from './json.ts'
import { document, type Read } from './specs.ts'

/** Something in a document, and where references in it start from. */
export interface Place {
  readonly file: string
  readonly value: Fields
}

/** A file and a pointer into it. */
type Target = readonly [file: string, pointer: string]

function target(from: string, ref: string): Target {
  const [path = '', pointer = ''] = ref.split('#')
  // The schemas of Graph's paths are in a separate document, in plain JSON Schema.
  if (from === 'graph/openapi.json' && path === '')
    return ['graph/schemas.json', pointer.replace(/^\/components\/schemas\//, '/definitions/')]
  // Azure's documents refer to these by their path in Microsoft's own repository.
  const common = /common-types\/resource-management\/(v\d+\/types\.json)$/.exec(path)?.[1]
  if (common !== undefined) return [`keyvault/common-types/${common}`, pointer]
  return [path === '' ? from : posix.join(posix.dirname(from), path), pointer]
}

/** What `$ref` leads to: `#/definitions/X`, or another file and a pointer into it. */
export function follow(read: Read, from: string, ref: string): Place {
  const [file, pointer] = target(from, ref)
  const steps = pointer.split('/').filter(Boolean)
  return { file, value: steps.reduce<Fields>((at, step) => fields(at[unescaped(step)]), document(read, file)) }
}

const unescaped = (step: string): string => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')

/** The thing itself, whether it is inline or a reference. */
export const resolved = (read: Read, { file, value }: Place): Place =>
  typeof value.$ref === 'string' ? resolved(read, follow(read, file, value.$ref)) : { file, value }

/** A name for it that is the same from wherever it is referred to. */
export const identity = (from: string, ref: string): string => target(from, ref).join('#')
