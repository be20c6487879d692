import type { Column } from './columns/column.ts'
import type { Shape } from './query/query.ts'
import { association } from './roles/associations.ts'
import { follow } from './scope.ts'
import type { Cell, OrganizationState, Row } from './state.ts'
import { isLookup, navigation, navigationsOf, propertyName, readable, type Table, tables } from './tables.ts'
import { optionsOf } from './values.ts'
import type { Preferences } from './wire/preferences.ts'

export const formatted = 'OData.Community.Display.V1.FormattedValue'
const logicalName = 'Microsoft.Dynamics.CRM.lookuplogicalname'
const navigationName = 'Microsoft.Dynamics.CRM.associatednavigationproperty'

export const etag = (row: Row): string => `W/"${row.version}"`

/** A row as the Web API shows it. The key is always among the properties. */
export function represent(
  organization: OrganizationState,
  table: Table,
  row: Row,
  shape: Shape,
  wanted: Preferences,
): Record<string, unknown> {
  const json: Record<string, unknown> = { '@odata.etag': etag(row) }
  for (const property of propertiesOf(table, shape)) {
    const column = readable(table, property)
    if (column === undefined) continue
    const value = cell(row, column)
    Object.assign(json, annotations(organization, table, column, value, wanted))
    json[property] = value
  }
  for (const { name, shape: inner } of shape.expand) json[name] = expanded(organization, table, row, name, inner, wanted)
  return json
}

function propertiesOf(table: Table, shape: Shape): readonly string[] {
  const all = [...table.columns.values()].filter((column) => column.read && column.kind !== 'virtual').map(propertyName)
  if (shape.select === undefined || shape.select.includes('*')) return all
  const lookups = shape.expand.map(({ name }) => navigation(table, name)?.column).filter((column) => column !== undefined)
  return [...new Set([...shape.select, ...lookups.map(propertyName), table.key])]
}

const cell = (row: Row, column: Column): Cell =>
  column.name === 'versionnumber' ? row.version : (row.cells[column.name] ?? null)

function expanded(
  organization: OrganizationState,
  table: Table,
  row: Row,
  name: string,
  shape: Shape,
  wanted: Preferences,
): unknown {
  const many = association(table.name, name)
  if (many !== undefined)
    return many.related(organization, row).map((each) => represent(organization, tables[many.to], each, shape, wanted))
  const via = navigation(table, name)
  const id = via === undefined ? null : row.cells[via.column.name]
  const found = via === undefined || typeof id !== 'string' ? undefined : follow(organization, via.targets, id)
  return found === undefined ? null : represent(organization, found.table, found.row, shape, wanted)
}

function annotations(
  organization: OrganizationState,
  table: Table,
  column: Column,
  value: Cell,
  wanted: Preferences,
): Record<string, string> {
  if (value === null) return {}
  const property = propertyName(column)
  const found = isLookup(column) && typeof value === 'string' ? follow(organization, column.targets, value) : undefined
  const name = found?.row.cells[found.table.primaryName]
  const label = isLookup(column) ? (typeof name === 'string' ? name : undefined) : labelOf(column, value)
  const leadsTo = navigationsOf(table).find((each) => each.column === column && each.targets.includes(found?.table.name ?? ''))
  const all: readonly [string, string | undefined][] = [
    [navigationName, found === undefined ? undefined : leadsTo?.name],
    [logicalName, found?.table.name],
    [formatted, label],
  ]
  const shown = all.filter(([annotation, text]) => text !== undefined && wanted.annotation(annotation))
  return Object.fromEntries(shown.map(([annotation, text]) => [`${property}@${annotation}`, text ?? '']))
}

export function labelOf(column: Column, value: Exclude<Cell, null>): string | undefined {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (typeof value === 'number') return optionsOf(column)?.[value] ?? numbers.format(value)
  return column.kind === 'date' ? dates.format(new Date(value)) : undefined
}

// Made once: a format takes longer to make than the rest of an answer.
const numbers = new Intl.NumberFormat('en-US')
const dates = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
})
