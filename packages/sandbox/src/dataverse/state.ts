import type { Element } from '../exchange/xml.ts'

/** The tables of an organisation that the sandbox keeps, by logical name. */
export type KeptTable =
  | 'emailserverprofile'
  | 'keyvaultreference'
  | 'managedidentity'
  | 'mailbox'
  | 'systemuser'
  | 'organization'
  | 'businessunit'
  | 'tracelog'

/** Those, and the tables derived from the users' privileges and from bulk deletions. */
export type TableName = KeptTable | 'role' | 'privilege' | 'asyncoperation' | 'bulkdeleteoperation'

/** What a security role allows: everything, to read everything, or privileges such as `prvReadMailbox`. */
export type Grant = 'administrator' | 'reader' | readonly string[]

export type Cell = string | number | boolean | null

/** One row. A lookup is kept under its column's own name, as the GUID of the row that it points to. */
export interface Row {
  id: string
  version: number
  cells: Record<string, Cell>
  /** Columns that can be written and never read: what is needed to check them later, SHA-256 in hexadecimal. */
  sealed: Record<string, string>
}

/** A Dataverse environment. */
export interface OrganizationState {
  id: string
  tenantId: string
  /** As the configuration names it, without a trailing slash. */
  environmentUrl: string
  /** Where its tokens come from: `https://login.microsoftonline.com`. */
  authorityHost: string
  businessUnitId: string
  /** The next row version; one counter for the organisation, as in a SQL Server database. */
  nextVersion: number
  tables: Record<KeptTable, Record<string, Row>>
  /** What each application user may do, by the id of its row: a named role, or privileges such as `prvReadMailbox`. */
  roles: Record<string, Grant>
  /** Additional roles assigned to users. */
  moreRoles?: Record<string, ('administrator' | 'reader')[]>
  /** ISO instants at which a scheduled Test & Enable is due, by the id of the mailbox. */
  dueTests: Record<string, string>
  bulkDeletions?: BulkJob[]
  /** Ids of the profiles through which sign-in has worked: from then on it must not break. */
  proven: string[]
}

/** A bulk deletion and its result. Times are milliseconds since 1970. */
export interface BulkJob {
  id: string
  name?: string
  createdAt?: number
  /** When it is due. */
  at: number
  finishedAt?: number
  /** How many rows it has deleted. */
  deleted?: number
  queries: BulkQuery[]
}

/** The rows of a table that match a filter. */
export interface BulkQuery {
  table: string
  filter: Element | undefined
}

export interface Dataverse {
  organizations: OrganizationState[]
}

export const empty = (): Dataverse => ({ organizations: [] })

export const noTables = (): OrganizationState['tables'] => ({
  emailserverprofile: {},
  keyvaultreference: {},
  managedidentity: {},
  mailbox: {},
  systemuser: {},
  organization: {},
  businessunit: {},
  tracelog: {},
})
