import type { ErrorObject } from 'ajv'
import { step } from '../read/reader.ts'
import { rules } from '../schema/words.ts'
import { suggest } from '../suggest.ts'
import type { DocumentProblem } from './draft.ts'

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

/** The validator's findings in the terms of the file's author. A value from the environment is never compared or quoted. */
export function problemFrom(error: ErrorObject, foreign: boolean): DocumentProblem {
  if (error.keyword === 'additionalProperties') return unknownKey(error)
  if (error.keyword === 'required') return missingKey(error)
  const subject = readablePath(error.instancePath)
  const rule = ruleOf(error)
  const hint = hintOf(error, foreign)
  return { pointer: error.instancePath, code: 'HMA105', message: `${subject} ${rule}.`, ...(hint !== undefined && { hint }) }
}

/** A pointer as people write paths: `dynamics.mailboxes[2].address`. */
export function readablePath(pointer: string): string {
  if (pointer === '') return 'A deployment'
  const steps = pointer
    .slice(1)
    .split('/')
    .map((one) => one.replaceAll('~1', '/').replaceAll('~0', '~'))
  return steps
    .map((one) => (/^\d+$/.test(one) ? `[${one}]` : `.${one}`))
    .join('')
    .replace(/^\./, '')
}

function unknownKey({ instancePath, params, parentSchema }: ErrorObject): DocumentProblem {
  const name = String(params.additionalProperty)
  const known = Object.keys(isRecord(parentSchema?.properties) ? parentSchema.properties : {})
  const near = suggest(name, known)
  const at = { pointer: instancePath + step(name), onKey: true, code: 'HMA103' } as const
  if (instancePath === '/auth')
    return {
      ...at,
      message: `"${name}" is not a tenant id.`,
      hint: 'The keys under auth are directory (tenant) ids, like 11111111-1111-1111-1111-111111111111.',
    }
  const block = instancePath === '' ? 'A deployment' : readablePath(instancePath)
  const hint =
    name === '<<' ? 'YAML 1.2 has no merge keys. Write out the values, or repeat a whole block with an alias.' : list(known)
  return {
    ...at,
    message: `${block} has no key "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}`.replace(/([^?])$/, '$1.'),
    ...(near === undefined ? { hint } : { meant: instancePath + step(near) }),
  }
}

const list = (known: readonly string[]): string => `It takes: ${known.join(', ')}.`

function missingKey({ instancePath, params, parentSchema }: ErrorObject): DocumentProblem {
  const name = String(params.missingProperty)
  const properties = isRecord(parentSchema?.properties) ? parentSchema.properties : {}
  const property = properties[name]
  const [example] = isRecord(property) && Array.isArray(property.examples) ? property.examples : []
  const says = isRecord(property) && typeof property.description === 'string' ? property.description : undefined
  const written = typeof example === 'string' ? `Write for example \`${name}: ${example}\`.` : undefined
  return {
    pointer: instancePath + step(name),
    code: 'HMA104',
    message: `${readablePath(instancePath)} needs ${name}.`,
    hint: [says, written].filter((part) => part !== undefined).join(' '),
  }
}

const types: Readonly<Record<string, string>> = {
  object: 'must be a block of keys',
  array: 'must be a list',
  string: 'must be text',
  integer: 'must be a whole number',
  boolean: 'must be true or false',
}

const formats: Readonly<Record<string, string>> = {
  uuid: 'must be a GUID, like 11111111-1111-1111-1111-111111111111',
  uri: 'must be an address that starts with https://',
  email: 'must be a mail address, like name@contoso.com',
}

function ruleOf({ keyword, params, instancePath, parentSchema }: ErrorObject): string {
  const limit = String(params.limit)
  if (keyword === 'type') return formats[String(parentSchema?.format)] ?? types[String(params.type)] ?? 'has the wrong type'
  if (keyword === 'enum') return oneOf(params.allowedValues)
  if (keyword === 'format') return formats[String(params.format)] ?? 'has the wrong form'
  if (keyword === 'pattern') return rules[String(params.pattern)] ?? 'has the wrong form'
  if (keyword === 'minimum') return `must be ${limit} or more`
  if (keyword === 'maximum') return `must be ${limit} or less`
  if (keyword === 'minLength') return 'must not be empty'
  if (keyword === 'maxLength') return `must have ${limit} characters or fewer`
  if (keyword === 'anyOf')
    return instancePath === '/cloud'
      ? 'must be the name of a cloud, or a block of endpoints'
      : 'must be an address, or a block with an address'
  return 'does not match the schema'
}

const oneOf = (allowed: unknown): string => {
  const words = Array.isArray(allowed) ? allowed.map(String) : []
  return words.length === 1 ? `must be ${words[0]}` : `must be one of ${words.join(', ')}`
}

function hintOf({ keyword, params, data, instancePath, parentSchema }: ErrorObject, foreign: boolean): string | undefined {
  if (data === null && keyword !== 'enum')
    return instancePath === '' ? undefined : 'This key has no value. Give it a value, or remove the key.'
  if (keyword === 'enum' && !foreign && typeof data === 'string') return meant(data, params.allowedValues)
  if (keyword !== 'type') return undefined
  if (foreign) return 'A value from the environment is always text.'
  if (parentSchema?.format !== undefined) return undefined
  if (params.type === 'string' && typeof data !== 'object') return 'Put the value in quotes.'
  const quoted = params.type === 'integer' ? /^\d+$/ : /^(true|false)$/
  return typeof data === 'string' && quoted.test(data) ? 'Remove the quotes.' : undefined
}

function meant(written: string, allowed: unknown): string | undefined {
  const near = suggest(written, Array.isArray(allowed) ? allowed.filter((word) => typeof word === 'string') : [])
  return near === undefined ? undefined : `Did you mean "${near}"?`
}
