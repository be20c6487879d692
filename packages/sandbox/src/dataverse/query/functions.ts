import { holds } from '../access.ts'
import { privileges } from '../roles/privileges.ts'
import { privilegeId } from '../roles/securityRoles.ts'
import { rowOf, type Scope } from '../scope.ts'
import { tableOfSet, tables } from '../tables.ts'
import { badQuery, invalidArgument, noRow, noSegment } from '../wire/refusal.ts'
import { existing } from '../write.ts'

const depth = 'Global'

/**
 * Functions bound to a user, with which a client asks what that user may do
 * (https://learn.microsoft.com/power-apps/developer/data-platform/verify-access-code).
 */
export function userFunction(scope: Scope, userId: string, call: string, search: URLSearchParams): object {
  const [, name = '', given = ''] = /^Microsoft\.Dynamics\.CRM\.(\w+)\((.*)\)$/.exec(call) ?? []
  const user = existing(scope, tables.systemuser, userId)
  const context = `${scope.root}/$metadata#Microsoft.Dynamics.CRM.${name}Response`
  if (name === 'RetrieveUserPrivilegeByPrivilegeName') {
    const privilege = /^PrivilegeName='(\w+)'$/.exec(given)?.[1] ?? ''
    if (!privileges.has(privilege)) throw invalidArgument(`The privilege ${privilege} does not exist.`)
    const held = { Depth: depth, PrivilegeName: privilege, BusinessUnitId: scope.organization.businessUnitId }
    return { '@odata.context': context, RolePrivileges: holds(scope.organization, user, privilege) ? [held] : [] }
  }
  if (name === 'RetrieveUserPrivileges') {
    const held = [...privileges].filter((privilege) => holds(scope.organization, user, privilege))
    const shown = held.map((PrivilegeName) => ({
      ...{ Depth: depth, PrivilegeId: privilegeId(PrivilegeName), PrivilegeName },
      BusinessUnitId: scope.organization.businessUnitId,
    }))
    return { '@odata.context': context, RolePrivileges: shown }
  }
  if (name !== 'RetrievePrincipalAccess') throw noSegment(call)
  const table = targetOf(scope, /^Target=@(\w+)$/.exec(given)?.[1] ?? '', search)
  const rights = ['Read', 'Write', 'Append', 'AppendTo', 'Create', 'Delete'].filter((action) =>
    holds(scope.organization, user, `prv${action}${table.privilege}`),
  )
  return { '@odata.context': context, AccessRights: rights.map((each) => `${each}Access`).join(', ') || 'None' }
}

/** The table of the row that a parameter refers to: `@row={'@odata.id':'mailboxes(…)'}`. */
function targetOf(scope: Scope, alias: string, search: URLSearchParams) {
  const [, set = '', id = ''] =
    /^\{["']@odata\.id["']:["'](\w+)\(([0-9a-f-]{36})\)["']\}$/i.exec(search.get(`@${alias}`) ?? '') ?? []
  const table = tableOfSet(set)
  if (table === undefined) throw badQuery(`The parameter alias '@${alias}' is no reference to a row.`)
  if (rowOf(scope.organization, table, id) === undefined) throw noRow(table.name, id)
  return table
}
