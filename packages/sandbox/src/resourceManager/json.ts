import { misread } from '../honoured.ts'

/** Readers for untrusted JSON. */
export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isText = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): value is number => typeof value === 'number'
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)

/** The value at `name` if it is of that type; of another one, it counts as ignored. */
function read<Value>(from: JsonObject, name: string, is: (value: unknown) => value is Value): Value | undefined {
  const value = from[name]
  if (is(value)) return value
  misread(from, name)
  return undefined
}

/** The object at `name`, or an empty one. */
export const objectAt = (from: JsonObject, name: string): JsonObject => read(from, name, isObject) ?? {}
export const textAt = (from: JsonObject, name: string): string | undefined => read(from, name, isText)
export const numberAt = (from: JsonObject, name: string): number | undefined => read(from, name, isNumber)
export const booleanAt = (from: JsonObject, name: string): boolean | undefined => read(from, name, isBoolean)
export const listAt = (from: JsonObject, name: string): readonly unknown[] | undefined => read(from, name, isList)

const isTexts = (value: unknown): value is readonly string[] => isList(value) && value.every(isText)

/** The texts of the list at `name`; undefined if there is no list, or it contains anything else. */
export const textsAt = (from: JsonObject, name: string): string[] | undefined => read(from, name, isTexts)?.slice()

/** Name and value pairs of text, such as tags; undefined if there are none. */
export const textMapAt = (from: JsonObject, name: string): Record<string, string> | undefined => {
  const value = read(from, name, isObject)
  return value && Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item ?? '')]))
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isGuid = (value: string): boolean => guid.test(value)

/** Azure compares names without regard to case. */
export const same = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase()
