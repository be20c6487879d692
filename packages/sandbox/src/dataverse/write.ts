import { headerOf, queryOf } from '../honoured.ts'
import { requireApproval, requireTableAccess } from './access.ts'
import type { Column } from './columns/column.ts'
import { shapeOf } from './query/query.ts'
import { singleRow } from './read.ts'
import { etag } from './represent.ts'
import { type Changes, insert, remove, update } from './rows.ts'
import { rowOf, type Scope } from './scope.ts'
import type { Cell, Row } from './state.ts'
import { type Table, tableNamed } from './tables.ts'
import { schedule } from './testAndEnable.ts'
import { isGuid } from './values.ts'
import { empty, json } from './wire/answer.ts'
import { bodyOf, readJson } from './wire/body.ts'
import { preferences } from './wire/preferences.ts'
import { badPayload, duplicate, noRow, notSupported, versionMismatch } from './wire/refusal.ts'

/** POST to an entity set. */
export async function create(scope: Scope, table: Table, request: Request): Promise<Response> {
  allow(table, 'all', 'Create')
  requireTableAccess(scope.organization, scope.user, 'Create', table)
  const row = make(scope, table, await readJson(table, request), undefined)
  return written(scope, table, row, request, 201)
}

/** PATCH of a row: an update, or a create where there is none, unless the request's conditions say otherwise. */
export async function upsert(scope: Scope, table: Table, id: string, request: Request): Promise<Response> {
  const json = await readJson(table, request)
  const row = rowOf(scope.organization, table, id)
  const [none, match] = [headerOf(request, 'if-none-match'), headerOf(request, 'if-match')]
  if (row !== undefined && none === '*') throw duplicate()
  if (row === undefined) {
    if (match !== undefined) throw noRow(table.name, id)
    allow(table, 'all', 'Create')
    requireTableAccess(scope.organization, scope.user, 'Create', table)
    return written(scope, table, make(scope, table, json, id), request, 201)
  }
  allow(table, 'update', 'Update')
  requireTableAccess(scope.organization, scope.user, 'Write', table)
  matchVersion(row, request)
  change(scope, table, row, json)
  return written(scope, table, row, request, 200)
}

export function deleteRow(scope: Scope, table: Table, id: string, request: Request): Response {
  allow(table, 'all', 'Delete')
  requireTableAccess(scope.organization, scope.user, 'Delete', table)
  const row = existing(scope, table, id)
  matchVersion(row, request)
  remove(scope.organization, table, row)
  return empty(204)
}

/** One column by PUT and DELETE, and a lookup by its `$ref`. */
export function setCell(scope: Scope, table: Table, id: string, column: Column, value: Cell): Response {
  allow(table, 'update', 'Update')
  requireTableAccess(scope.organization, scope.user, 'Write', table)
  const row = existing(scope, table, id)
  const changes = new Map([[column, value]])
  approve(scope, row, changes)
  update(scope, table, row, changes)
  schedule(scope, table, row)
  return empty(204)
}

export function existing(scope: Scope, table: Table, id: string): Row {
  const row = rowOf(scope.organization, table, id)
  if (row === undefined) throw noRow(table.name, id)
  return row
}

export function allow(table: Table, needed: 'all' | 'update', method: string): void {
  if (table.writes === 'none' || (needed === 'all' && table.writes !== 'all')) throw notSupported(method, table.name)
}

/** Creates a row, after the rows nested in its body. */
export function make(scope: Scope, table: Table, json: Record<string, unknown>, id: string | undefined): Row {
  const { changes, nested } = bodyOf(scope, table, json)
  const all = new Map<Column, Cell>(changes)
  for (const { navigation, body } of nested) {
    const target = tableNamed(navigation.targets[0] ?? '')
    if (target === undefined) throw badPayload(table.set, `Deep insert is not possible through '${navigation.name}'.`)
    requireTableAccess(scope.organization, scope.user, 'Create', target)
    all.set(navigation.column, make(scope, target, { ...body }, undefined).id)
  }
  approve(scope, undefined, changes)
  const row = insert(scope, table, all, id ?? chosenId(table, changes))
  schedule(scope, table, row)
  return row
}

function chosenId(table: Table, changes: Changes): string | undefined {
  for (const [column, value] of changes) if (column.name === table.key && typeof value === 'string' && isGuid(value)) return value
  return undefined
}

export function change(scope: Scope, table: Table, row: Row, json: Record<string, unknown>): void {
  const { changes, nested } = bodyOf(scope, table, json)
  const first = nested[0]
  if (first !== undefined) {
    const reason = 'Deep update of navigation properties is not allowed.'
    throw badPayload(table.set, `Microsoft.Crm.CrmException: ${reason} (${first.navigation.name})`)
  }
  const others = new Map([...changes].filter(([column]) => column.name !== table.key))
  approve(scope, row, changes)
  update(scope, table, row, others)
  schedule(scope, table, row)
}

/** Approving or rejecting an email address takes more than the right to write its row. */
function approve(scope: Scope, row: Row | undefined, changes: Changes): void {
  for (const [column, value] of changes) {
    if (column.name !== 'emailrouteraccessapproval') continue
    if (value !== (row?.cells[column.name] ?? column.initial) && (value === 1 || value === 3)) requireApproval(scope)
  }
}

function matchVersion(row: Row, request: Request): void {
  const wanted = headerOf(request, 'if-match')
  if (wanted !== undefined && wanted !== '*' && wanted !== etag(row)) throw versionMismatch()
}

function written(scope: Scope, table: Table, row: Row, request: Request, status: 200 | 201): Response {
  const wanted = preferences(request)
  if (!wanted.representation) return empty(204, { 'OData-EntityId': `${scope.root}/${table.set}(${row.id})` })
  const search = queryOf(request)
  const shape = shapeOf(table, search.get('$select') ?? undefined, search.get('$expand') ?? undefined)
  return json(status, singleRow(scope, table, row, shape, wanted), {
    'Preference-Applied': wanted.applied ?? 'return=representation',
    ETag: etag(row),
  })
}
