import { type Element, find, readXml } from '../../exchange/xml.ts'
import type { Column } from '../columns/column.ts'
import type { Cell, Row } from '../state.ts'
import { propertyName, type Table } from '../tables.ts'
import { badQuery, Refusal } from '../wire/refusal.ts'
import { aggregationIn, type FetchedAggregation, type Part } from './fetchAggregate.ts'
import { type Link, linksIn } from './linkEntity.ts'
import type { Query } from './query.ts'

type Test = (row: Row) => boolean

export interface Fetch {
  readonly query: Query
  readonly pageSize: number | undefined
  readonly test: Test
  /** Linked tables. */
  readonly links: readonly Link[]
  /** Identical rows count once. */
  readonly distinct: boolean
  readonly aggregation: FetchedAggregation | undefined
}

/** FetchXML that this Web API does not support is refused, never silently left out. */
const unsupported = (what: string): Refusal =>
  new Refusal(400, '0x8004111c', `The FetchXML ${what} is not supported by this sandbox.`)

/** A query in FetchXML, as the option `fetchXml` has it: https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/ */
export function fetchOf(table: Table, text: string): Fetch {
  const root = readXml(text)
  const entity = find(root, 'entity')
  if (root?.name !== 'fetch' || entity === undefined) throw new Refusal(400, '0x80040201', 'Invalid XML.')
  if (entity.attributes.name !== table.name)
    throw badQuery(`The entity '${entity.attributes.name ?? ''}' of the FetchXML is not that of the set ${table.set}.`)
  const stray = Object.keys(root.attributes).find((name) => !known.includes(name))
  if (stray !== undefined) throw unsupported(`attribute ${stray}`)
  const linked = entity.children.filter(({ name }) => name === 'link-entity')
  const aggregates = root.attributes.aggregate === 'true'
  const links = linksIn(table, linked, { testOf, unsupported })
  const parts = [{ element: entity, prefix: '', columnOf: columnsOf(table) }, ...linkedParts(linked, links)]
  const aggregation = aggregates ? aggregationIn(root, parts, unsupported) : undefined
  return {
    query: aggregates ? { ...nothing, top: numberAt(root, 'top') } : queryIn(table, root, entity),
    pageSize: numberAt(root, 'count'),
    test: testOf(table, entity),
    distinct: root.attributes.distinct === 'true',
    ...{ links, aggregation },
  }
}

const columnsOf =
  (table: Table) =>
  (name: string): Column =>
    columnOf(table, { name: 'attribute', attributes: { name }, children: [], text: '' }, 'name')

/** Linked entities with those linked to them, in the order of the query. */
const linkedParts = (elements: readonly Element[], links: readonly Link[]): readonly Part[] =>
  links.flatMap(({ alias, table, links: inner }, index) => {
    const element = elements[index]
    if (element === undefined) return []
    const nested = element.children.filter(({ name }) => name === 'link-entity')
    return [{ element, prefix: `${alias}.`, columnOf: columnsOf(table) }, ...linkedParts(nested, inner)]
  })

/** With aggregation, no rows are returned. */
const nothing: Query = {
  ...{ select: undefined, expand: [], filter: undefined, orderBy: [], top: undefined },
  ...{ page: 1, after: undefined, count: false },
}

const known: readonly string[] = [
  'version',
  'mapping',
  'output-format',
  'no-lock',
  'distinct',
  'top',
  'count',
  'page',
  'returntotalrecordcount',
  'paging-cookie',
  'useraworderby',
  'aggregate',
  'aggregatelimit',
]

const numberAt = ({ attributes }: Element, name: string): number | undefined => {
  const text = attributes[name]
  if (text === undefined) return undefined
  if (/^\d+$/.test(text)) return Number(text)
  throw new Refusal(400, '0x80040203', `Invalid value '${text}' of the attribute ${name}.`)
}

function queryIn(table: Table, root: Element, entity: Element): Query {
  const children = (name: string): readonly Element[] => entity.children.filter((child) => child.name === name)
  const other = entity.children.find(
    ({ name }) => !['attribute', 'all-attributes', 'order', 'filter', 'no-attrs', 'link-entity'].includes(name),
  )
  if (other !== undefined) throw unsupported(`element ${other.name}`)
  const select = children('attribute').map((one) => propertyName(columnOf(table, one, 'name')))
  const all = children('all-attributes').length > 0 || select.length === 0
  return {
    select: all ? undefined : select,
    expand: [],
    filter: undefined,
    orderBy: children('order').map((one) => ({
      property: propertyName(columnOf(table, one, 'attribute')),
      descending: one.attributes.descending === 'true',
    })),
    top: numberAt(root, 'top'),
    page: numberAt(root, 'page') ?? 1,
    after: undefined,
    count: root.attributes.returntotalrecordcount === 'true',
  }
}

