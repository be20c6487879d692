import { queryOf } from '../../honoured.ts'
import { requirePrivilege, requireTableAccess } from '../access.ts'
import { shapeOf } from '../query/query.ts'
import { represent } from '../represent.ts'
import type { Scope } from '../scope.ts'
import { tables } from '../tables.ts'
import { empty, json } from '../wire/answer.ts'
import { readJson } from '../wire/body.ts'
import type { Resource } from '../wire/path.ts'
import { preferences } from '../wire/preferences.ts'
import { badPayload, badQuery, noRow, notSupported } from '../wire/refusal.ts'
import { existing } from '../write.ts'
import { grantsOf, roleWithId } from './securityRoles.ts'

type Associated = Extract<Resource, { readonly kind: 'association' }>

/** The rows that are related to one, and the roles that a user gets and loses. */
export async function serveAssociation(scope: Scope, resource: Associated, request: Request): Promise<Response> {
  if (request.method === 'GET' && !resource.isReference) return related(scope, resource, request)
  const { association, id } = resource
  if (association.from !== 'systemuser' || association.to !== 'role' || !resource.isReference)
    throw notSupported(request.method, tables[association.from].name)
  if (request.method !== 'POST' && request.method !== 'DELETE') throw notSupported(request.method, 'systemuser')
  requirePrivilege(scope, 'prvAssignRole')
  const user = existing(scope, tables.systemuser, id)
  if (request.method === 'DELETE') return take(scope, user.id, resource.other ?? referred(queryOf(request).get('$id')))
  const body = await readJson(tables.systemuser, request)
  return give(scope, user.id, referred(body['@odata.id']))
}

function related(scope: Scope, { association, id }: Associated, request: Request): Response {
  const [from, to] = [tables[association.from], tables[association.to]]
  for (const table of [from, to]) requireTableAccess(scope.organization, scope.user, 'Read', table)
  const search = queryOf(request)
  const other = [...search.keys()].find((name) => name.startsWith('$') && name !== '$select')
  if (other !== undefined) throw badQuery(`The query parameter ${other} is not supported for ${association.name}.`)
  const shape = shapeOf(to, search.get('$select') ?? undefined, undefined)
  const rows = association.related(scope.organization, existing(scope, from, id))
  const value = rows.map((row) => represent(scope.organization, to, row, shape, preferences(request)))
  return json(200, { '@odata.context': `${scope.root}/$metadata#${to.set}`, value })
}

function referred(text: unknown): string {
  const id = /(?:^|\/)roles\(([0-9a-f-]{36})\)$/i.exec(typeof text === 'string' ? text : '')?.[1]
  if (id === undefined) throw badPayload('roles', 'Microsoft.OData.ODataException: An entity reference link needs @odata.id.')
  return id.toLowerCase()
}

function give({ organization }: Scope, userId: string, roleId: string): Response {
  const role = roleWithId(organization, roleId)
  if (role === undefined) throw noRow('role', roleId)
  // Roles of single users go with them.
  if (role.grant !== 'administrator' && role.grant !== 'reader') throw badQuery(`The role '${role.name}' is that of one user.`)
  const { moreRoles = {} } = organization
  const has = grantsOf(organization, userId).includes(role.grant)
  if (!has) organization.moreRoles = { ...moreRoles, [userId]: [...(moreRoles[userId] ?? []), role.grant] }
  return empty(204)
}

function take({ organization }: Scope, userId: string, roleId: string): Response {
  const role = roleWithId(organization, roleId)
  if (role === undefined || !grantsOf(organization, userId).includes(role.grant)) throw noRow('role', roleId)
  const { moreRoles = {}, roles } = organization
  if (roles[userId] === role.grant) delete roles[userId]
  const rest = (moreRoles[userId] ?? []).filter((grant) => grant !== role.grant)
  organization.moreRoles = { ...moreRoles, [userId]: rest }
  return empty(204)
}
