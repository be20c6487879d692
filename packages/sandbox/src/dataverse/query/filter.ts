import type { Column } from '../columns/column.ts'
import { follow } from '../scope.ts'
import type { Cell, OrganizationState, Row } from '../state.ts'
import { navigation, readable, type Table, tableNamed } from '../tables.ts'
import { edmType } from '../values.ts'
import { badQuery, unknownProperty } from '../wire/refusal.ts'
import { type Token, tokens } from './literal.ts'

export type Test = (row: Row) => boolean

interface Reader {
  readonly table: Table
  readonly organization: OrganizationState
  readonly text: string
  readonly rest: Token[]
}

interface Operand {
  readonly column: Column
  read(row: Row): Cell
}

/** A `$filter` as a test of rows. Text is compared as in the database, ignoring case. */
export function filterOf(organization: OrganizationState, table: Table, text: string): Test {
  const reader: Reader = { table, organization, text, rest: [...tokens(text)] }
  const test = either(reader)
  if (reader.rest.length > 0) throw syntax(reader)
  return test
}

const syntax = (reader: Reader): Error => badQuery(`Syntax error at position ${reader.text.length} in '${reader.text}'.`)

const sees = (reader: Reader, word: string): boolean => {
  const next = reader.rest[0]
  return next !== undefined && (next.kind === 'word' || next.kind === 'sign') && next.text === word
}

function take(reader: Reader, word: string): boolean {
  if (!sees(reader, word)) return false
  reader.rest.shift()
  return true
}

function expect(reader: Reader, word: string): void {
  if (!take(reader, word)) throw syntax(reader)
}

function either(reader: Reader): Test {
  let left = both(reader)
  while (take(reader, 'or')) {
    const [first, second] = [left, both(reader)]
    left = (row) => first(row) || second(row)
  }
  return left
}

function both(reader: Reader): Test {
  let left = one(reader)
  while (take(reader, 'and')) {
    const [first, second] = [left, one(reader)]
    left = (row) => first(row) && second(row)
  }
  return left
}

function one(reader: Reader): Test {
  if (take(reader, 'not')) {
    const inner = one(reader)
    return (row) => !inner(row)
  }
  if (take(reader, '(')) {
    const inner = either(reader)
    expect(reader, ')')
    return inner
  }
  const called = ['contains', 'startswith', 'endswith'].find((name) => sees(reader, name))
  return called === undefined ? comparison(reader) : textTest(reader, called)
}

function textTest(reader: Reader, name: string): Test {
  expect(reader, name)
  expect(reader, '(')
  const operand = property(reader)
  expect(reader, ',')
  const value = reader.rest.shift()
  expect(reader, ')')
  if (value?.kind !== 'string' || edmType(operand.column) !== 'Edm.String')
    throw badQuery(`No function signature for the function with name '${name}' matches the specified arguments.`)
  const wanted = value.text.toLowerCase()
  return (row) => {
    const text = operand.read(row)
    if (typeof text !== 'string') return false
    const held = text.toLowerCase()
    return name === 'contains' ? held.includes(wanted) : name === 'startswith' ? held.startsWith(wanted) : held.endsWith(wanted)
  }
}

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
}

function comparison(reader: Reader): Test {
  const operand = property(reader)
  const operator = reader.rest.shift()
  const holds = operator?.kind === 'word' ? comparisons[operator.text] : undefined
  if (operator?.kind !== 'word' || holds === undefined) throw syntax(reader)
  const wanted = literal(reader, operand.column)
  return (row) => {
    const held = operand.read(row)
    // A comparison with null is never true, except that an empty cell is unequal to any value.
    if (held === null || wanted === null)
      return operator.text === 'ne' ? held !== wanted : operator.text === 'eq' && held === wanted
    return holds(compare(held, wanted))
  }
}

/** Orders two values of one column, ignoring case. */
export function compare(left: Exclude<Cell, null>, right: Exclude<Cell, null>): number {
  const [a, b] = [left, right].map((value) => (typeof value === 'string' ? value.toLowerCase() : Number(value)))
  if (a === undefined || b === undefined || a === b) return 0
  return a < b ? -1 : 1
}

const literalTypes: Readonly<Record<string, string>> = { string: 'Edm.String', guid: 'Edm.Guid', date: 'Edm.DateTimeOffset' }

function literal(reader: Reader, column: Column): Cell {
  const token = reader.rest.shift()
  const type = edmType(column)
  if (token === undefined) throw syntax(reader)
  if (token.kind === 'word' && token.text === 'null') return null
  if (token.kind === 'word' && type === 'Edm.Boolean' && /^(true|false)$/.test(token.text)) return token.text === 'true'
  if (token.kind === 'number' && /^Edm\.Int/.test(type)) return token.value
  if (token.kind !== 'word' && token.kind !== 'sign' && token.kind !== 'number' && literalTypes[token.kind] === type)
    return type === 'Edm.DateTimeOffset' ? `${new Date(token.text).toISOString().slice(0, 19)}Z` : token.text
  const found = token.kind === 'number' ? 'Edm.Int32' : (literalTypes[token.kind] ?? 'Edm.String')
  throw badQuery(
    `A binary operator with incompatible types was detected. Found operand types '${type}' and '${found}' for operator kind 'Equal'.`,
  )
}

/** A column of the row, or of the row that one of its lookups points to: `managedidentityid/name`. */
function property(reader: Reader): Operand {
  const token = reader.rest.shift()
  if (token?.kind !== 'word') throw syntax(reader)
  const [first = '', second] = token.text.split('/')
  if (second === undefined) return own(reader.table, first)
  const via = navigation(reader.table, first)
  const target = via === undefined ? undefined : tableNamed(via.targets[0] ?? '')
  if (via === undefined || target === undefined) throw unknownProperty(reader.table, first)
  const operand = own(target, second)
  return {
    column: operand.column,
    read: (row) => {
      const id = row.cells[via.column.name]
      const found = typeof id === 'string' ? follow(reader.organization, via.targets, id) : undefined
      return found === undefined ? null : operand.read(found.row)
    },
  }
}

function own(table: Table, name: string): Operand {
  const column = readable(table, name)
  if (column === undefined) throw unknownProperty(table, name)
  return { column, read: (row) => (column.name === 'versionnumber' ? row.version : (row.cells[column.name] ?? null)) }
}
