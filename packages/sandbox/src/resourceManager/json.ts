/** Readers for untrusted JSON. */
export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object at `name`, or an empty one. */
export const objectAt = (from: JsonObject, name: string): JsonObject => {
  const value = from[name]
  return isObject(value) ? value : {}
}

export const textAt = (from: JsonObject, name: string): string | undefined => {
  const value = from[name]
  return typeof value === 'string' ? value : undefined
}

export const numberAt = (from: JsonObject, name: string): number | undefined => {
  const value = from[name]
  return typeof value === 'number' ? value : undefined
}

export const booleanAt = (from: JsonObject, name: string): boolean | undefined => {
  const value = from[name]
  return typeof value === 'boolean' ? value : undefined
}

export const listAt = (from: JsonObject, name: string): readonly unknown[] | undefined => {
  const value = from[name]
  return Array.isArray(value) ? value : undefined
}

export const isText = (value: unknown): value is string => typeof value === 'string'

/** The texts of the list at `name`; undefined if there is no list, or it contains anything else. */
export const textsAt = (from: JsonObject, name: string): string[] | undefined => {
  const list = listAt(from, name)
  return list?.every(isText) ? [...list] : undefined
}

/** Name and value pairs of text, such as tags; undefined if there are none. */
export const textMapAt = (from: JsonObject, name: string): Record<string, string> | undefined => {
  const value = from[name]
  if (!isObject(value)) return undefined
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item ?? '')]))
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isGuid = (value: string): boolean => guid.test(value)

/** Azure compares names without regard to case. */
export const same = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase()
