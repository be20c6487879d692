import type { Column } from '../columns/column.ts'
import { formatted, labelOf } from '../represent.ts'
import type { Cell, Row } from '../state.ts'
import type { Preferences } from '../wire/preferences.ts'
import { Refusal } from '../wire/refusal.ts'

/** A value of a row, under the name that it has in the result. */
export interface Term {
  readonly alias: string
  readonly column: Column
  cell(row: Row): Cell
}

export type Method = 'sum' | 'avg' | 'min' | 'max' | 'count' | 'countcolumn'

export interface Aggregate {
  readonly alias: string
  readonly method: Method
  readonly distinct: boolean
  /** The value to aggregate; none when counting rows. */
  readonly term: Term | undefined
}

export interface Aggregation {
  readonly groups: readonly Term[]
  readonly aggregates: readonly Aggregate[]
}

/** https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/aggregate-data#limitations */
const most = 50_000

export const tooMany = (): Refusal =>
  new Refusal(400, '0x8004e023', 'AggregateQueryRecordLimit exceeded. Cannot perform this operation.')

/** Can these cells be added up? */
export const isNumeric = ({ kind }: Column): boolean => kind === 'int' || kind === 'bigint'

/** The groups, each with its aggregated values. Empty values are ignored. */
export function aggregated(
  rows: readonly Row[],
  { groups, aggregates }: Aggregation,
  wanted: Preferences,
  limit = most,
): readonly Record<string, Cell>[] {
  if (rows.length > limit) throw tooMany()
  const sets = new Map<string, Row[]>()
  for (const row of rows) {
    const key = JSON.stringify(groups.map(({ cell }) => cell(row)))
    sets.set(key, [...(sets.get(key) ?? []), row])
  }
  // Without groups all rows are one, even if there are none.
  if (groups.length === 0 && sets.size === 0) sets.set('[]', [])
  return [...sets.values()].map((set) => ({
    ...Object.assign({}, ...groups.map((term) => grouped(term, set[0], wanted))),
    ...Object.assign({}, ...aggregates.map((each) => counted(each, set, wanted))),
  }))
}

function grouped({ alias, column, cell }: Term, row: Row | undefined, wanted: Preferences): Record<string, Cell> {
  const value = row === undefined ? null : cell(row)
  return value === null ? {} : annotated(alias, value, labelOf(column, value), wanted)
}

function counted({ alias, ...aggregate }: Aggregate, rows: readonly Row[], wanted: Preferences): Record<string, Cell> {
  const value = summedUp(aggregate, rows)
  if (value === null) return {}
  const { term } = aggregate
  const label = typeof value === 'number' ? value.toLocaleString('en-US') : term && labelOf(term.column, value)
  return annotated(alias, value, label, wanted)
}

const annotated = (alias: string, value: Cell, label: string | undefined, wanted: Preferences): Record<string, Cell> => ({
  ...(label !== undefined && wanted.annotation(formatted) && { [`${alias}@${formatted}`]: label }),
  [alias]: value,
})

function summedUp({ method, distinct, term }: Omit<Aggregate, 'alias'>, rows: readonly Row[]): Cell {
  if (method === 'count' || term === undefined) return rows.length
  const all = rows.map(term.cell).filter((cell) => cell !== null)
  const cells = distinct ? [...new Set(all)] : all
  if (method === 'countcolumn') return cells.length
  if (cells.length === 0) return null
  if (method === 'min' || method === 'max') return minOrMax(cells, method === 'min' ? 1 : -1)
  const sum = cells.reduce<number>((total, cell) => total + Number(cell), 0)
  return method === 'sum' ? sum : sum / cells.length
}

const minOrMax = (cells: readonly NonNullable<Cell>[], sign: number): Cell =>
  cells.reduce((one, other) => ((one < other ? -1 : 1) * sign < 0 ? one : other))
