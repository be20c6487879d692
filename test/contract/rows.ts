import { type Column, otherSets, sets, type Table } from './columns.ts'
import type { Fields } from './json.ts'

export type Use = 'create' | 'update' | 'upsert' | 'read'

export const isLookup = ({ type }: Column): boolean => type === 'Lookup' || type === 'Owner'

/** The name under which a column is read: a lookup shows its id. */
export const readName = (column: Column): string => (isLookup(column) ? `_${column.name}_value` : column.name)

function orNull({ type, enum: options, ...schema }: Fields): Fields {
  if (type === undefined) return { anyOf: [schema, { type: 'null' }] }
  return { type: [type, 'null'], ...(Array.isArray(options) && { enum: [...options, null] }), ...schema }
}

/** A row as it is read, or sent: every column has to be described, and be of that use. */
export function rowSchema(table: Table, use: Use): Fields {
  return {
    type: 'object',
    properties: Object.fromEntries(table.columns.flatMap((column) => (use === 'read' ? shown(column) : given(column, use)))),
    patternProperties: { '@(odata|OData|Microsoft)\\.': {} },
    additionalProperties: false,
  }
}

const usable = (column: Column, use: Exclude<Use, 'read'>): boolean =>
  use === 'upsert' ? column.create && column.update : column[use]

/** A lookup is given as a link, and everything else as a value (https://learn.microsoft.com/power-apps/developer/data-platform/webapi/associate-disassociate-entities-using-web-api). */
function given(column: Column, use: Exclude<Use, 'read'>): [string, Fields][] {
  const name = isLookup(column) ? `${column.name}@odata.bind` : column.name
  if (!usable(column, use)) return [[name, { unusable: `not to be there: it is not for ${use}` }]]
  const schema = isLookup(column) ? { type: 'string', pattern: link(column) } : column.schema
  return [[name, column.demanded ? schema : orNull(schema)]]
}

/** What is expanded is judged as a row of its own where its table is described. */
function shown(column: Column): [string, Fields][] {
  if (!column.read) return [[column.name, { unusable: 'not to be there: it is never read' }]]
  if (!isLookup(column)) return [[column.name, orNull(column.schema)]]
  const [target = ''] = column.targets
  const row = setOf(target) in sets ? { $ref: rowName(target) } : { type: 'object' }
  return [
    [readName(column), orNull(column.schema)],
    [column.name, orNull(row)],
  ]
}

export const rowName = (table: string): string => `https://specs.invalid/row/${table}`

export const setOf = (table: string): string =>
  Object.entries(sets).find(([, name]) => name === table)?.[0] ?? otherSets[table] ?? `${table}s`

const link = ({ targets }: Column): string =>
  `^(https://[^/]+/api/data/v9\\.\\d/|/)?(${targets.map(setOf).join('|')})\\([0-9a-fA-F-]{36}\\)$`
