import { demand } from './access.ts'
import { type Fetch, fetchOf } from './query/fetchXml.ts'
import { compare, filterOf } from './query/filter.ts'
import { type Joined, joined, type Link } from './query/linkEntity.ts'
import { cookieOf, type Query, queryOf, type Shape } from './query/query.ts'
import { represent } from './represent.ts'
import { rowsOf, type Scope } from './scope.ts'
import type { Row } from './state.ts'
import { navigation, readable, type Table, tableNamed } from './tables.ts'
import type { Preferences } from './wire/preferences.ts'

const largestPage = 5000

/** The rows of a table that a query asks for, one page of them. */
export function list(scope: Scope, table: Table, search: URLSearchParams, wanted: Preferences): object {
  const text = search.get('fetchXml')
  const fetch = text === null ? undefined : fetchOf(table, text)
  const query = fetch?.query ?? queryOf(table, search)
  allowExpanded(scope, table, query)
  const found = matching(scope, table, query)
  const sorted = ordered(table, query, fetch ? found.filter(fetch.test) : found)
  const rows = joined(scope.organization, sorted, linksOf(scope, fetch))
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

/** Rows that come along have to be allowed too. */
function linksOf({ organization, user }: Scope, fetch: Fetch | undefined): readonly Link[] {
  for (const { table } of fetch?.links ?? []) demand(organization, user, 'Read', table)
  return fetch?.links ?? []
}

function startOf({ page, after }: Query, rows: readonly Joined[], size: number): number {
  const last = rows.findIndex(({ row }) => row.id === after)
  return last === -1 ? (page - 1) * size : last + 1
}

/** What `$count` as a path answers: how many rows there are, filtered or not. */
export const count = (scope: Scope, table: Table, search: URLSearchParams): number =>
  matching(scope, table, queryOf(table, search)).length

export function single(scope: Scope, table: Table, row: Row, shape: Shape, wanted: Preferences): object {
  allowExpanded(scope, table, shape)
  return {
    '@odata.context': `${scope.root}/$metadata#${table.set}${selection(shape)}/$entity`,
    ...represent(scope.organization, table, row, shape, wanted),
  }
}

/** Rows of other tables that come along have to be allowed too. */
function allowExpanded(scope: Scope, table: Table, { expand }: Shape): void {
  for (const { name, shape } of expand) {
    const target = tableNamed(navigation(table, name)?.targets[0] ?? '')
    if (target === undefined) continue
    demand(scope.organization, scope.user, 'Read', target)
    allowExpanded(scope, target, shape)
  }
}

function matching(scope: Scope, table: Table, query: Query): readonly Row[] {
  const rows = Object.values(rowsOf(scope.organization, table.name))
  if (query.filter === undefined) return rows
  const test = filterOf(scope.organization, table, query.filter)
  return rows.filter(test)
}

/** In the order asked for, then by key, so that pages never overlap. */
function ordered(table: Table, query: Query, rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((left, right) => {
    for (const { property, descending } of query.orderBy) {
      const column = readable(table, property)?.name ?? ''
      const [a, b] = [left.cells[column] ?? null, right.cells[column] ?? null]
      // Empty cells come first, as in the database.
      const order = a === null || b === null ? Number(a !== null) - Number(b !== null) : compare(a, b)
      if (order !== 0) return descending ? -order : order
    }
    return compare(left.id, right.id)
  })
}

/** The part of a context URL that tells what is shown: `(name,managedidentityid(name))`. */
function selection(shape: Shape): string {
  const parts = [...(shape.select ?? []), ...shape.expand.map(({ name, shape: inner }) => `${name}${selection(inner) || '()'}`)]
  return parts.length === 0 ? '' : `(${parts.join(',')})`
}

/** Who asks by FetchXML counts the pages himself. */
const rest = (scope: Scope, table: Table, search: URLSearchParams, by: Fetch | string): object =>
  typeof by === 'string'
    ? { '@odata.nextLink': nextLink(scope, table, search, by) }
    : { '@Microsoft.Dynamics.CRM.morerecords': true }

function nextLink(scope: Scope, table: Table, search: URLSearchParams, cookie: string): string {
  const query = [...search].filter(([name]) => name !== '$skiptoken').map(([name, value]) => `${name}=${encode(value)}`)
  return `${scope.root}/${table.set}?${[...query, `$skiptoken=${encode(cookie)}`].join('&')}`
}

const encode = (text: string): string => encodeURIComponent(text).replaceAll('%2C', ',')
