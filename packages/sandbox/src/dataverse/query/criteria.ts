import type { Element } from '../../exchange/xml.ts'
import type { BulkQuery, Row } from '../state.ts'
import type { Table } from '../tables.ts'
import { invalidArgument } from '../wire/refusal.ts'
import { testOf } from './fetchXml.ts'

/** The part of a QueryExpression that selects rows, with its conditions in FetchXML's terms. */
export type Criteria = BulkQuery

const operators: Readonly<Record<string, string>> = {
  Equal: 'eq',
  NotEqual: 'ne',
  GreaterThan: 'gt',
  GreaterEqual: 'ge',
  LessThan: 'lt',
  LessEqual: 'le',
  Like: 'like',
  NotLike: 'not-like',
  In: 'in',
  NotIn: 'not-in',
  Null: 'null',
  NotNull: 'not-null',
  BeginsWith: 'begins-with',
  EndsWith: 'ends-with',
}

const listAt = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const at = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/queryexpression; links and orders are refused. */
export function criteriaIn(query: unknown): Criteria {
  const table = at(query, 'EntityName')
  if (typeof table !== 'string') throw invalidArgument('A QueryExpression has to have an EntityName.')
  const other = ['LinkEntities', 'Orders', 'TopCount', 'DataSource'].find((name) => {
    const value = at(query, name)
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null
  })
  if (other !== undefined) throw invalidArgument(`${other} of a QueryExpression is not supported by this sandbox.`)
  // The selected columns make no difference to a deletion.
  for (const name of ['AllColumns', 'Columns']) at(at(query, 'ColumnSet'), name)
  at(query, 'Distinct')
  const criteria = at(query, 'Criteria')
  return { table, filter: criteria === undefined || criteria === null ? undefined : filterIn(criteria) }
}

const element = (name: string, attributes: Record<string, string>, children: Element[] = [], text = ''): Element => ({
  ...{ name, attributes, children, text },
})

function filterIn(criteria: unknown): Element {
  const type = at(criteria, 'FilterOperator') === 'Or' ? 'or' : 'and'
  const conditions = listAt(at(criteria, 'Conditions')).map(conditionIn)
  return element('filter', { type }, [...conditions, ...listAt(at(criteria, 'Filters')).map(filterIn)])
}

function conditionIn(condition: unknown): Element {
  const operator = operators[String(at(condition, 'Operator'))]
  const attribute = at(condition, 'AttributeName')
  if (operator === undefined || typeof attribute !== 'string')
    throw invalidArgument(`The operator ${String(at(condition, 'Operator'))} is not supported by this sandbox.`)
  const values = listAt(at(condition, 'Values')).map((value) => {
    at(value, 'Type')
    return element('value', {}, [], String(at(value, 'Value') ?? value))
  })
  return element('condition', { attribute, operator }, values)
}

export function testOfCriteria(table: Table, { filter }: Criteria): (row: Row) => boolean {
  return testOf(table, element('entity', {}, filter === undefined ? [] : [filter]))
}