function columnOf(table: Table, { attributes, name: element }: Element, name: string) {
  const wanted = attributes[name] ?? ''
  const stray = Object.keys(attributes).find((one) => ![name, 'descending', 'operator', 'value'].includes(one))
  if (stray !== undefined) throw unsupported(`attribute ${stray} of ${element}`)
  const column = table.columns.get(wanted)
  if (column !== undefined) return column
  throw new Refusal(400, '0x80041103', `'${table.name}' entity doesn't contain attribute with Name = '${wanted}'.`)
}

/** Several filters of an entity are joined by `and`. */
export const testOf = (table: Table, entity: Element): Test => together(entity, 'and', (child) => filterTest(table, child))

function together(element: Element, type: 'and' | 'or', of: (child: Element) => Test | undefined): Test {
  const tests = element.children.map(of).filter((test) => test !== undefined)
  return (row) => (type === 'and' ? tests.every((test) => test(row)) : tests.length === 0 || tests.some((test) => test(row)))
}

function filterTest(table: Table, element: Element): Test | undefined {
  if (element.name === 'condition') return conditionTest(table, element)
  if (element.name !== 'filter') return undefined
  const type = element.attributes.type === 'or' ? 'or' : 'and'
  const other = element.children.find(({ name }) => name !== 'condition' && name !== 'filter')
  if (other !== undefined) throw unsupported(`element ${other.name}`)
  return together(element, type, (child) => filterTest(table, child))
}

type Compare = (cell: Exclude<Cell, null>, values: readonly string[]) => boolean

const textOf = (cell: Exclude<Cell, null>): string =>
  typeof cell === 'boolean' ? String(Number(cell)) : String(cell).toLowerCase()

const like = (cell: Exclude<Cell, null>, pattern: string): boolean => {
  const escaped = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.')
  return new RegExp(`^${escaped}$`, 's').test(textOf(cell))
}

/** Numbers are compared by value, everything else as text. */
const order = (cell: Exclude<Cell, null>, value: string): number =>
  typeof cell === 'number' ? cell - Number(value) : textOf(cell) < value ? -1 : Number(textOf(cell) > value)

const comparisons: Readonly<Record<string, Compare>> = {
  eq: (cell, [value = '']) => textOf(cell) === value,
  ne: (cell, [value = '']) => textOf(cell) !== value,
  neq: (cell, [value = '']) => textOf(cell) !== value,
  gt: (cell, [value = '']) => order(cell, value) > 0,
  ge: (cell, [value = '']) => order(cell, value) >= 0,
  lt: (cell, [value = '']) => order(cell, value) < 0,
  le: (cell, [value = '']) => order(cell, value) <= 0,
  in: (cell, values) => values.includes(textOf(cell)),
  'not-in': (cell, values) => !values.includes(textOf(cell)),
  like: (cell, [value = '']) => like(cell, value),
  'not-like': (cell, [value = '']) => !like(cell, value),
  'begins-with': (cell, [value = '']) => textOf(cell).startsWith(value),
  'ends-with': (cell, [value = '']) => textOf(cell).endsWith(value),
}

function conditionTest(table: Table, element: Element): Test {
  const { operator = '', value } = element.attributes
  const column = columnOf(table, element, 'attribute')
  const cellOf = (row: Row): Cell => row.cells[column.name] ?? null
  if (operator === 'null') return (row) => cellOf(row) === null
  if (operator === 'not-null') return (row) => cellOf(row) !== null
  const compare = comparisons[operator]
  if (compare === undefined) throw unsupported(`operator ${operator}`)
  const listed = element.children.filter(({ name }) => name === 'value').map(({ text }) => text.trim())
  const values = (value === undefined ? listed : [value]).map((one) => booleanText(one, column.kind))
  return (row) => {
    const cell = cellOf(row)
    return cell !== null && compare(cell, values)
  }
}

const booleanText = (value: string, kind: string): string => {
  const lower = value.toLowerCase().replace(/^\{(.*)\}$/, '$1')
  if (kind !== 'bool') return lower
  return lower === 'true' ? '1' : lower === 'false' ? '0' : lower
}
