import { readFilter } from './filter.ts'
import { answer, queryOf, type RequestContext } from './gate.ts'
import { Refusal, unsupported } from './refusal.ts'
import type { Body } from './represent.ts'
import { readSearch } from './search.ts'

/** The query options of a collection. */
export interface Listing {
  /** Name of the collection in `@odata.context`. */
  readonly context: string
  /** Every property that an item can have. */
  readonly properties: ReadonlySet<string>
  readonly items: readonly Body[]
}

const options = ['$filter', '$select', '$top', '$count', '$orderby', '$search', '$expand', '$skiptoken']

/** Answers a GET of a collection: filter, order, page and columns. */
export function list(asked: RequestContext, { context, properties, items }: Listing): Response {
  const query = queryOf(asked)
  checkOptions(query)
  checkAdvanced(asked, query, properties)
  const found = ordered(matching(items, query, properties), query, properties)
  const size = pageSize(query)
  const start = startOf(query)
  const selected = selectedProperties(query, properties)
  return answer(asked, {
    '@odata.context': `${asked.var.root}/$metadata#${context}${shown(selected)}`,
    ...(query.get('$count') === 'true' && { '@odata.count': found.length }),
    ...(start + size < found.length && { '@odata.nextLink': nextLink(asked, start + size) }),
    value: found.slice(start, start + size).map((item) => only(item, selected)),
  })
}

/** Answers a GET of `…/$count`, which only the index can count. */
export function count(asked: RequestContext, { properties, items }: Listing): Response {
  const query = queryOf(asked)
  if (!isEventual(asked)) throw needsHeader('$count')
  return asked.body(String(matching(items, query, properties).length), 200, { 'Content-Type': 'text/plain' })
}

/** Answers a GET of one object. */
export function one(
  asked: RequestContext,
  { context, properties, item }: { context: string; properties: ReadonlySet<string>; item: Body },
): Response {
  const query = queryOf(asked)
  checkOptions(query)
  const selected = selectedProperties(query, properties)
  return answer(asked, {
    '@odata.context': `${asked.var.root}/$metadata#${context}${shown(selected)}/$entity`,
    ...only(item, selected),
  })
}

function checkOptions(query: URLSearchParams): void {
  const unknown = [...query.keys()].find((name) => name.startsWith('$') && !options.includes(name))
  if (unknown === '$skip') throw new Refusal(400, 'BadRequest', "'$skip' is not supported by the service.")
  if (unknown !== undefined) throw new Refusal(400, 'BadRequest', `The query parameter '${unknown}' is not supported.`)
}

const isEventual = (asked: RequestContext): boolean => asked.req.header('ConsistencyLevel')?.toLowerCase() === 'eventual'

const needsHeader = (option: string): Refusal =>
  unsupported(
    `Request with ${option} query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'`,
  )

function checkAdvanced(asked: RequestContext, query: URLSearchParams, properties: ReadonlySet<string>): void {
  const header = isEventual(asked)
  const counted = query.get('$count') === 'true'
  if (query.has('$search') && !header) throw needsHeader('$search')
  if (counted && !header) throw needsHeader('$count')
  const filter = query.get('$filter')
  const advanced = filter !== null && (readFilter(filter, properties).advanced || query.has('$orderby'))
  if (advanced && !(header && counted))
    throw unsupported(
      "Operator is not supported without the header 'ConsistencyLevel: eventual' and the query parameter '$count=true'.",
    )
}

function matching(items: readonly Body[], query: URLSearchParams, properties: ReadonlySet<string>): readonly Body[] {
  const [text, search] = [query.get('$filter'), query.get('$search')]
  const filter = text === null ? undefined : readFilter(text, properties)
  const sought = search === null ? undefined : readSearch(search, properties)
  return items.filter((item) => (filter?.test(item) ?? true) && (sought?.(item) ?? true))
}

const byText = (name: string, direction: number) => (left: Body, right: Body) => {
  const [a, b] = [String(left[name] ?? '').toLowerCase(), String(right[name] ?? '').toLowerCase()]
  return a === b ? 0 : direction * (a < b ? -1 : 1)
}

/** By id, so that pages fit together, unless an order is asked for. */
function ordered(items: readonly Body[], query: URLSearchParams, properties: ReadonlySet<string>): readonly Body[] {
  const stable = [...items].sort(byText('id', 1))
  const [name, direction = 'asc'] = query.get('$orderby')?.trim().split(/\s+/) ?? []
  if (name === undefined) return stable
  if (!properties.has(name)) throw new Refusal(400, 'BadRequest', `Could not find a property named '${name}'.`)
  return stable.sort(byText(name, direction === 'desc' ? -1 : 1))
}

function pageSize(query: URLSearchParams): number {
  const text = query.get('$top')
  if (text === null) return 100
  const size = Number(text)
  if (Number.isInteger(size) && size >= 1 && size <= 999) return size
  throw unsupported(`Invalid page size specified: '${text}'. Must be between 1 and 999 inclusive.`)
}

/** A `$skiptoken` is opaque to clients; here it holds where the next page starts. */
const tokenOf = (start: number): string => Buffer.from(`RFNwdAIAAQ:${start}`).toString('base64url')

function startOf(query: URLSearchParams): number {
  const token = query.get('$skiptoken')
  if (token === null) return 0
  const start = /^RFNwdAIAAQ:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1]
  if (start !== undefined) return Number(start)
  throw new Refusal(
    400,
    'Directory_ExpiredPageToken',
    'The specified page token value has expired and can no longer be included in your request.',
  )
}

function nextLink(asked: RequestContext, start: number): string {
  const url = new URL(asked.req.url)
  url.searchParams.set('$skiptoken', tokenOf(start))
  return url.href
}

/** The properties that `$select` names; undefined for all. */
export function selectedProperties(query: URLSearchParams, properties: ReadonlySet<string>): readonly string[] | undefined {
  const text = query.get('$select')
  if (text === null || text.trim() === '' || text.trim() === '*') return undefined
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !properties.has(name))
  if (unknown === undefined) return names
  throw new Refusal(400, 'BadRequest', `Parsing OData Select and Expand failed: Could not find a property named '${unknown}'.`)
}

const shown = (selected: readonly string[] | undefined): string => (selected === undefined ? '' : `(${selected.join(',')})`)

/** Annotations and expanded properties stay, whatever is selected. */
const only = (item: Body, selected: readonly string[] | undefined): Body =>
  selected === undefined
    ? item
    : Object.fromEntries(
        Object.entries(item).filter(([name]) => selected.includes(name) || name.startsWith('@') || expanded.has(name)),
      )

const expanded = new Set(['owners', 'appRoleAssignments', 'appRoleAssignedTo'])
