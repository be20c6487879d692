import { requireTableAccess } from './access.ts'
import { aggregated } from './query/aggregate.ts'
import { applyOf } from './query/apply.ts'
import { type Fetch, fetchOf } from './query/fetchXml.ts'
import { compare, filterOf } from './query/filter.ts'
import { type Joined, joined, type Link } from './query/linkEntity.ts'
import { cookieOf, type Query, queryOf, type Shape } from './query/query.ts'
import { represent } from './represent.ts'
import { association } from './roles/associations.ts'
import { rowsOf, type Scope } from './scope.ts'
import type { Cell, Row } from './state.ts'
import { navigation, readable, type Table, tableNamed } from './tables.ts'
import type { Preferences } from './wire/preferences.ts'

const largestPage = 5000

/** The rows of a table that a query asks for, one page of them. */
export function list(scope: Scope, table: Table, search: URLSearchParams, wanted: Preferences): object {
  const apply = applyOf(scope.organization, table, search)
  if (apply !== undefined) return aggregates(scope, table, aggregated(allRows(scope, table).filter(apply.test), apply, wanted))
  const text = search.get('fetchXml')
  const fetch = text === null ? undefined : fetchOf(table, text)
  if (fetch?.aggregation !== undefined) return aggregates(scope, table, fetchedAggregates(scope, table, fetch, wanted))
  const query = fetch?.query ?? queryOf(table, search)
  allowExpanded(scope, table, query)
  const found = matching(scope, table, query)
  const sorted = ordered(table, query, fetch ? found.filter(fetch.test) : found)
  const all = joined(scope.organization, sorted, linksOf(scope, fetch))
  const rows = fetch?.distinct === true ? distinct(table, query, all) : all
  const size = query.top ?? fetch?.pageSize ?? wanted.pageSize ?? largestPage
  const from = query.top === undefined ? startOf(query, rows, size) : 0
  const page = rows.slice(from, from + size)
  const more = query.top === undefined && from + size < rows.length
  return {
    '@odata.context': `${scope.root}/$metadata#${table.set}${selection(query)}`,
    ...(query.count ? { '@odata.count': rows.length } : {}),
    value: page.map(({ row, more }) => ({ ...represent(scope.organization, table, row, query, wanted), ...more })),
    ...(more ? rest(scope, table, search, fetch ?? cookieOf(table, query.page + 1, page.at(-1)?.row.id ?? '')) : {}),
  }
}

const aggregates = ({ root }: Scope, { set }: Table, value: readonly object[]): object => ({
  '@odata.context': `${root}/$metadata#${set}`,
  value,
})

function fetchedAggregates(scope: Scope, table: Table, fetch: Fetch, wanted: Preferences): readonly object[] {
  const { aggregation, query } = fetch
  if (aggregation === undefined) return []
  const found = allRows(scope, table).filter(fetch.test)
  const rows = joined(scope.organization, found, linksOf(scope, fetch)).map(({ row, more }) => ({
    ...row,
    cells: { ...row.cells, ...more },
  }))
  const results = aggregated(rows, aggregation, wanted, aggregation.limit)
  const sorted = results.toSorted((left, right) => {
    for (const { alias, descending } of aggregation.order) {
      const order = compareCells(left[alias] ?? null, right[alias] ?? null)
      if (order !== 0) return descending ? -order : order
    }
    return 0
  })
  return sorted.slice(0, query.top ?? fetch.pageSize)
}

/** Rows that agree in every requested column count once. */
function distinct(table: Table, { select }: Query, rows: readonly Joined[]): readonly Joined[] {
  const names = select?.map((property) => readable(table, property)?.name ?? '') ?? [table.key]
  const seen = new Map(rows.map((one) => [JSON.stringify([names.map((name) => one.row.cells[name] ?? null), one.more]), one]))
  return [...seen.values()]
}

/** Joined rows need a privilege too. */
function linksOf(scope: Scope, fetch: Fetch | undefined): readonly Link[] {
  allowLinked(scope, fetch?.links ?? [])
  return fetch?.links ?? []
}

function allowLinked(scope: Scope, links: readonly Link[]): void {
  for (const { table, links: inner } of links) {
    requireTableAccess(scope.organization, scope.user, 'Read', table)
    allowLinked(scope, inner)
  }
}

function startOf({ page, after }: Query, rows: readonly Joined[], size: number): number {
  const last = rows.findIndex(({ row }) => row.id === after)
  return last === -1 ? (page - 1) * size : last + 1
}

/** What `$count` as a path answers: how many rows there are, filtered or not. */
export const count = (scope: Scope, table: Table, search: URLSearchParams): number =>
  matching(scope, table, queryOf(table, search)).length

export function singleRow(scope: Scope, table: Table, row: Row, shape: Shape, wanted: Preferences): object {
  allowExpanded(scope, table, shape)
  return {
    '@odata.context': `${scope.root}/$metadata#${table.set}${selection(shape)}/$entity`,
    ...represent(scope.organization, table, row, shape, wanted),
  }
}

/** Rows joined from other tables need a privilege too. */
function allowExpanded(scope: Scope, table: Table, { expand }: Shape): void {
  for (const { name, shape } of expand) {
    const target = tableNamed(association(table.name, name)?.to ?? navigation(table, name)?.targets[0] ?? '')
    if (target === undefined) continue
    requireTableAccess(scope.organization, scope.user, 'Read', target)
    allowExpanded(scope, target, shape)
  }
}

const allRows = ({ organization }: Scope, { name }: Table): readonly Row[] => Object.values(rowsOf(organization, name))

function matching(scope: Scope, table: Table, query: Query): readonly Row[] {
  const rows = allRows(scope, table)
  if (query.filter === undefined) return rows
  const test = filterOf(scope.organization, table, query.filter)
  return rows.filter(test)
}

/** Empty cells come first, as in the database. */
const compareCells = (left: Cell, right: Cell): number =>
  left === null || right === null ? Number(left !== null) - Number(right !== null) : compare(left, right)

/** In the requested order, then by key, so that pages never overlap. */
function ordered(table: Table, query: Query, rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((left, right) => {
    for (const { property, descending } of query.orderBy) {
      const column = readable(table, property)?.name ?? ''
      const order = compareCells(left.cells[column] ?? null, right.cells[column] ?? null)
      if (order !== 0) return descending ? -order : order
    }
    return compare(left.id, right.id)
  })
}

/** The part of a context URL that says what is shown: `(name,managedidentityid(name))`. */
function selection(shape: Shape): string {
  const parts = [...(shape.select ?? []), ...shape.expand.map(({ name, shape: inner }) => `${name}${selection(inner) || '()'}`)]
  return parts.length === 0 ? '' : `(${parts.join(',')})`
}

/** A client that uses FetchXML counts the pages itself. */
const rest = (scope: Scope, table: Table, search: URLSearchParams, by: Fetch | string): object =>
  typeof by === 'string'
    ? { '@odata.nextLink': nextLink(scope, table, search, by) }
    : { '@Microsoft.Dynamics.CRM.morerecords': true }

function nextLink(scope: Scope, table: Table, search: URLSearchParams, cookie: string): string {
  const query = [...search].filter(([name]) => name !== '$skiptoken').map(([name, value]) => `${name}=${encode(value)}`)
  return `${scope.root}/${table.set}?${[...query, `$skiptoken=${encode(cookie)}`].join('&')}`
}

const encode = (text: string): string => encodeURIComponent(text).replaceAll('%2C', ',')
