import type { Fields } from '../http/shape.ts'

/** What a column holds. */
interface Types {
  readonly text: string
  readonly number: number
  readonly flag: boolean
}

interface Column<Type extends keyof Types = keyof Types> {
  readonly column: string
  readonly type: Type
}

const text = (column: string): Column<'text'> => ({ column, type: 'text' })
const number = (column: string): Column<'number'> => ({ column, type: 'number' })
const flag = (column: string): Column<'flag'> => ({ column, type: 'flag' })

/** The columns of one table under hma's names for them. The type of a row, its query and its body are derived from these. */
export type Columns = Readonly<Record<string, Column>>

/** A row with these columns. Any of them may be empty. */
export type RowOf<Of extends Columns> = { readonly [Field in keyof Of]: Types[Of[Field]['type']] | undefined }

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/emailserverprofile */
export const profileColumns = {
  name: text('name'),
  /** 0 active, 1 deactivated: then nothing is synchronized through it. */
  state: number('statecode'),
  description: text('description'),
  serverType: number('servertype'),
  incomingCredentialRetrieval: number('incomingcredentialretrieval'),
  outgoingCredentialRetrieval: number('outgoingcredentialretrieval'),
  incomingLocation: text('incomingserverlocation'),
  outgoingLocation: text('outgoingserverlocation'),
  incomingPort: number('incomingportnumber'),
  outgoingPort: number('outgoingportnumber'),
  useAutodiscover: flag('useautodiscover'),
  resourceId: text('aadresourceid'),
  tenantId: text('exchangeonlinetenantid'),
  useDefaultTenantId: flag('usedefaulttenantid'),
  clientId: text('oauthclientid'),
  serverAuthority: number('serverauthority'),
  incomingUseImpersonation: flag('incominguseimpersonation'),
  outgoingUseImpersonation: flag('outgoinguseimpersonation'),
} satisfies Columns

/** The Power Platform managed identity that a profile refers to; hma reports it and never writes it. */
export const platformIdentityColumn = '_powerplatformmanagedidentityid_value'

/** Columns that older environments lack. */
export const newerColumns: readonly string[] = [profileColumns.serverAuthority.column, platformIdentityColumn]

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/keyvaultreference */
export const referenceColumns = {
  keyVaultUri: text('keyvaulturi'),
  keyName: text('keyname'),
  keyType: number('keytype'),
  preauthorizedApplicationType: number('preauthorizedapplicationtype'),
} satisfies Columns

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/managedidentity */
export const identityColumns = {
  name: text('name'),
  applicationId: text('applicationid'),
  tenantId: text('tenantid'),
  credentialSource: number('credentialsource'),
} satisfies Columns

export const namesOf = (columns: Columns): readonly string[] => Object.values(columns).map(({ column }) => column)

const readers: { readonly [Type in keyof Types]: (from: Fields, column: string) => Types[Type] | undefined } = {
  text: (from, column) => from.optionalString(column),
  number: (from, column) => from.optionalNumber(column),
  flag: (from, column) => from.optionalBoolean(column),
}

/** The row in an answer; an error if a column has another type. */
export function rowIn<Of extends Columns>(from: Fields, columns: Of): RowOf<Of> {
  const cells: unknown[][] = Object.entries(columns).map(([field, { column, type }]) => [field, readers[type](from, column)])
  return Object.fromEntries(cells)
}

/** A column for each given field and no others: Dataverse treats every column it receives as changed. */
export const bodyOf = (row: object, columns: Columns): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(columns).flatMap(([field, { column }]) => {
      const value: unknown = Reflect.get(row, field)
      return value === undefined ? [] : [[column, value]]
    }),
  )
