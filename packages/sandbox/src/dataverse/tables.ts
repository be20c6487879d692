import type { Column, Columns } from './columns/column.ts'
import { asyncOperationColumns, bulkDeleteColumns } from './columns/jobs.ts'
import { identityColumns, referenceColumns } from './columns/keyVault.ts'
import { mailboxColumns } from './columns/mailbox.ts'
import { businessUnitColumns, organizationColumns, systemUserColumns, traceLogColumns } from './columns/other.ts'
import { profileColumns } from './columns/profile.ts'
import { privilegeColumns, roleColumns } from './columns/roles.ts'
import type { TableName } from './state.ts'

export interface Table {
  readonly name: TableName
  /** Name of the entity set, as in a URL. */
  readonly set: string
  readonly key: string
  readonly primaryName: string
  readonly schemaName: string
  readonly displayName: string
  /** The suffix of privilege names, after `prvRead` and the like. */
  readonly privilege: string
  readonly typeCode: number
  /** What a client may do with its rows besides reading. */
  readonly writes: 'all' | 'update' | 'none'
  readonly columns: Columns
}

type Facts = Omit<Table, 'name' | 'key' | 'privilege'> & { readonly privilege?: string }

const table = (name: TableName, facts: Facts): Table => ({ privilege: facts.schemaName, ...facts, name, key: `${name}id` })

/** Type codes from 10000 on differ from one environment to the next. */
export const tables: Readonly<Record<TableName, Table>> = {
  emailserverprofile: table('emailserverprofile', {
    set: 'emailserverprofiles',
    primaryName: 'name',
    schemaName: 'EmailServerProfile',
    displayName: 'Email Server Profile',
    typeCode: 9605,
    writes: 'all',
    columns: profileColumns,
  }),
  keyvaultreference: table('keyvaultreference', {
    set: 'keyvaultreferences',
    primaryName: 'keyvaulturi',
    schemaName: 'KeyVaultReference',
    displayName: 'KeyVaultReference',
    typeCode: 10121,
    writes: 'all',
    columns: referenceColumns,
  }),
  managedidentity: table('managedidentity', {
    set: 'managedidentities',
    primaryName: 'name',
    schemaName: 'ManagedIdentity',
    displayName: 'Managed Identity',
    typeCode: 10122,
    writes: 'all',
    columns: identityColumns,
  }),
  mailbox: table('mailbox', {
    set: 'mailboxes',
    primaryName: 'name',
    schemaName: 'Mailbox',
    displayName: 'Mailbox',
    typeCode: 9606,
    writes: 'all',
    columns: mailboxColumns,
  }),
  systemuser: table('systemuser', {
    set: 'systemusers',
    primaryName: 'fullname',
    schemaName: 'SystemUser',
    displayName: 'User',
    privilege: 'User',
    typeCode: 8,
    writes: 'update',
    columns: systemUserColumns,
  }),
  organization: table('organization', {
    set: 'organizations',
    primaryName: 'name',
    schemaName: 'Organization',
    displayName: 'Organization',
    typeCode: 1019,
    writes: 'update',
    columns: organizationColumns,
  }),
  businessunit: table('businessunit', {
    set: 'businessunits',
    primaryName: 'name',
    schemaName: 'BusinessUnit',
    displayName: 'Business Unit',
    typeCode: 10,
    writes: 'none',
    columns: businessUnitColumns,
  }),
  role: table('role', {
    set: 'roles',
    primaryName: 'name',
    schemaName: 'Role',
    displayName: 'Security Role',
    typeCode: 1036,
    writes: 'none',
    columns: roleColumns,
  }),
  privilege: table('privilege', {
    set: 'privileges',
    primaryName: 'name',
    schemaName: 'Privilege',
    displayName: 'Privilege',
    typeCode: 1023,
    writes: 'none',
    columns: privilegeColumns,
  }),
  asyncoperation: table('asyncoperation', {
    set: 'asyncoperations',
    primaryName: 'name',
    schemaName: 'AsyncOperation',
    displayName: 'System Job',
    typeCode: 4700,
    writes: 'none',
    columns: asyncOperationColumns,
  }),
  bulkdeleteoperation: table('bulkdeleteoperation', {
    set: 'bulkdeleteoperations',
    primaryName: 'name',
    schemaName: 'BulkDeleteOperation',
    displayName: 'Bulk Delete Operation',
    typeCode: 4424,
    writes: 'none',
    columns: bulkDeleteColumns,
  }),
  tracelog: table('tracelog', {
    set: 'tracelogs',
    primaryName: 'text',
    schemaName: 'TraceLog',
    displayName: 'Trace',
    typeCode: 8050,
    writes: 'none',
    columns: traceLogColumns,
  }),
}

export const allTables: readonly Table[] = Object.values(tables)

export const tableOfSet = (set: string): Table | undefined => allTables.find((each) => each.set === set)

export const tableNamed = (name: string): Table | undefined => allTables.find((each) => each.name === name)

export const isLookup = (column: Column): boolean => column.kind === 'lookup' || column.kind === 'owner'

/** A single-valued navigation property: a lookup, to one of its targets. */
export interface Navigation {
  readonly name: string
  readonly column: Column
  /** Logical names of the tables it can lead to; some are not kept here. */
  readonly targets: readonly string[]
}

/** A lookup with several targets has one navigation property for each, except for owners. */
export const navigationsOf = (of: Table): readonly Navigation[] =>
  [...of.columns.values()]
    .filter(isLookup)
    .flatMap((column) =>
      column.kind === 'lookup' && column.targets.length > 1
        ? column.targets.map((target) => ({ name: `${column.name}_${target}`, column, targets: [target] }))
        : [{ name: column.name, column, targets: column.targets }],
    )

export const navigation = (of: Table, name: string): Navigation | undefined =>
  navigationsOf(of).find((each) => each.name === name)

/** Name under which a column appears in rows: lookups appear as `_name_value`. */
export const propertyName = (column: Column): string => (isLookup(column) ? `_${column.name}_value` : column.name)

/** The readable column behind a property of a row. */
export function readable(of: Table, property: string): Column | undefined {
  const lookup = /^_(.+)_value$/.exec(property)?.[1]
  const column = of.columns.get(lookup ?? property)
  if (column === undefined || !column.read || column.kind === 'virtual') return undefined
  return isLookup(column) === (lookup !== undefined) ? column : undefined
}
