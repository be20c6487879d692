import type { Azure } from '../azure.ts'
import { jobRows } from './jobRows.ts'
import { derivedRows } from './roles/securityRoles.ts'
import type { OrganizationState, Row, TableName } from './state.ts'
import { type Table, tableNamed } from './tables.ts'
import { instant } from './values.ts'

/** The context of one request. */
export interface Scope {
  readonly azure: Azure
  readonly organization: OrganizationState
  /** The calling application user. */
  readonly user: Row
  /** `https://host/api/data/v9.2`, as the client asked for it. */
  readonly root: string
}

export function rowsOf(organization: OrganizationState, table: TableName): Record<string, Row> {
  if (table === 'role' || table === 'privilege') return derivedRows(organization, table)
  if (table === 'asyncoperation' || table === 'bulkdeleteoperation') return jobRows(organization, table)
  return organization.tables[table]
}

export const rowOf = (organization: OrganizationState, table: Table, id: string): Row | undefined =>
  rowsOf(organization, table.name)[id.toLowerCase()]

export const nextVersion = (organization: OrganizationState): number => {
  organization.nextVersion += 1
  return organization.nextVersion
}

/** A lookup's row, whichever of the tables it may point to holds it. */
export function follow(
  organization: OrganizationState,
  targets: readonly string[],
  id: string,
): { table: Table; row: Row } | undefined {
  for (const target of targets) {
    const table = tableNamed(target)
    const row = table === undefined ? undefined : rowOf(organization, table, id)
    if (table !== undefined && row !== undefined) return { table, row }
  }
  return undefined
}

export const nowIn = (scope: Pick<Scope, 'azure'>): string => instant(scope.azure.now())
