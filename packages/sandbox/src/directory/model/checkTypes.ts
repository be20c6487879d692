import { isList, isObject, type JsonObject } from '../json.ts'
import { bad } from '../refusal.ts'
import { type Shape, unset } from '../shapes.ts'
import type { Json } from '../state.ts'
import { complexTypes, typeOf } from './types.ts'

/** Refuses values that are not of the type of their property, as a reader of OData does. Annotations have none. */
export function checkTypes(body: JsonObject, shape: Shape): void {
  for (const [name, value] of Object.entries(body)) {
    const initial = unset(shape, name)
    if (initial !== undefined) check(name, value, typeOf(name, initial))
  }
}

function check(name: string, value: Json, type: string): void {
  if (value === null) return
  const inner = /^\[(.+)\]$/.exec(type)?.[1]
  if (inner !== undefined) {
    if (!isList(value)) throw unexpected(name, value, 'StartArray')
    for (const each of value) check(name, each, inner)
    return
  }
  const parts = complexTypes[type]
  if (parts !== undefined) checkParts(name, value, parts)
  else if (isList(value) || isObject(value)) throw unexpected(name, value, 'PrimitiveValue')
  else if (typeof value !== (jsonTypes[type] ?? 'string'))
    throw bad(`Cannot convert a primitive value to the expected type 'Edm.${type}'. See the inner exception for more details.`)
}

const jsonTypes: Readonly<Record<string, string>> = { Boolean: 'boolean', Int32: 'number' }

/** The properties of a complex type, written `name:type`. */
function checkParts(name: string, value: Json, parts: string): void {
  if (!isObject(value)) throw unexpected(name, value, 'StartObject')
  const types = new Map(
    parts
      .split(' ')
      .map((part) => part.split(':'))
      .map(([each = '', type = '']) => [each, type]),
  )
  for (const [each, inner] of Object.entries(value).filter(([one]) => !one.includes('@odata.'))) {
    const type = types.get(each)
    if (type === undefined) throw bad(`Invalid property '${each}'.`)
    check(each, inner, type)
  }
}

function unexpected(name: string, value: Json, wanted: string) {
  const found = isList(value) ? 'StartArray' : isObject(value) ? 'StartObject' : 'PrimitiveValue'
  return bad(
    `An unexpected '${found}' node was found for property named '${name}' when reading from the JSON reader. A '${wanted}' node was expected.`,
  )
}
