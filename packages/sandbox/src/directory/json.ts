import { bad } from './refusal.ts'
import type { Json } from './state.ts'

export type JsonObject = { readonly [name: string]: Json }

/** JSON.parse gives nothing else. */
export const isJson = (value: unknown): value is Json => {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true
  return typeof value === 'object' && Object.values(value).every(isJson)
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

export const isTexts = (value: Json | undefined): value is readonly string[] =>
  isList(value) && value.every((one) => typeof one === 'string')

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isGuid = (value: Json | undefined): value is string => typeof value === 'string' && guid.test(value)

/** The object in a request's body; an empty body counts as an empty object. */
export function readObject(text: string): JsonObject {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    if (isJson(value) && isObject(value)) return value
  } catch {
    // The answer below says it.
  }
  throw bad('Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.')
}

/** An instant with its offset, such as `2026-01-31T12:00:00Z`. Without one it would be a local time of an unknown place. */
export const isInstant = (value: Json | undefined): value is string =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i.test(value) &&
  !Number.isNaN(Date.parse(value))

/** Without fractions of a second, as Graph shows stored times. */
export const seconds = (instant: string): string => new Date(instant).toISOString().replace(/\.\d+Z$/, 'Z')

/** With seven digits, as Graph answers to the request that made the object. */
export const ticks = (instant: string): string => new Date(instant).toISOString().replace(/(\.\d+)Z$/, '$10000Z')
