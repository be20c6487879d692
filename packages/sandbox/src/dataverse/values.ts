import { createHash } from 'node:crypto'
import { optionSets } from './columns/choices.ts'
import type { Column } from './columns/column.ts'
import type { Cell } from './state.ts'
import type { Table } from './tables.ts'
import { badPayload, noSuchOption, outOfRange, tooLong } from './wire/refusal.ts'

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isGuid = (text: string): boolean => guid.test(text)

/** Name of a column's type in OData's model. */
export function edmType(column: Column): string {
  switch (column.kind) {
    case 'bool':
      return 'Edm.Boolean'
    case 'int':
    case 'choice':
    case 'state':
    case 'status':
      return 'Edm.Int32'
    case 'bigint':
      return 'Edm.Int64'
    case 'guid':
    case 'lookup':
    case 'owner':
      return 'Edm.Guid'
    case 'date':
      return 'Edm.DateTimeOffset'
    default:
      return 'Edm.String'
  }
}

/** The labels of a column that holds one of a few numbers. */
export function optionsOf(column: Column): Readonly<Record<number, string>> | undefined {
  if (column.kind === 'state' || column.kind === 'status') return optionSets[column.kind]
  return column.kind === 'choice' ? optionSets[column.choice] : undefined
}

/** A value from a request's body, as the column stores it. Throws Dataverse's refusal of a value that does not fit. */
export function cellOf(table: Table, column: Column, value: unknown): Cell {
  if (value === null) return null
  const misfit = (): Error =>
    badPayload(
      table.set,
      `Microsoft.OData.ODataException: Cannot convert the literal '${literal(value)}' to the expected type '${edmType(column)}'.`,
    )
  switch (edmType(column)) {
    case 'Edm.String':
      if (typeof value !== 'string') throw misfit()
      if (value.length > column.limit) throw tooLong(table.name, column.name, column.limit)
      return value
    case 'Edm.Boolean':
      if (typeof value !== 'boolean') throw misfit()
      return value
    case 'Edm.Guid':
      if (typeof value !== 'string' || !isGuid(value)) throw misfit()
      return value.toLowerCase()
    case 'Edm.DateTimeOffset':
      if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) throw misfit()
      return instant(new Date(value))
    default:
      if (typeof value !== 'number' || !Number.isInteger(value)) throw misfit()
      return withinRange(table, column, value)
  }
}

function withinRange(table: Table, column: Column, value: number): number {
  const options = optionsOf(column)
  if (options !== undefined && !(value in options)) throw noSuchOption(table.name, column.name, value, Object.keys(options))
  if (column.kind === 'int' && (value < column.minimum || value > column.maximum))
    throw outOfRange(table.name, column.name, value)
  return value
}

const literal = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Dataverse keeps whole seconds. */
export const instant = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`

/** Every definition has an id of its own, which a `$select` always brings along: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api */
export function metadataId(...of: readonly string[]): string {
  const digits = createHash('sha256').update(of.join('.')).digest('hex')
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`
}
