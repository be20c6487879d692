import { createHash, randomUUID } from 'node:crypto'
import type { Column } from './columns/column.ts'
import { nextVersion, nowIn, rowsOf, type Scope } from './scope.ts'
import type { Cell, OrganizationState, Row } from './state.ts'
import { allTables, isLookup, type Table } from './tables.ts'
import { duplicate, invalidArgument } from './wire/refusal.ts'

/** Validated values of a request, by column. */
export type Changes = ReadonlyMap<Column, Cell>

/** A new row with its columns' defaults and what the platform fills in. */
export function insert(scope: Scope, table: Table, changes: Changes, chosenId: string | undefined): Row {
  const id = (chosenId ?? randomUUID()).toLowerCase()
  const rows = rowsOf(scope.organization, table.name)
  if (rows[id] !== undefined) throw duplicate()
  const row: Row = { id, version: nextVersion(scope.organization), cells: {}, sealed: {} }
  for (const column of table.columns.values()) row.cells[column.name] = column.initial
  write(row, changes, 'create')
  requireTexts(table, row)
  fillIn(scope, table, row)
  rows[id] = row
  return row
}

export function update(scope: Scope, table: Table, row: Row, changes: Changes): void {
  write(row, changes, 'update')
  requireTexts(table, row)
  keepStateAndStatusTogether(row, changes)
  stamp(scope, table, row)
}

/** Removes the row; lookups that point to it become empty, as the cascade `RemoveLink` has it. */
export function remove(organization: OrganizationState, table: Table, row: Row): void {
  delete rowsOf(organization, table.name)[row.id]
  for (const other of allTables) {
    for (const column of other.columns.values()) {
      if (!isLookup(column) || !column.targets.includes(table.name)) continue
      for (const each of Object.values(rowsOf(organization, other.name)))
        if (each.cells[column.name] === row.id) unlink(organization, each, column.name)
    }
  }
  delete organization.dueTests[row.id]
}

function unlink(organization: OrganizationState, row: Row, column: string): void {
  row.cells[column] = null
  row.version = nextVersion(organization)
}

/** A column that cannot be written is silently ignored, as is the key of an existing row. */
function write(row: Row, changes: Changes, message: 'create' | 'update'): void {
  for (const [column, cell] of changes) {
    if (!column[message]) continue
    if (column.read) row.cells[column.name] = cell
    else seal(row, column, cell)
  }
}

function seal(row: Row, column: Column, cell: Cell): void {
  if (typeof cell === 'string' && cell !== '') row.sealed[column.name] = createHash('sha256').update(cell, 'utf8').digest('hex')
  else delete row.sealed[column.name]
}

/** The platform insists on what it needs itself (`SystemRequired`), not on what only forms need (`ApplicationRequired`). */
function requireTexts(table: Table, row: Row): void {
  for (const column of table.columns.values()) {
    if (column.kind !== 'text' || column.required !== 'system' || !column.create) continue
    const value = row.cells[column.name]
    if (typeof value !== 'string' || value === '')
      throw invalidArgument(`Attribute: ${column.name} cannot be null or empty on entity: ${table.name}.`)
  }
}

function fillIn(scope: Scope, table: Table, row: Row): void {
  const { cells } = row
  cells[table.key] = row.id
  const fill = (column: string, value: Cell): void => {
    if (table.columns.has(column)) cells[column] ??= value
  }
  fill('statecode', 0)
  fill('statuscode', 1)
  fill('createdon', nowIn(scope))
  fill('createdby', scope.user.id)
  fill('ownerid', scope.user.id)
  fill('owninguser', scope.user.id)
  fill('owningbusinessunit', scope.organization.businessUnitId)
  fill('organizationid', scope.organization.id)
  fill('solutionid', 'fd140aae-4df4-11dd-bd17-0019b9312238')
  fill('componentidunique', randomUUID())
  stamp(scope, table, row)
}

function stamp(scope: Scope, table: Table, row: Row): void {
  row.version = nextVersion(scope.organization)
  row.cells.modifiedon = nowIn(scope)
  row.cells.modifiedby = scope.user.id
  for (const column of table.columns.values()) {
    const sealed = /^is(.+)set$/.exec(column.name)?.[1]
    if (sealed !== undefined && column.kind === 'bool' && table.columns.get(sealed)?.read === false)
      row.cells[column.name] = row.sealed[sealed] !== undefined
  }
}

/** Status 1 belongs to state 0, status 2 to state 1; each implies the other. */
function keepStateAndStatusTogether(row: Row, changes: Changes): void {
  const names = [...changes.keys()].map((column) => column.name)
  const { statecode, statuscode } = row.cells
  if (names.includes('statecode') && typeof statecode === 'number') {
    if (names.includes('statuscode') && statuscode !== statecode + 1)
      throw invalidArgument(`${statuscode} is not a valid status code for state code ${statecode} on this entity.`)
    row.cells.statuscode = statecode + 1
  } else if (names.includes('statuscode') && typeof statuscode === 'number' && statuscode !== Number(statecode) + 1) {
    throw invalidArgument(`${statuscode} is not a valid status code for state code ${statecode} on this entity.`)
  }
}
