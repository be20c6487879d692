import type { OrganizationState, Row, TableName } from '../state.ts'
import { privilegesOfRole, rolesOfUser, usersOfRole } from './securityRoles.ts'

/** A collection of rows to which a row is related, many to many. */
export interface Association {
  readonly name: string
  readonly from: TableName
  readonly to: TableName
  related(organization: OrganizationState, row: Row): readonly Row[]
}

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/role */
export const associations: readonly Association[] = [
  {
    ...{ name: 'systemuserroles_association', from: 'systemuser', to: 'role' },
    related: (organization, { id }) => rolesOfUser(organization, id),
  },
  {
    ...{ name: 'systemuserroles_association', from: 'role', to: 'systemuser' },
    related: (organization, { id }) => usersOfRole(organization, id),
  },
  {
    ...{ name: 'roleprivileges_association', from: 'role', to: 'privilege' },
    related: (organization, { id }) => privilegesOfRole(organization, id),
  },
]

export const association = (from: TableName, name: string): Association | undefined =>
  associations.find((each) => each.from === from && each.name === name)
