import { association } from '../roles/associations.ts'
import { navigation, readable, type Table, tableNamed } from '../tables.ts'
import { badQuery, unknownProperty } from '../wire/refusal.ts'

/** Which columns and which related rows an answer shows. */
export interface Shape {
  /** Properties to show; undefined: all. */
  readonly select: readonly string[] | undefined
  readonly expand: readonly { readonly name: string; readonly shape: Shape }[]
}

export interface Query extends Shape {
  readonly filter: string | undefined
  readonly orderBy: readonly { readonly property: string; readonly descending: boolean }[]
  readonly top: number | undefined
  readonly page: number
  /** The row after which the page begins, if the cookie names one. */
  readonly after: string | undefined
  readonly count: boolean
}

const supported = new Set(['$select', '$filter', '$expand', '$orderby', '$top', '$count', '$skiptoken'])

/** The query options of a list, checked against the table. */
export function queryOf(table: Table, search: URLSearchParams): Query {
  for (const name of search.keys()) {
    if (name === '$skip') throw badQuery('Skip Clause is not supported in CRM')
    if (name.startsWith('$') && !supported.has(name)) throw badQuery(`The query parameter ${name} is not supported.`)
  }
  return {
    ...shapeOf(table, search.get('$select') ?? undefined, search.get('$expand') ?? undefined),
    filter: search.get('$filter') ?? undefined,
    orderBy: orderOf(table, search.get('$orderby') ?? ''),
    top: topOf(search.get('$top')),
    ...placeOf(search.get('$skiptoken')),
    count: search.get('$count') === 'true',
  }
}

export function shapeOf(table: Table, select: string | undefined, expand: string | undefined): Shape {
  return {
    select: select === undefined ? undefined : selectOf(table, select),
    expand: expand === undefined ? [] : split(expand, ',').map((part) => expandOf(table, part.trim())),
  }
}

function selectOf(table: Table, select: string): readonly string[] {
  const names = select
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  for (const name of names)
    if (name !== '*' && readable(table, name) === undefined && navigation(table, name) === undefined)
      throw unknownProperty(table, name)
  // A navigation property is accepted in $select and has no effect.
  return names.filter((name) => readable(table, name) !== undefined)
}

function expandOf(table: Table, part: string): Shape['expand'][number] {
  const [, name = '', options = ''] = /^(\w+)(?:\((.*)\))?$/.exec(part) ?? []
  const found = navigation(table, name)
  const target = tableNamed(association(table.name, name)?.to ?? found?.targets[0] ?? '')
  if (target === undefined) throw unknownProperty(table, name === '' ? part : name)
  const given = new Map(
    split(options, ';').map((option): [string, string] => {
      const at = option.indexOf('=')
      return [option.slice(0, at).trim(), option.slice(at + 1)]
    }),
  )
  for (const option of given.keys())
    if (option !== '$select' && option !== '$expand' && option !== '')
      throw badQuery(`The query option '${option}' is not supported for a single-valued navigation property.`)
  return { name, shape: shapeOf(target, given.get('$select'), given.get('$expand')) }
}

/** Splits at the separator, outside parentheses. */
function split(text: string, sign: string): readonly string[] {
  const parts: string[] = ['']
  let depth = 0
  for (const letter of text) {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0
    if (letter === sign && depth === 0) parts.push('')
    else parts.push(`${parts.pop() ?? ''}${letter}`)
  }
  return parts.filter((part) => part !== '')
}

function orderOf(table: Table, text: string): Query['orderBy'] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [property = '', direction = 'asc'] = part.split(/\s+/)
      if (readable(table, property) === undefined) throw unknownProperty(table, property)
      if (!/^(asc|desc)$/.test(direction)) throw badQuery(`Syntax error at position ${property.length} in '${part}'.`)
      return { property, descending: direction === 'desc' }
    })
}

function topOf(text: string | null): number | undefined {
  if (text === null) return undefined
  const top = Number(text)
  if (!/^\d+$/.test(text)) throw badQuery(`Invalid value '${text}' for $top query option found.`)
  return Math.min(top, 5000)
}

/** The next page starts after the last row of this one, even if the client asks for another page size. */
export function cookieOf(table: Table, page: number, last: string): string {
  const inner = `<cookie page="${page - 1}"><${table.key} last="{${last.toUpperCase()}}" /></cookie>`
  return `<cookie pagenumber="${page}" pagingcookie="${encodeURIComponent(encodeURIComponent(inner))}" istracking="False" />`
}

function placeOf(token: string | null): Pick<Query, 'page' | 'after'> {
  if (token === null) return { page: 1, after: undefined }
  const [, page, inner = ''] = /pagenumber="(\d+)"(?: pagingcookie="([^"]*)")?/.exec(token) ?? []
  if (page === undefined) throw badQuery('Malformed XML in the Paging Cookie')
  return { page: Number(page), after: /last%253D%2522%257B([0-9a-f-]{36})/i.exec(inner)?.[1]?.toLowerCase() }
}
