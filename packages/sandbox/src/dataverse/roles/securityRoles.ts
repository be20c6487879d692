import type { Grant, OrganizationState, Row } from '../state.ts'
import { metadataId } from '../values.ts'
import { privileges } from './privileges.ts'

/** What the roles of a user allow: https://learn.microsoft.com/power-platform/admin/security-roles-privileges */
export const grantsOf = ({ roles, moreRoles = {} }: OrganizationState, userId: string): readonly Grant[] =>
  [roles[userId], ...(moreRoles[userId] ?? [])].filter((grant) => grant !== undefined)

export const allows = (grant: Grant, privilege: string): boolean =>
  grant === 'administrator' || (grant === 'reader' ? privilege.startsWith('prvRead') : grant.includes(privilege))

/** A security role: one of the two that every organization has here, or what one user may do and no other. */
interface Role {
  readonly id: string
  readonly name: string
  readonly grant: Grant
  /** Its origin, the same in every organization. */
  readonly template: string | null
}

/** https://learn.microsoft.com/power-apps/developer/data-platform/security-dev/privileged-role names the template of the administrator. */
const administratorTemplate = '627090ff-40a3-4053-8790-584edc5be201'

const names = { administrator: 'System Administrator', reader: 'Sandbox Reader' } as const

export function roleOf({ id }: OrganizationState, grant: Grant, userId: string): Role {
  if (grant === 'administrator' || grant === 'reader') {
    const template = grant === 'administrator' ? administratorTemplate : null
    return { id: metadataId('role', id, grant), name: names[grant], grant, template }
  }
  return { id: metadataId('role', id, userId), name: `Of user ${userId}`, grant, template: null }
}

function rolesIn(organization: OrganizationState): readonly Role[] {
  const own = Object.entries(organization.roles).map(([userId, grant]) => roleOf(organization, grant, userId))
  const always = (['administrator', 'reader'] as const).map((grant) => roleOf(organization, grant, ''))
  return [...new Map([...always, ...own].map((role) => [role.id, role])).values()]
}

export const roleWithId = (organization: OrganizationState, id: string): Role | undefined =>
  rolesIn(organization).find((role) => role.id === id)

const row = (id: string, cells: Row['cells']): Row => ({ id, version: 1_000_000, cells, sealed: {} })

const roleRow = (organization: OrganizationState, { id, name, template }: Role): Row =>
  row(id, {
    ...{ roleid: id, name, roletemplateid: template, businessunitid: organization.businessUnitId },
    ...{ organizationid: organization.id, ismanaged: template !== null, componentstate: 0, parentrootroleid: id },
  })

const privilegeRow = (name: string): Row => {
  const id = metadataId('privilege', name)
  return row(id, { privilegeid: id, name, canbebasic: true, canbelocal: true, canbedeep: true, canbeglobal: true })
}

/** Rows of the read-only tables, which are derived from the users' privileges. */
export const derivedRows = (organization: OrganizationState, table: 'role' | 'privilege'): Record<string, Row> => {
  const rows =
    table === 'role' ? rolesIn(organization).map((role) => roleRow(organization, role)) : [...privileges].map(privilegeRow)
  return Object.fromEntries(rows.map((each) => [each.id, each]))
}

export const rolesOfUser = (organization: OrganizationState, userId: string): readonly Row[] => {
  const roles = grantsOf(organization, userId).map((grant) => roleOf(organization, grant, userId))
  return [...new Map(roles.map((role) => [role.id, role])).values()].map((role) => roleRow(organization, role))
}

export const usersOfRole = (organization: OrganizationState, roleId: string): readonly Row[] =>
  Object.values(organization.tables.systemuser).filter((user) =>
    rolesOfUser(organization, user.id).some(({ id }) => id === roleId),
  )

export const privilegesOfRole = (organization: OrganizationState, roleId: string): readonly Row[] => {
  const role = roleWithId(organization, roleId)
  return [...privileges].filter((name) => role !== undefined && allows(role.grant, name)).map(privilegeRow)
}

export const privilegeId = (name: string): string => metadataId('privilege', name)
