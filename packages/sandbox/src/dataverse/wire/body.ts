import { watchBody } from '../../honoured.ts'
import { requireTableAccess } from '../access.ts'
import type { Column } from '../columns/column.ts'
import type { Changes } from '../rows.ts'
import { rowOf, type Scope } from '../scope.ts'
import type { Cell } from '../state.ts'
import { isLookup, type Navigation, navigation, type Table, tableOfSet } from '../tables.ts'
import { cellOf, isGuid } from '../values.ts'
import { badPayload, noRow, noSegment } from './refusal.ts'

/** A row in a request: the values of its own columns, and rows that are to be made with it (deep insert). */
export interface Body {
  readonly changes: Changes
  readonly nested: readonly { readonly navigation: Navigation; readonly body: object }[]
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export async function readJson(table: Table, request: Request): Promise<Record<string, unknown>> {
  const text = await request.text()
  try {
    const value: unknown = text.trim() === '' ? {} : JSON.parse(text)
    if (isObject(value)) {
      watchBody(request, value)
      return value
    }
  } catch {
    throw badPayload('', 'Microsoft.OData.ODataException: Invalid JSON. A token was not recognized in the JSON content.')
  }
  throw badPayload(
    table.set,
    "Microsoft.OData.ODataException: An unexpected 'StartArray' node was found when reading from the JSON reader. A 'StartObject' node was expected.",
  )
}

/** Reads a body against the table's columns and navigation properties. */
export function bodyOf(scope: Scope, table: Table, json: Record<string, unknown>): Body {
  const changes = new Map<Column, Cell>()
  const nested: { navigation: Navigation; body: object }[] = []
  for (const [name, value] of Object.entries(json)) {
    if (name.startsWith('@')) continue
    const bound = /^(.+)@odata\.bind$/.exec(name)?.[1]
    if (bound !== undefined) bind(scope, table, bound, value, changes)
    else if (name.includes('@')) continue
    else if (isObject(value)) nested.push({ navigation: declared(table, name), body: value })
    else plain(table, name, value, changes)
  }
  return { changes, nested }
}

function plain(table: Table, name: string, value: unknown, changes: Map<Column, Cell>): void {
  const unlinked = value === null ? navigation(table, name) : undefined
  if (unlinked !== undefined) {
    changes.set(unlinked.column, null)
    return
  }
  const lookup = /^_(.+)_value$/.exec(name)?.[1]
  if (lookup !== undefined && table.columns.has(lookup)) {
    const hint = 'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.'
    throw badPayload(table.set, `Microsoft.Crm.CrmException: ${hint}`)
  }
  const column = table.columns.get(name)
  if (column === undefined || column.kind === 'virtual' || isLookup(column)) {
    const reason = 'Does not support untyped value in non-open type.'
    throw badPayload(
      table.set,
      `Microsoft.Crm.CrmException: Invalid property '${name}' was found in entity 'Microsoft.Dynamics.CRM.${table.name}'. ---> Microsoft.OData.ODataException: ${reason}`,
    )
  }
  changes.set(column, cellOf(table, column, value))
}

function declared(table: Table, name: string): Navigation {
  const found = navigation(table, name)
  if (found !== undefined) return found
  const rule =
    'In OData, only declared navigation properties and declared named streams can be represented as properties without values.'
  throw badPayload(
    table.set,
    `Microsoft.OData.ODataException: An undeclared property '${name}' which only has property annotations in the payload but no property value was found in the payload. ${rule}`,
  )
}

function bind(scope: Scope, table: Table, name: string, value: unknown, changes: Map<Column, Cell>): void {
  const found = declared(table, name)
  if (value === null) {
    changes.set(found.column, null)
    return
  }
  if (typeof value !== 'string')
    throw badPayload(table.set, `Microsoft.OData.ODataException: The annotation '${name}@odata.bind' is not a string.`)
  changes.set(found.column, reference(scope, table, found, value))
}

/** The id in a reference such as `/managedidentities(…)`, relative or absolute. The row must exist. */
export function reference(scope: Scope, table: Table, of: Navigation, text: string): string {
  const relative = text.replace(/^https?:\/\/[^/]+\/api\/data\/v9\.\d\//i, '').replace(/^\//, '')
  const [, set = '', key = ''] = /^([a-z]+)\((?:[a-z]+=)?([^)]*)\)$/.exec(relative) ?? []
  const target = tableOfSet(set)
  if (target === undefined) throw noSegment(set === '' ? relative : set)
  if (!isGuid(key) || !of.targets.includes(target.name))
    throw badPayload(table.set, `Microsoft.OData.ODataException: The reference '${text}' does not fit '${of.name}'.`)
  requireTableAccess(scope.organization, scope.user, 'Append', table)
  requireTableAccess(scope.organization, scope.user, 'AppendTo', target)
  if (rowOf(scope.organization, target, key) === undefined) throw noRow(target.name, key)
  return key.toLowerCase()
}
