import { createHash } from 'node:crypto'
import { Item, isList, isTrue, Native, Switch, Table, Thrown, textOf, type Value, Version } from './values.ts'

/** What of .NET the scripts use. A member that is not here ends a script, as a typing error would. */
export interface Machine {
  now(): Date
  write(path: string, text: string): void
}

type Members = Readonly<Record<string, Value | ((...given: readonly Value[]) => Value)>>

export const statics = ({ now, write }: Machine): Readonly<Record<string, Members>> => ({
  'system.text.encoding': { utf8: new Native({ getbytes: (text = null) => [...Buffer.from(textOf(text), 'utf8')] }) },
  'system.bitconverter': {
    tostring: (bytes = null) =>
      (isList(bytes) ? bytes : []).map((one) => Number(one).toString(16).padStart(2, '0').toUpperCase()).join('-'),
  },
  'system.io.file': {
    writealltext(path = null, text = null) {
      write(textOf(path), textOf(text))
      return null
    },
  },
  'system.globalization.cultureinfo': { invariantculture: 'invariant' },
  'system.net.servicepointmanager': { securityprotocol: 0 },
  datetime: { utcnow: now() },
})

export function created(type: string): Value {
  if (type.toLowerCase() !== 'system.security.cryptography.sha256cryptoserviceprovider')
    throw new Thrown(`Cannot find type [${type}]`)
  return new Native({
    computehash: (bytes = null) => [
      ...createHash('sha256')
        .update(Uint8Array.from((isList(bytes) ? bytes : []).map(Number)))
        .digest(),
    ],
  })
}

/** A property, in strict mode: one that is not there is an error. */
export function memberOf(target: Value, name: string): Value {
  const key = name.toLowerCase()
  if (target instanceof Table) return ofTable(target, key, name)
  if (target instanceof Item) return ofItem(target, key, name)
  if (target instanceof Switch && key === 'ispresent') return target.present
  if (target instanceof Native) {
    const member = target.members[key]
    if (member !== undefined && typeof member !== 'function') return member
  }
  if (isList(target) && (key === 'count' || key === 'length')) return target.length
  if (typeof target === 'string' && key === 'length') return target.length
  throw new Thrown(`The property '${name}' cannot be found on this object`)
}

function ofTable(target: Table, key: string, name: string): Value {
  if (target.entries.has(key)) return target.get(key)
  if (key === 'count') return target.entries.size
  if (key === 'keys') return [...target.entries.values()].map(([own]) => own)
  throw new Thrown(`The property '${name}' cannot be found on this object`)
}

function ofItem({ table }: Item, key: string, name: string): Value {
  if (key !== 'psobject') return table.entries.has(key) ? table.get(key) : memberOf(null, name)
  const properties = new Table()
  for (const [own, value] of table.entries.values()) properties.set(own, new Item({ Name: own, Value: value }))
  return new Item({ Properties: properties })
}

export function called(target: Value, name: string, given: readonly Value[]): Value {
  const key = name.toLowerCase()
  const [first = null, second = null] = given
  if (target instanceof Native && typeof target.members[key] === 'function') return target.members[key](...given)
  if (target instanceof Table && key === 'containskey') return target.entries.has(textOf(first).toLowerCase())
  if (typeof target === 'string' && key === 'replace') return target.replaceAll(textOf(first), () => textOf(second))
  if (typeof target === 'string' && key === 'tolower') return target.toLowerCase()
  if (target instanceof Date && key === 'touniversaltime') return target
  if (target instanceof Date && key === 'tostring' && first === 'yyyy-MM-ddTHH:mm:ssZ')
    return `${target.toISOString().slice(0, 19)}Z`
  throw new Thrown(`Method invocation failed: there is no method named '${name}'`)
}

export function cast(type: string, value: Value): Value {
  switch (type.toLowerCase()) {
    case 'ordered':
    case 'object':
      return value
    case 'pscustomobject':
      return value instanceof Table ? new Item(value) : value
    case 'string':
      return textOf(value)
    case 'string[]':
      return (isList(value) ? value : [value]).map(textOf)
    case 'bool':
      return isTrue(value)
    case 'int':
      return Math.trunc(Number(textOf(value)))
    case 'version':
      return value instanceof Version ? value : new Version(textOf(value))
    case 'uri':
      return new Item({ Host: new URL(textOf(value)).hostname, ToString: textOf(value) })
    default:
      throw new Thrown(`Unable to find type [${type}]`)
  }
}

const alignment = /\{(\d+)(?:,(-?\d+))?\}/g

export function formatted(pattern: string, given: readonly Value[]): string {
  return pattern.replace(alignment, (_all, index: string, width = '0') => {
    const text = textOf(given[Number(index)] ?? null)
    return Number(width) < 0 ? text.padEnd(-Number(width)) : text.padStart(Number(width))
  })
}
