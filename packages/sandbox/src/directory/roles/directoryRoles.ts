import { createHash } from 'node:crypto'
import { answer, bodyOf, created, type RequestContext } from '../gate.ts'
import { answerReference, objectsOf } from '../objects/directoryObjects.ts'
import { objectKinds } from '../objects/kinds.ts'
import { activeObjects, referredObject, replaceObject, wholeBody } from '../objects/objects.ts'
import { requireOperation } from '../permissions.ts'
import { list, one } from '../query.ts'
import { bad, notFound } from '../refusal.ts'
import { namesOf } from '../shapes.ts'
import type { PlainObject, Tenant } from '../state.ts'
import { globalAdministrator, type RoleTemplate, roleTemplates, templateOf } from './templates.ts'

/** A role of this tenant: its id differs from that of the template, and is always the same. */
function roleFrom(tenant: Tenant, { id, displayName, description }: RoleTemplate): PlainObject {
  const hash = createHash('sha256').update(`${tenant.id} ${id}`).digest('hex')
  const own = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
  const more = { displayName, description, roleTemplateId: id }
  return {
    id: own,
    kind: 'directoryRole',
    createdDateTime: tenant.createdDateTime,
    deletedDateTime: null,
    more,
    members: [],
    owners: [],
  }
}

/** The roles that are activated; that of Global Administrators always is. */
export function activated(tenant: Tenant): readonly PlainObject[] {
  const stored = activeObjects(tenant, 'directoryRole')
  const first = templateOf(globalAdministrator)
  const isThere = stored.some(({ more }) => more.roleTemplateId === globalAdministrator)
  return isThere || first === undefined ? stored : [roleFrom(tenant, first), ...stored]
}

/** The role of a template, activated if it is not yet. */
export function activate(asked: RequestContext, template: RoleTemplate): PlainObject {
  const { tenant } = asked.var
  return activated(tenant).find(({ more }) => more.roleTemplateId === template.id) ?? roleFrom(tenant, template)
}

function roleAt(asked: RequestContext): PlainObject {
  const key = (asked.req.param('key') ?? '').toLowerCase()
  const found = activated(asked.var.tenant).find(({ id, more }) => key === id || key === `roletemplateid=${more.roleTemplateId}`)
  if (found === undefined) throw notFound(key)
  return found
}

/** https://learn.microsoft.com/graph/api/directoryroletemplate-list */
export function listRoleTemplates(asked: RequestContext): Response {
  requireOperation(asked, 'readRoles')
  const items = roleTemplates.map(templateBody)
  return list(asked, { context: 'directoryRoleTemplates', properties: new Set(Object.keys(items[0] ?? {})), items })
}

const templateBody = ({ id, description, displayName }: RoleTemplate) => ({ id, deletedDateTime: null, description, displayName })

export function getRoleTemplate(asked: RequestContext): Response {
  requireOperation(asked, 'readRoles')
  const template = templateOf(asked.req.param('key') ?? '')
  if (template === undefined) throw notFound(asked.req.param('key') ?? '')
  const item = templateBody(template)
  return one(asked, { context: 'directoryRoleTemplates', properties: new Set(Object.keys(item)), item })
}

const { collection, shape } = objectKinds.directoryRole
const properties = namesOf(shape)

/** https://learn.microsoft.com/graph/api/directoryrole-list */
export function listRoles(asked: RequestContext): Response {
  requireOperation(asked, 'readRoles')
  return list(asked, { context: collection, properties, items: activated(asked.var.tenant).map(wholeBody) })
}

export function getRole(asked: RequestContext): Response {
  requireOperation(asked, 'readRoles')
  return one(asked, { context: collection, properties, item: wholeBody(roleAt(asked)) })
}

/** Activates a role: https://learn.microsoft.com/graph/api/directoryrole-post-directoryroles */
export async function postRole(asked: RequestContext): Promise<Response> {
  requireOperation(asked, 'writeRoles')
  const { roleTemplateId } = await bodyOf(asked)
  const template = typeof roleTemplateId === 'string' ? templateOf(roleTemplateId) : undefined
  if (template === undefined) throw bad("Invalid value specified for property 'roleTemplateId' of resource 'DirectoryRole'.")
  const { root, tenant } = asked.var
  if (activated(tenant).some(({ more }) => more.roleTemplateId === template.id)) throw conflict()
  const role = roleFrom(tenant, template)
  replaceObject(asked, role)
  const body = { '@odata.context': `${root}/$metadata#${collection}/$entity`, ...wholeBody(role) }
  return created(asked, body, { id: role.id, type: 'DirectoryRole' })
}

export const conflict = () =>
  bad('A conflicting object with one or more of the specified property values is present in the directory.', {
    ...{ code: 'ConflictingObjects', target: 'id' },
  })

export function listRoleMembers(asked: RequestContext): Response {
  requireOperation(asked, 'readRoles')
  const value = objectsOf(asked, roleAt(asked).members)
  return answer(asked, { '@odata.context': `${asked.var.root}/$metadata#directoryObjects`, value })
}

export function getRoleMember(asked: RequestContext): Response {
  requireOperation(asked, 'readRoles')
  return answerReference(asked, roleAt(asked).members, (asked.req.param('member') ?? '').toLowerCase())
}

export async function addRoleMember(asked: RequestContext): Promise<Response> {
  requireOperation(asked, 'writeRoles')
  const role = roleAt(asked)
  addRoleHolder(asked, role, referredObject(asked, (await bodyOf(asked))['@odata.id']))
  return asked.body(null, 204)
}

/** Adds a holder of a role. */
export function addRoleHolder(asked: RequestContext, role: PlainObject, id: string): void {
  if (role.members.includes(id))
    throw bad("One or more added object references already exist for the following modified properties: 'members'.")
  replaceObject(asked, { ...role, members: [...role.members, id] })
}

export const take = (asked: RequestContext, role: PlainObject, id: string): void =>
  replaceObject(asked, { ...role, members: role.members.filter((one) => one !== id) })

export function removeRoleMember(asked: RequestContext): Response {
  requireOperation(asked, 'writeRoles')
  const [role, id] = [roleAt(asked), (asked.req.param('member') ?? '').toLowerCase()]
  if (!role.members.includes(id)) throw notFound(id)
  take(asked, role, id)
  return asked.body(null, 204)
}
