import type { Column } from '../columns/column.ts'
import { type Association, association } from '../roles/associations.ts'
import { type Navigation, navigation, readable, type Table, tableOfSet } from '../tables.ts'
import { isGuid } from '../values.ts'
import { badQuery, noSegment } from './refusal.ts'

/** What a path below `/api/data/v9.x/` names. */
export type Resource =
  | { readonly kind: 'document' | 'metadata' | 'whoAmI' | 'version' | 'batch' }
  | { readonly kind: 'bulkDelete' }
  | {
      readonly kind: 'association'
      readonly association: Association
      readonly id: string
      /** Of the related row that the path names. */
      readonly other: string | undefined
      /** It ends with `$ref`. */
      readonly isReference: boolean
    }
  | { readonly kind: 'definitions'; readonly segments: readonly string[] }
  | { readonly kind: 'rows' | 'count'; readonly table: Table }
  | { readonly kind: 'bulk'; readonly table: Table; readonly action: BulkAction }
  | { readonly kind: 'row'; readonly table: Table; readonly id: string }
  | { readonly kind: 'property' | 'value'; readonly table: Table; readonly id: string; readonly column: Column }
  | { readonly kind: 'function'; readonly id: string; readonly call: string }
  | { readonly kind: 'related' | 'link'; readonly table: Table; readonly id: string; readonly navigation: Navigation }

/** What can be done to several rows of a table at once. */
export type BulkAction = 'CreateMultiple' | 'UpdateMultiple' | 'UpsertMultiple' | 'DeleteMultiple'

const actions: readonly BulkAction[] = ['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple', 'DeleteMultiple']

export function resourceOf(path: string): Resource {
  const segments = path.split('/').filter((segment) => segment !== '')
  const [first, ...rest] = segments
  if (first === undefined) return { kind: 'document' }
  if (/^(EntityDefinitions|GlobalOptionSetDefinitions)(\(|$)|^RelationshipDefinitions$/.test(first))
    return { kind: 'definitions', segments }
  if (rest.length === 0) {
    if (first === '$metadata') return { kind: 'metadata' }
    if (first === '$batch') return { kind: 'batch' }
    if (first === 'BulkDelete') return { kind: 'bulkDelete' }
    if (/^RetrieveVersion(\(\))?$/.test(first)) return { kind: 'version' }
    if (first === 'WhoAmI' || first === 'WhoAmI()') return { kind: 'whoAmI' }
  }
  return tableResource(first, rest)
}

function tableResource(first: string, rest: readonly string[]): Resource {
  const [, set = '', key] = /^(\w+)(?:\((.*)\))?$/.exec(first) ?? []
  const table = tableOfSet(set)
  if (table === undefined) throw noSegment(set === '' ? first : set)
  if (key === undefined) {
    if (rest.length === 0) return { kind: 'rows', table }
    if (rest.length === 1 && rest[0] === '$count') return { kind: 'count', table }
    const action = actions.find((name) => rest[0] === `Microsoft.Dynamics.CRM.${name}`)
    if (action !== undefined && rest.length === 1) return { kind: 'bulk', table, action }
    throw noSegment(rest[0] ?? '')
  }
  return rowResource(table, idOf(table, key), rest)
}

/** A GUID, bare or by the name of the key. The tables here have no alternate keys. */
function idOf(table: Table, key: string): string {
  const [, name, value = ''] = /^(?:(\w+)=)?(.*)$/.exec(key) ?? []
  if (isGuid(value) && (name === undefined || name === table.key)) return value.toLowerCase()
  if (name !== undefined && name !== table.key)
    throw badQuery(
      `The key in the request URI is not valid for resource '${table.set}'. Ensure that the names and number of key properties match the declared or alternate key properties for the resource '${table.set}'.`,
    )
  throw badQuery(`Error parsing the key '${key}' of resource '${table.set}': a GUID should contain 32 digits with 4 dashes.`)
}

function rowResource(table: Table, id: string, rest: readonly string[]): Resource {
  const [name, last, ...more] = rest
  if (name === undefined) return { kind: 'row', table, id }
  if (table.name === 'systemuser' && last === undefined && name.startsWith('Microsoft.Dynamics.CRM.'))
    return { kind: 'function', id, call: name }
  const [, many = '', other] = /^(\w+)(?:\(([0-9a-f-]{36})\))?$/i.exec(name) ?? []
  const related = association(table.name, many)
  if (related !== undefined && more.length === 0 && (last === undefined ? other === undefined : last === '$ref'))
    return { kind: 'association', association: related, id, other: other?.toLowerCase(), isReference: last === '$ref' }
  const found = navigation(table, name)
  const column = readable(table, name) ?? table.columns.get(name)
  if (more.length === 0 && found !== undefined && (last === undefined || last === '$ref'))
    return { kind: last === undefined ? 'related' : 'link', table, id, navigation: found }
  if (more.length === 0 && column !== undefined && (last === undefined || last === '$value'))
    return { kind: last === undefined ? 'property' : 'value', table, id, column }
  throw noSegment(last ?? name)
}
