import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { type Finding, shown } from './exchange.ts'
import { type Fields, fields, fieldsIn, listIn, textIn, textsIn } from './json.ts'
import { follow, identity, type Place, resolved } from './references.ts'
import type { Read } from './specs.ts'

/** The purpose of a body: some properties can be set on creation, some on update, some are read-only. */
export type Purpose = 'create' | 'update' | 'read'

/** Findings about a value, by its description. */
export type Check = (value: unknown, of: Finding['of']) => readonly Finding[]

export type Checks = (place: Place) => Check

/** OData says things about an object, or about one of its properties, among the object's own; extensions have a prefix. */
const annotations = { '@odata\\.': {}, '^extension_': {} }

/**
 * Turns schemas of Swagger 2.0 (https://swagger.io/specification/v2/) and of OData's JSON into closed ones, in which every
 * property has to be described, and has to be of use for `purpose`. The discriminators of Swagger are left alone: no operation
 * that is described here leads to one.
 */
export function checks(read: Read, purpose: Purpose): Checks {
  const ajv = validator()
  const converted = conversion(read, purpose, (id, schema) => void ajv.addSchema(schema, id))
  const compiled = new Map<Fields, ValidateFunction>()
  return (place) => {
    const validate = compiled.get(place.value) ?? ajv.compile(converted(place))
    compiled.set(place.value, validate)
    return checkBy(validate)
  }
}

/** The same for schemas that are closed as they are, and refer to each other by id. */
export function plainChecks() {
  const ajv = validator()
  return {
    schema: (id: string, schema: Fields): void => void ajv.addSchema(schema, id),
    check: (schema: Fields): Check => checkBy(ajv.compile(schema)),
  }
}

const checkBy =
  (validate: ValidateFunction): Check =>
  (value, of) =>
    validate(value) ? [] : (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map((error) => finding(error, of))

function validator(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, verbose: true })
  addFormats.default(ajv)
  ajv.addFormat('base64url', /^[\w-]*$/)
  ajv.addFormat('unixtime', { type: 'number', validate: (value) => Number.isInteger(value) && value > 0 })
  ajv.addFormat('arm-id', /^\//)
  ajv.addFormat('password', true)
  ajv.addKeyword({ keyword: 'unusable', validate: () => false, error: { message: 'must not be there' } })
  return ajv
}

/** An `if` shows which branch was taken; the errors of that branch show what is wrong. */
function finding({ keyword, instancePath, message, params, schema, data }: ErrorObject, of: Finding['of']): Finding {
  const pointer = instancePath.replace(/\/\d+(?=\/|$)/g, '/*')
  if (keyword === 'additionalProperties') {
    const name = textIn(fieldsIn(params).additionalProperty)
    return { of, pointer: `${pointer}/${name}`, expected: 'to be described', found: shown(fieldsIn(data)[name]) }
  }
  const expected =
    keyword === 'unusable' ? textIn(schema) : keyword === 'enum' ? `one of ${JSON.stringify(schema)}` : (message ?? keyword)
  return { of, pointer, expected, found: shown(data) }
}

type Add = (id: string, schema: Fields) => void

const copied = [
  'type',
  'enum',
  'format',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
]

