import { Ajv, type CodeOptions } from 'ajv'
import formats from 'ajv-formats'
import { schema, signInSchema, type Written, type WrittenSignIn } from './schema.ts'

/** The schema's validators. The build writes `accepts` and `acceptsSignIn` out as source, so that they need not be compiled at each start. */
export function judging(code: CodeOptions = {}): Ajv {
  const ajv = new Ajv({ allErrors: true, strict: true, useDefaults: true, verbose: true, code })
  formats.default(ajv, { mode: 'fast', formats: ['uri', 'email'] })
  ajv.addFormat('uuid', /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i)
  return ajv
}

/** Does a value match the schema? If not, its `errors` say why. Fills in the schema's defaults. */
export const accepts = judging().compile<Written>(schema)

/** The same for a document with sign-in settings only. */
export const acceptsSignIn = judging().compile<WrittenSignIn>(signInSchema)

export { schema, signInSchema }
