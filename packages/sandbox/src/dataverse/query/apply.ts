import { follow } from '../scope.ts'
import type { OrganizationState, Row } from '../state.ts'
import { navigation, readable, type Table, tableNamed } from '../tables.ts'
import { badQuery, unknownProperty } from '../wire/refusal.ts'
import { type Aggregate, type Aggregation, isNumeric, type Method, type Term } from './aggregate.ts'
import { filterOf } from './filter.ts'

/** What `$apply` asks for: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/aggregate-data */
export interface Apply extends Aggregation {
  readonly test: (row: Row) => boolean
}

const options = ['$apply', '$orderby']

export function applyOf(organization: OrganizationState, table: Table, search: URLSearchParams): Apply | undefined {
  const text = search.get('$apply')
  if (text === null) return undefined
  const other = [...search.keys()].find((name) => name.startsWith('$') && !options.includes(name))
  if (other !== undefined) throw badQuery(`The query parameter ${other} is not supported together with $apply.`)
  if (search.get('$orderby') !== null) throw badQuery('The query node SingleValueOpenPropertyAccess is not supported.')
  const [first = '', second, ...more] = parts(text, '/')
  const filter = /^filter\((.*)\)$/s.exec(first)?.[1]
  const transformation = filter === undefined ? first : second
  if (transformation === undefined || more.length > 0 || (filter === undefined && second !== undefined)) throw syntax(text)
  const test = filter === undefined ? () => true : filterOf(organization, table, filter)
  return { test, ...transformationOf(organization, table, transformation) }
}

const syntax = (text: string): Error => badQuery(`Syntax error at position ${text.length} in '${text}'.`)

/** Splits at the separator, outside parentheses and quotes. */
function parts(text: string, sign: string): readonly string[] {
  const found = ['']
  let depth = 0
  let quoted = false
  for (const letter of text.trim()) {
    if (letter === "'") quoted = !quoted
    if (!quoted) depth += letter === '(' ? 1 : letter === ')' ? -1 : 0
    if (letter === sign && depth === 0 && !quoted) found.push('')
    else found.push(`${found.pop() ?? ''}${letter}`)
  }
  return found.map((part) => part.trim())
}

function transformationOf(organization: OrganizationState, table: Table, text: string): Aggregation {
  const alone = /^aggregate\((.*)\)$/s.exec(text)?.[1]
  if (alone !== undefined) return { groups: [], aggregates: aggregatesIn(table, alone) }
  const [names = '', aggregate, ...more] = parts(/^groupby\((.*)\)$/s.exec(text)?.[1] ?? '', ',')
  const named = /^\((.+)\)$/s.exec(names)?.[1]
  const inner = aggregate === undefined ? '' : /^aggregate\((.*)\)$/s.exec(aggregate)?.[1]
  if (named === undefined || inner === undefined || more.length > 0) throw syntax(text)
  const groups = named.split(',').map((name) => groupOf(organization, table, name.trim()))
  return { groups, aggregates: aggregate === undefined ? [] : aggregatesIn(table, inner) }
}

/** A column, or one of a row to which a lookup points: that one is named by its table. */
function groupOf(organization: OrganizationState, table: Table, name: string): Term {
  const [property = '', inner, ...more] = name.split('/')
  if (inner === undefined) return notDate(termOf(table, property, property))
  const link = navigation(table, property)
  const target = tableNamed(link?.targets[0] ?? '')
  if (link === undefined || target === undefined || more.length > 0) throw unknownProperty(table, property)
  const term = notDate(termOf(target, inner, `${target.name}_${inner}`))
  const linked = (row: Row) => {
    const id = row.cells[link.column.name]
    return typeof id === 'string' ? follow(organization, link.targets, id)?.row : undefined
  }
  return {
    ...term,
    cell: (row) => {
      const found = linked(row)
      return found === undefined ? null : term.cell(found)
    },
  }
}

function termOf(table: Table, property: string, alias: string): Term {
  const column = readable(table, property)
  if (column === undefined) throw unknownProperty(table, property)
  return { alias, column, cell: ({ cells }) => cells[column.name] ?? null }
}

function notDate(term: Term): Term {
  if (term.column.kind === 'date') throw badQuery(`Grouping by the date '${term.column.name}' is not supported.`)
  return term
}

const methods: Readonly<Record<string, Method>> = { sum: 'sum', average: 'avg', min: 'min', max: 'max' }

function aggregatesIn(table: Table, text: string): readonly Aggregate[] {
  return parts(text, ',').map((part): Aggregate => {
    const counts = /^\$count\s+as\s+(\w+)$/.exec(part)?.[1]
    if (counts !== undefined) return { alias: counts, method: 'count', distinct: false, term: undefined }
    const [, property = '', word = '', alias = ''] = /^(\w+)\s+with\s+(\w+)\s+as\s+(\w+)$/.exec(part) ?? []
    const method = methods[word]
    if (method === undefined) throw syntax(part)
    const term = termOf(table, property, alias)
    const fits = isNumeric(term.column) || (term.column.kind === 'date' && (method === 'min' || method === 'max'))
    if (!fits) throw badQuery(`The aggregate method '${word}' does not fit the property '${property}'.`)
    return { alias, method, distinct: false, term }
  })
}
