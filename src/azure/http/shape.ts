import { X509Certificate } from 'node:crypto'
import { HmaError } from '../../core/errors.ts'

/** A JSON object from elsewhere. */
export type Json = Readonly<Record<string, unknown>>

export const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object in a text, or an empty one: error bodies can be empty, HTML or cut off. */
export function looseJson(text: string): Json {
  const value = jsonIn(text)
  return isJson(value) ? value : {}
}

/** The JSON in a text; undefined if it is not JSON. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const wrong = (what: string, field: string, wanted: string): HmaError =>
  new HmaError('HMA507', `The answer has no ${wanted} in ${what}.${field}`, {
    hint: 'The service answered in an unexpected format. Run again with -v and report it with the request id.',
  })

/** Reads the fields of an object; errors name the field. `what` names the object. */
export interface Fields {
  /** Unchanged, as the service wrote it. */
  readonly raw: Json
  /** A GUID is in lower case. */
  string(field: string): string
  optionalString(field: string): string | undefined
  /** ISO instant of a field that an SDK turned into a date. */
  instant(field: string): string
  optionalInstant(field: string): string | undefined
  optionalNumber(field: string): number | undefined
  optionalBoolean(field: string): boolean | undefined
  /** Empty if the field is missing or null. */
  objects(field: string): readonly Fields[]
  optionalObject(field: string): Fields | undefined
  strings(field: string): readonly string[]
  /** Text by name; empty if the field is missing or null, as is a text. */
  tags(field: string): Readonly<Record<string, string>>
}

export function fieldsOf(value: unknown, what: string): Fields {
  if (!isJson(value)) throw new HmaError('HMA507', `The answer is not an object where ${what} was expected`)
  const raw = value
  const given = (field: string): unknown => raw[field] ?? undefined
  const array = (field: string): readonly unknown[] => {
    const found = given(field) ?? []
    if (!Array.isArray(found)) throw wrong(what, field, 'list')
    return found
  }
  return {
    raw,
    string: (field) => comparable(required(given(field), isString, () => wrong(what, field, 'text'))),
    optionalString: (field) => comparable(optional(given(field), isString, () => wrong(what, field, 'text'))),
    instant: (field) => required(given(field), isInstant, () => wrong(what, field, 'instant')).toISOString(),
    optionalInstant: (field) => optional(given(field), isInstant, () => wrong(what, field, 'instant'))?.toISOString(),
    optionalNumber: (field) => optional(given(field), isNumber, () => wrong(what, field, 'number')),
    optionalBoolean: (field) => optional(given(field), isBoolean, () => wrong(what, field, 'yes or no')),
    objects: (field) => array(field).map((each, at) => fieldsOf(each, `${what}.${field}[${at}]`)),
    optionalObject: (field) => (given(field) === undefined ? undefined : fieldsOf(given(field), `${what}.${field}`)),
    strings: (field) => array(field).map((each) => required(each, isString, () => wrong(what, field, 'list of texts'))),
    tags(field) {
      const found = optional(given(field), isJson, () => wrong(what, field, 'object')) ?? {}
      return Object.fromEntries(
        Object.entries(found).map(([name, text]) => [
          name,
          comparable(required(text ?? '', isString, () => wrong(what, `${field}.${name}`, 'text'))),
        ]),
      )
    },
  }
}

/**
 * Base64 of the DER of a certificate; undefined if it is not one. The vault and the registration show the same certificate, so it is
 * parsed once for both.
 */
export function certificateIn(bytes: Buffer): string | undefined {
  const text = bytes.toString('base64')
  const known = parsed.get(text)
  if (known !== undefined) return known
  try {
    const certificate = new X509Certificate(bytes).raw.toString('base64')
    parsed.set(text, certificate)
    for (const oldest of parsed.keys()) if (parsed.size > mostParsed) parsed.delete(oldest)
    return certificate
  } catch {
    return undefined
  }
}

/** The most recent ones. */
const parsed = new Map<string, string>()
const mostParsed = 64

/** GUIDs in lower case: services use either case, even from one answer to the next. */
export function comparable(text: string): string
export function comparable(text: string | undefined): string | undefined
export function comparable(text: string | undefined): string | undefined {
  return text !== undefined && guid.test(text) ? text.toLowerCase() : text
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const isString = (value: unknown): value is string => typeof value === 'string'
const isInstant = (value: unknown): value is Date => value instanceof Date && !Number.isNaN(value.getTime())
const isNumber = (value: unknown): value is number => typeof value === 'number'
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'

function required<T>(value: unknown, is: (value: unknown) => value is T, problem: () => HmaError): T {
  if (!is(value)) throw problem()
  return value
}

const optional = <T>(value: unknown, is: (value: unknown) => value is T, problem: () => HmaError): T | undefined =>
  value === undefined ? undefined : required(value, is, problem)
