import type { Cell } from '../state.ts'

export type ColumnKind =
  | 'text'
  | 'memo'
  | 'int'
  | 'bigint'
  | 'bool'
  | 'choice'
  | 'state'
  | 'status'
  | 'guid'
  | 'date'
  | 'lookup'
  | 'owner'
  | 'virtual'

/** A column as the table's metadata describes it. */
export interface Column {
  readonly name: string
  readonly kind: ColumnKind
  /** Characters of a text, at most. */
  readonly limit: number
  readonly minimum: number
  readonly maximum: number
  /** Name of the option set, for a choice. */
  readonly choice: string
  /** Logical names of the tables that a lookup points to. */
  readonly targets: readonly string[]
  readonly create: boolean
  readonly read: boolean
  readonly update: boolean
  readonly required: 'none' | 'business' | 'system'
  /** The default for a new row. */
  readonly initial: Cell
}

export type Columns = ReadonlyMap<string, Column>

const kinds: readonly string[] = [
  'text',
  'memo',
  'int',
  'bigint',
  'bool',
  'choice',
  'state',
  'status',
  'guid',
  'date',
  'lookup',
  'owner',
  'virtual',
] satisfies readonly ColumnKind[]

const isKind = (word: string): word is ColumnKind => kinds.includes(word)

/**
 * Columns from lines of `name kind[:detail] [access] [required] [=initial]`. The detail is a text's length, a number's range `1..300`,
 * a choice's option set, a lookup's targets. The access is three places, create, read and update, `CRU` by default.
 * A later line of the same name replaces an earlier one.
 */
export const columns = (...tables: readonly (string | Columns)[]): Columns =>
  new Map(tables.flatMap((table) => (typeof table === 'string' ? parse(table) : [...table])))

const parse = (table: string): [string, Column][] =>
  table
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const column = parseLine(line)
      return [column.name, column]
    })

function parseLine(line: string): Column {
  const [name = '', type = '', ...rest] = line.split(/\s+/)
  const [word = '', detail = ''] = type.split(':')
  if (!isKind(word)) throw new Error(`The column "${name}" has the unknown kind "${word}".`)
  const access = rest.find((part) => /^[C-][R-][U-]$/.test(part)) ?? 'CRU'
  return {
    name,
    kind: word,
    ...limits(word, detail),
    choice: word === 'choice' ? detail : '',
    targets: word === 'owner' ? ['systemuser', 'team'] : word === 'lookup' ? detail.split(',') : [],
    create: access.startsWith('C'),
    read: access.includes('R'),
    update: access.endsWith('U'),
    required: rest.includes('system') ? 'system' : rest.includes('business') ? 'business' : 'none',
    initial: initialCell(rest.find((part) => part.startsWith('='))),
  }
}

function limits(kind: ColumnKind, detail: string): Pick<Column, 'limit' | 'minimum' | 'maximum'> {
  const [least, most] = kind === 'int' && detail !== '' ? detail.split('..') : []
  return {
    limit: kind === 'text' || kind === 'memo' ? Number(detail) : 0,
    minimum: Number(least ?? -2147483648),
    maximum: Number(most ?? 2147483647),
  }
}

function initialCell(part: string | undefined): Cell {
  if (part === undefined) return null
  const value = part.slice(1)
  return value === 'true' ? true : value === 'false' ? false : Number(value)
}