function conversion(read: Read, purpose: Purpose, add: Add): (place: Place) => Fields {
  const begun = new Set<string>()
  const refer = (file: string, ref: string): Fields => {
    const id = `https://specs.invalid/${encodeURIComponent(identity(file, ref))}`
    if (!begun.has(id)) {
      begun.add(id)
      const schema = convert(follow(read, file, ref))
      add(id, ref.endsWith('/directoryObject') ? ofItsKind(schema, (kind) => refer(file, ref.replace(/\w+$/, kind))) : schema)
    }
    return { $ref: id }
  }
  const convert = ({ file, value }: Place): Fields => {
    if (typeof value.$ref === 'string') return refer(file, value.$ref)
    const here = (inner: unknown): Fields => convert({ file, value: fields(inner) })
    if (Array.isArray(value.anyOf)) return { anyOf: value.anyOf.map(here) }
    const members = membersOf(read, { file, value })
    if (members.properties.length > 0) return object(members, convert, purpose)
    const schema = Object.fromEntries(copied.filter((word) => word in value).map((word) => [word, value[word]]))
    return {
      ...schema,
      ...longest(value),
      ...(value['x-nullable'] === true && 'type' in value && { type: [value.type, 'null'].flat() }),
      ...(value.items !== undefined && { items: here(value.items) }),
      ...(typeof value.additionalProperties === 'object' && { additionalProperties: here(value.additionalProperties) }),
    }
  }
  return convert
}

/** Any object of the directory may occur where one is described; it names its own type. */
function ofItsKind(schema: Fields, kindOf: (name: string) => Fields): Fields {
  const kinds = ['application', 'servicePrincipal']
  const is = (kind: string): Fields => ({
    properties: { '@odata.type': { const: `#microsoft.graph.${kind}` } },
    required: ['@odata.type'],
  })
  return {
    allOf: [
      ...kinds.map((kind) => ({ if: { not: is(kind) }, else: kindOf(kind) })),
      { if: { anyOf: kinds.map(is) }, else: schema },
    ],
  }
}

interface Members {
  /** Name, and the place of its schema. */
  readonly properties: readonly (readonly [string, Place])[]
  readonly required: readonly string[]
  readonly type: unknown
  /** Does it say of other properties what they are like? */
  readonly open: boolean
}

/** Everything that an object has of its own and of what it is made from (`allOf`). */
function membersOf(read: Read, { file, value }: Place): Members {
  const above = listIn(value.allOf).map((each) => membersOf(read, resolved(read, { file, value: fields(each) })))
  const own = Object.entries(fieldsIn(value.properties)).map(([name, schema]) => [name, { file, value: fields(schema) }] as const)
  const nothingElse = own.every(([name]) => name.startsWith('@odata.'))
  return {
    properties: [...above.flatMap(({ properties }) => properties), ...own],
    required: [...above.flatMap(({ required }) => required), ...textsIn(value.required)],
    type: value.type ?? 'object',
    open: (value['x-openType'] === true && nothingElse && above.length === 0) || value.additionalProperties === true,
  }
}

function object({ properties, required, type, open }: Members, convert: (place: Place) => Fields, purpose: Purpose): Fields {
  const usable = new Map(properties.map(([name, place]) => [name, reasonAgainst(place.value, purpose)] as const))
  return {
    type,
    properties: Object.fromEntries(
      properties.map(([name, place]) => {
        const reason = usable.get(name)
        return [name, reason === undefined ? convert(place) : { unusable: reason }]
      }),
    ),
    required: required.filter((name) => usable.get(name) === undefined),
    patternProperties: annotations,
    additionalProperties: open,
  }
}

/** Graph says in words how long a text may be. */
function longest({ description }: Fields): { maxLength?: number } {
  const said = /max(?:imum)?(?: allowed)? (?:length|size) (?:of|is) ([\d,]+) characters/i.exec(textIn(description))?.[1]
  return said === undefined ? {} : { maxLength: Number(said.replace(',', '')) }
}

/** Graph says it in words, Swagger with `readOnly` and, more exactly, `x-ms-mutability`. */
function reasonAgainst(schema: Fields, purpose: Purpose): string | undefined {
  const mutability = listIn(schema['x-ms-mutability'])
  if (mutability.length > 0)
    return mutability.includes(purpose) ? undefined : `not to be there: it is for ${mutability.join(', ')} only`
  const readOnly = schema.readOnly === true || /^Read-only\b|\bRead-only\.(\s|$)/.test(textIn(schema.description))
  return readOnly && purpose !== 'read' ? 'not to be there: it is read-only' : undefined
}
