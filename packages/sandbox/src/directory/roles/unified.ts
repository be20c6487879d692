import { bodyOf, created, type RequestContext } from '../gate.ts'
import { isGuid } from '../json.ts'
import { anyObject } from '../objects/directoryObjects.ts'
import { objectKinds } from '../objects/kinds.ts'
import { activeObjects, deleteObject, findObject, wholeBody } from '../objects/objects.ts'
import { requireOperation } from '../permissions.ts'
import { list, one } from '../query.ts'
import { bad, notFound } from '../refusal.ts'
import type { Body } from '../represent.ts'
import { namesOf } from '../shapes.ts'
import type { PlainObject, Tenant } from '../state.ts'
import { activate, activated, addRoleHolder, conflict, take } from './directoryRoles.ts'
import { type RoleTemplate, roleTemplates, templateOf } from './templates.ts'

const { collection, shape } = objectKinds.roleDefinition
const properties = namesOf(shape)

/** A built-in role as a definition. What it permits in detail is left out here. */
const builtIn = ({ id, displayName, description }: RoleTemplate): Body => ({
  ...{ id, description, displayName, isBuiltIn: true, isEnabled: true, resourceScopes: ['/'], templateId: id, version: '1' },
  ...{ rolePermissions: [], inheritsPermissionsFrom: [] },
})

const custom = (role: PlainObject): Body => {
  const body = wholeBody(role)
  return { ...body, templateId: body.templateId ?? role.id }
}

/** https://learn.microsoft.com/graph/api/rbacapplication-list-roledefinitions */
export function listRoleDefinitions(asked: RequestContext): Response {
  requireOperation(asked, 'readRoles')
  const items = [...roleTemplates.map(builtIn), ...activeObjects(asked.var.tenant, 'roleDefinition').map(custom)]
  return list(asked, { context: collection, properties, items })
}

export function getRoleDefinition(asked: RequestContext): Response {
  requireOperation(asked, 'readRoles')
  const key = asked.req.param('key') ?? ''
  const template = templateOf(key)
  const item = template ? builtIn(template) : custom(findObject(asked, 'roleDefinition', key))
  return one(asked, { context: collection, properties, item })
}

/** Only a custom role without assignments can be deleted. */
export function deleteRoleDefinition(asked: RequestContext): Response {
  requireOperation(asked, 'writeRoles')
  const key = asked.req.param('key') ?? ''
  if (templateOf(key)) throw bad('A built-in role cannot be deleted.')
  if (findObject(asked, 'roleDefinition', key).members.length > 0) throw bad('A role that is assigned cannot be deleted.')
  return deleteObject(asked, 'roleDefinition')
}

interface Assignment {
  readonly role: PlainObject
  readonly roleDefinitionId: string
  readonly principalId: string
}

/** A GUID as Windows stores it: the first three groups with their bytes reversed. */
function bytesOf(guid: string): Buffer {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex')
  return Buffer.concat([
    bytes.subarray(0, 4).reverse(),
    bytes.subarray(4, 6).reverse(),
    bytes.subarray(6, 8).reverse(),
    bytes.subarray(8),
  ])
}

/** As in the examples of https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments: both ids, and a scope. */
const idOf = ({ roleDefinitionId, principalId }: Assignment): string =>
  `${Buffer.concat([bytesOf(roleDefinitionId), bytesOf(principalId)]).toString('base64url')}-1`

/** Whoever holds a role in the whole directory. */
const assignments = (tenant: Tenant): readonly Assignment[] =>
  [...activated(tenant), ...activeObjects(tenant, 'roleDefinition')].flatMap((role) =>
    role.members.map((principalId) => ({ role, principalId, roleDefinitionId: definitionOf(role) })),
  )

const definitionOf = ({ id, more }: PlainObject): string => String(more.roleTemplateId ?? id)

const view = (one: Assignment): Body => ({
  ...{ id: idOf(one), principalId: one.principalId, directoryScopeId: '/', roleDefinitionId: one.roleDefinitionId },
})

const context = 'roleManagement/directory/roleAssignments'
const assignmentProperties = new Set(['id', 'principalId', 'directoryScopeId', 'roleDefinitionId'])

export function listRoleAssignments(asked: RequestContext): Response {
  requireOperation(asked, 'readRoles')
  return list(asked, { context, properties: assignmentProperties, items: assignments(asked.var.tenant).map(view) })
}

function assignmentAt(asked: RequestContext): Assignment {
  const id = asked.req.param('assignment') ?? ''
  const found = assignments(asked.var.tenant).find((one) => idOf(one) === id)
  if (found === undefined) throw notFound(id)
  return found
}

export function getRoleAssignment(asked: RequestContext): Response {
  requireOperation(asked, 'readRoles')
  return one(asked, { context, properties: assignmentProperties, item: view(assignmentAt(asked)) })
}

/** https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments; for the whole directory only. */
export async function postRoleAssignment(asked: RequestContext): Promise<Response> {
  requireOperation(asked, 'writeRoles')
  const { principalId, roleDefinitionId, directoryScopeId = '/' } = await bodyOf(asked)
  if (!isGuid(principalId) || !isGuid(roleDefinitionId))
    throw bad('A role assignment needs a principalId and a roleDefinitionId.')
  if (directoryScopeId !== '/')
    throw bad(`The scope '${String(directoryScopeId)}' is not supported: the sandbox assigns roles at '/'.`)
  const template = templateOf(roleDefinitionId)
  const role = template ? activate(asked, template) : findObject(asked, 'roleDefinition', roleDefinitionId)
  const id = principalId.toLowerCase()
  if (anyObject(asked, id) === undefined) throw notFound(id)
  if (role.members.includes(id)) throw conflict()
  addRoleHolder(asked, role, id)
  const made = view({ role, principalId: id, roleDefinitionId: definitionOf(role) })
  const { root } = asked.var
  return created(
    asked,
    { '@odata.context': `${root}/$metadata#${context}/$entity`, ...made },
    { id: String(made.id), type: 'RoleAssignment' },
  )
}

export function deleteRoleAssignment(asked: RequestContext): Response {
  requireOperation(asked, 'writeRoles')
  const { role, principalId } = assignmentAt(asked)
  take(asked, role, principalId)
  return asked.body(null, 204)
}
