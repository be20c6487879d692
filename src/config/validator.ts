import { Ajv, type CodeOptions } from 'ajv'
import formats from 'ajv-formats'
import { schema, signInSchema, type Written, type WrittenSignIn } from './schema.ts'

/** What judges by the schema. The build writes `accepts` and `acceptsSignIn` out as source, so that the program need not compile it at each start. */
export function judging(code: CodeOptions = {}): Ajv {
  const ajv = new Ajv({ allErrors: true, strict: true, useDefaults: true, verbose: true, code })
  formats.default(ajv, { mode: 'fast', formats: ['uri', 'email'] })
  ajv.addFormat('uuid', /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i)
  return ajv
}

/** Whether a value is as the schema says; `errors` of it are then what is wrong. Fills the defaults of the schema in. */
export const accepts = judging().compile<Written>(schema)

/** The same for a document that has nothing but sign-in. */
export const acceptsSignIn = judging().compile<WrittenSignIn>(signInSchema)

export { schema, signInSchema }
