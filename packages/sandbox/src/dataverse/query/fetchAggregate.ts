import type { Element } from '../../exchange/xml.ts'
import type { Column } from '../columns/column.ts'
import type { Cell, Row } from '../state.ts'
import { Refusal } from '../wire/refusal.ts'
import { type Aggregate, type Aggregation, isNumeric, type Method, type Term } from './aggregate.ts'

/** What a `<fetch aggregate='true'>` asks for: https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/aggregate-data */
export interface FetchedAggregation extends Aggregation {
  readonly limit: number | undefined
  /** Aliases by which the result is ordered. */
  readonly order: readonly { readonly alias: string; readonly descending: boolean }[]
}

const methods: readonly Method[] = ['sum', 'avg', 'min', 'max', 'count', 'countcolumn']

const isMethod = (text: string): text is Method => methods.some((method) => method === text)

const invalid = (message: string): Refusal => new Refusal(400, '0x80041102', message)

/** The entity, or a linked one, whose cells are in the joined row as `alias.column`. */
export interface Part {
  readonly element: Element
  readonly prefix: string
  columnOf(name: string): Column
}

interface Reading extends Part {
  unsupported(what: string): Refusal
}

/** What the entity (first) and those linked to it request. */
export function aggregationIn(root: Element, parts: readonly Part[], unsupported: Reading['unsupported']): FetchedAggregation {
  const named = parts.flatMap((part) => attributesIn(part).map((attributes) => ({ attributes, of: { ...part, unsupported } })))
  const isGroup = ({ attributes }: { attributes: Attributes }): boolean => attributes.groupby === 'true'
  const groups = named.filter(isGroup).map((each) => groupOf(each.attributes, each.of))
  const aggregates = named.filter((each) => !isGroup(each)).map((each) => aggregateOf(each.attributes, each.of))
  const [entity] = parts.map(({ element }) => element)
  const order = (entity?.children ?? [])
    .filter(({ name }) => name === 'order')
    .map(({ attributes: { alias, descending } }) => {
      if (![...groups, ...aggregates].some((each) => each.alias === alias))
        throw invalid('An order of an aggregate query has to name an alias.')
      return { alias: alias ?? '', descending: descending === 'true' }
    })
  const limit = root.attributes.aggregatelimit
  return { groups, aggregates, order, limit: limit === undefined ? undefined : Number(limit) }
}

type Attributes = Element['attributes']

function attributesIn({ element }: Part): readonly Attributes[] {
  if (element.children.some(({ name }) => name === 'all-attributes'))
    throw invalid(`Attributes of '${element.attributes.name ?? ''}' have to be named where they are aggregated.`)
  return element.children.filter(({ name }) => name === 'attribute').map(({ attributes }) => attributes)
}

function only(attributes: Attributes, names: readonly string[], { unsupported }: Reading): void {
  const stray = Object.keys(attributes).find((name) => !names.includes(name))
  if (stray !== undefined) throw unsupported(`attribute ${stray} of attribute`)
}

const cellOf =
  (column: Column, prefix: string) =>
  ({ cells }: Row): Cell =>
    cells[`${prefix}${column.name}`] ?? null

function groupOf(attributes: Attributes, reading: Reading): Term {
  only(attributes, ['name', 'alias', 'groupby', 'dategrouping'], reading)
  const { name = '', alias = '', dategrouping } = attributes
  if (alias === '') throw invalid('An attribute of an aggregate query has to have an alias.')
  const column = reading.columnOf(name)
  const cell = cellOf(column, reading.prefix)
  if (dategrouping === undefined) return { alias, column, cell }
  const part = dateParts[dategrouping]
  if (part === undefined || column.kind !== 'date') throw reading.unsupported(`dategrouping ${dategrouping}`)
  const counted: Column = { ...column, kind: 'int' }
  return {
    ...{ alias, column: counted },
    cell: (row) => {
      const value = cell(row)
      return typeof value === 'string' ? part(new Date(value)) : null
    },
  }
}

const day = 86_400_000

/** Weeks begin on Sunday, the first one with the year. */
const dateParts: Readonly<Record<string, (date: Date) => number>> = {
  day: (date) => date.getUTCDate(),
  week: (date) => {
    const first = new Date(Date.UTC(date.getUTCFullYear(), 0, 1))
    return Math.floor((Math.floor((date.getTime() - first.getTime()) / day) + first.getUTCDay()) / 7) + 1
  },
  month: (date) => date.getUTCMonth() + 1,
  quarter: (date) => Math.floor(date.getUTCMonth() / 3) + 1,
  year: (date) => date.getUTCFullYear(),
}

function aggregateOf(attributes: Attributes, reading: Reading): Aggregate {
  only(attributes, ['name', 'alias', 'aggregate', 'distinct'], reading)
  const { name = '', alias = '', aggregate: method = '', distinct = 'false' } = attributes
  if (alias === '' || !isMethod(method))
    throw invalid('An attribute of an aggregate query has to have an alias, and aggregate or groupby.')
  if (distinct === 'true' && method !== 'countcolumn') throw invalid('Only countcolumn counts distinct values.')
  const column = reading.columnOf(name)
  const isPeriod = column.kind === 'date' && (method === 'min' || method === 'max')
  if (!isNumeric(column) && !isPeriod && !method.startsWith('count'))
    throw invalid(`The aggregate '${method}' does not fit the attribute '${name}'.`)
  return { alias, method, distinct: distinct === 'true', term: { alias, column, cell: cellOf(column, reading.prefix) } }
}
