import type { Element } from '../../exchange/xml.ts'
import { rowsOf } from '../scope.ts'
import type { Cell, OrganizationState, Row } from '../state.ts'
import { type Table, tableNamed } from '../tables.ts'
import { Refusal } from '../wire/refusal.ts'

/** Rows of a linked table: https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/join-tables */
export interface Link {
  readonly table: Table
  readonly alias: string
  /** The column of the linked table, and the column of the parent table that it must equal. */
  readonly from: string
  readonly to: string
  readonly outer: boolean
  readonly columns: readonly string[]
  readonly test: (row: Row) => boolean
  /** Tables that are linked to this one. */
  readonly links: readonly Link[]
}

/** A row with the columns added by linked rows, as `alias.column`. */
export interface Joined {
  readonly row: Row
  readonly more: Readonly<Record<string, Cell>>
}

const attributes: readonly string[] = ['name', 'from', 'to', 'alias', 'link-type', 'visible', 'intersect']

const noColumn = (table: Table, name: string): Refusal =>
  new Refusal(400, '0x80041103', `'${table.name}' entity doesn't contain attribute with Name = '${name}'.`)

interface Reading {
  readonly testOf: (table: Table, element: Element) => Link['test']
  readonly unsupported: (what: string) => Refusal
}

/** Reads `link-entity` elements and refuses what is not supported in them. Those without an alias are numbered throughout. */
export const linksIn = (before: Table, elements: readonly Element[], reading: Reading, counter = { last: 0 }): readonly Link[] =>
  elements.map((element) => {
    counter.last += 1
    return linkIn(before, element, counter, reading)
  })

function linkIn(before: Table, element: Element, counter: { last: number }, reading: Reading): Link {
  const { testOf, unsupported } = reading
  const number = counter.last
  const { name = '', from = '', to = '', alias = `${name}${number}`, 'link-type': type = 'inner' } = element.attributes
  const table = tableNamed(name)
  if (table === undefined) throw new Refusal(400, '0x80041102', `The entity with a name = '${name}' was not found.`)
  if (type !== 'inner' && type !== 'outer') throw unsupported(`link-type ${type}`)
  const stray = Object.keys(element.attributes).find((one) => !attributes.includes(one))
  if (stray !== undefined) throw unsupported(`attribute ${stray} of link-entity`)
  const other = element.children.find((child) => !['attribute', 'all-attributes', 'filter', 'link-entity'].includes(child.name))
  if (other !== undefined) throw unsupported(`element ${other.name} of link-entity`)
  if (!table.columns.has(from)) throw noColumn(table, from)
  if (!before.columns.has(to)) throw noColumn(before, to)
  const nested = element.children.filter((child) => child.name === 'link-entity')
  return {
    ...{ table, alias, from, to, outer: type === 'outer', columns: columnsIn(table, element), test: testOf(table, element) },
    links: linksIn(table, nested, reading, counter),
  }
}

function columnsIn(table: Table, { children }: Element): readonly string[] {
  if (children.some(({ name }) => name === 'all-attributes'))
    return [...table.columns.values()].filter(({ read, kind }) => read && kind !== 'virtual').map(({ name }) => name)
  const named = children.filter(({ name }) => name === 'attribute').map((child) => child.attributes.name ?? '')
  const unknown = named.find((name) => table.columns.get(name)?.read !== true)
  if (unknown !== undefined) throw noColumn(table, unknown)
  return named
}

/** Each row joined with each row linked to it; an inner link drops rows without one. */
export const joined = (organization: OrganizationState, rows: readonly Row[], links: readonly Link[]): readonly Joined[] =>
  links.reduce<readonly Joined[]>(
    (before, link) => before.flatMap((one) => withLinked(organization, one, link)),
    rows.map((row) => ({ row, more: {} })),
  )

function withLinked(organization: OrganizationState, { row, more }: Joined, link: Link): readonly Joined[] {
  const wanted = cellAt(row, link.to)
  const found = Object.values(rowsOf(organization, link.table.name)).filter(
    (each) => wanted !== null && cellAt(each, link.from) === wanted && link.test(each),
  )
  const linked = found.flatMap((each) =>
    joined(organization, [each], link.links).map((inner) => ({ ...more, ...shownOf(each, link), ...inner.more })),
  )
  if (linked.length === 0) return link.outer ? [{ row, more }] : []
  return linked.map((all) => ({ row, more: all }))
}

const cellAt = ({ cells }: Row, column: string) => cells[column] ?? null

/** Empty cells are left out. */
const shownOf = (row: Row, { alias, columns }: Link): Record<string, Cell> =>
  Object.fromEntries(
    columns.map((name) => [`${alias}.${name}`, cellAt(row, name)] as const).filter(([, value]) => value !== null),
  )
