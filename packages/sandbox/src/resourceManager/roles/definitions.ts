import type { World } from '../../azure.ts'
import { markHonoured } from '../../honoured.ts'
import { isGuid, isObject, type JsonObject, listAt, objectAt, same, textAt, textsAt } from '../json.ts'
import type { Scope } from '../path.ts'
import { refuse } from '../refusal.ts'
import { bodyOf, queryOf, type RequestContext, requireAction } from '../requestContext.ts'
import type { CustomRole } from '../state.ts'
import { allRoles, reaches } from './permissions.ts'
import type { Role } from './role.ts'
import { roles } from './roles.ts'

const isCustom = (role: Role): role is CustomRole => 'assignableScopes' in role

const custom = ({ resources }: World): readonly CustomRole[] => resources.customRoles ?? []

/** A custom role may have no permissions at all: azurerm_role_definition, test "emptyPermissions". */
function permissionsOf(role: Role) {
  const { actions, notActions, dataActions, notDataActions = [] } = role
  if ([actions, notActions, dataActions, notDataActions].every(({ length }) => length === 0)) return []
  const condition = role.assignable && { conditionVersion: '2.0', condition: conditionOf(role.assignable) }
  return [{ actions, notActions, dataActions, notDataActions, ...condition }]
}

const view = (role: Role) => ({
  properties: {
    roleName: role.name,
    type: isCustom(role) ? 'CustomRole' : 'BuiltInRole',
    description: role.description,
    assignableScopes: isCustom(role) ? role.assignableScopes : ['/'],
    permissions: permissionsOf(role),
    createdOn: isCustom(role) ? role.createdAt : '2015-01-01T00:00:00.0000000Z',
    updatedOn: isCustom(role) ? role.updatedAt : '2021-11-11T20:13:00.0000000Z',
    createdBy: isCustom(role) ? role.createdBy : null,
    updatedBy: isCustom(role) ? role.updatedBy : null,
  },
  id: `/providers/Microsoft.Authorization/roleDefinitions/${role.id}`,
  type: 'Microsoft.Authorization/roleDefinitions',
  name: role.id,
})

/** The condition of a role whose holders may assign and remove certain roles only: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security#key-vault-data-access-administrator */
function conditionOf(ids: readonly string[]): string {
  const part = (verb: string, from: string): string =>
    `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${verb}'})) OR (@${from}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals{${ids.join(', ')}}))`
  return `${part('write', 'Request')} AND ${part('delete', 'Resource')}`
}

/** The id under which a subscription knows a role. */
const viewAt = (role: Role, { subscriptionId }: Scope) => {
  const shown = view(role)
  return subscriptionId === undefined ? shown : { ...shown, id: `/subscriptions/${subscriptionId}${shown.id}` }
}

const doesNotExist = (id: string) =>
  refuse(
    404,
    'RoleDefinitionDoesNotExist',
    `The specified role definition with ID '${id.replaceAll('-', '').toLowerCase()}' does not exist.`,
  )

export function getRoleDefinition(asked: RequestContext, scope: Scope, id: string): Response {
  const role = allRoles(asked.var.azure.world).find((one) => same(one.id, id))
  if (role) return asked.json(viewAt(role, scope))
  throw doesNotExist(id)
}

/** At the root any signed-in identity reads the built-in ones, as `azurerm_role_definition` does without a scope. */
export function listRoleDefinitions(asked: RequestContext, scope: Scope): Response {
  if (scope.path !== '') requireAction(asked, 'Microsoft.Authorization/roleDefinitions/read', scope.path)
  const filter = queryOf(asked).get('$filter') ?? ''
  const name = /roleName\s+eq\s+'([^']*)'/i.exec(filter)?.[1]
  const type = /\btype\s+eq\s+'([^']*)'/i.exec(filter)?.[1]
  const own = custom(asked.var.azure.world).filter(({ assignableScopes }) =>
    assignableScopes.some((one) => isRelated(asked.var.azure.world, one, scope)),
  )
  const shown = [...roles, ...own].filter(
    (role) =>
      (name === undefined || same(role.name, name)) &&
      (type === undefined || same(type, isCustom(role) ? 'CustomRole' : 'BuiltInRole')),
  )
  return asked.json({ value: shown.map((role) => viewAt(role, scope)) })
}

const isRelated = (world: World, assignable: string, { path }: Scope): boolean =>
  reaches(world, assignable, path) || reaches(world, path, assignable)

/** Custom roles: https://learn.microsoft.com/azure/role-based-access-control/custom-roles-rest */
export async function putRoleDefinition(asked: RequestContext, scope: Scope, id: string): Promise<Response> {
  const { azure, caller } = asked.var
  const body = objectAt(await bodyOf(asked), 'properties')
  if (!isGuid(id)) throw refuse(400, 'InvalidRoleDefinitionId', `The role definition ID '${id}' is not valid.`)
  const given = readRole(body)
  for (const one of [scope.path, ...given.assignableScopes])
    requireAction(asked, 'Microsoft.Authorization/roleDefinitions/write', one)
  if (roles.some((role) => same(role.id, id)))
    throw refuse(400, 'RoleDefinitionUpdateNotPermitted', 'A built-in role definition cannot be changed.')
  const before = custom(azure.world).find((role) => same(role.id, id))
  checkName(azure.world, given.name, id)
  const at = azure.now().toISOString()
  const made = {
    createdAt: at,
    createdBy: caller.objectId,
    ...before,
    updatedAt: at,
    updatedBy: caller.objectId,
    ...given,
    id: id.toLowerCase(),
  }
  azure.world.resources.customRoles = [...custom(azure.world).filter((role) => role !== before), made]
  return asked.json(viewAt(made, scope), 201)
}

function checkName(world: World, name: string, id: string): void {
  if (!allRoles(world).some((role) => same(role.name, name) && !same(role.id, id))) return
  throw refuse(409, 'RoleDefinitionWithSameNameExists', `A custom role definition with the name '${name}' already exists.`)
}

function readRole(body: JsonObject) {
  const permissions = listAt(body, 'permissions')?.filter(isObject) ?? []
  const all = (name: string): string[] => permissions.flatMap((one) => textsAt(one, name) ?? [])
  // The type is always CustomRole; the service ignores this field.
  markHonoured(body.type)
  const [name, assignableScopes] = [textAt(body, 'roleName'), textsAt(body, 'assignableScopes') ?? []]
  if (!name) throw refuse(400, 'RoleDefinitionNameNullOrEmpty', 'The role definition name is required.')
  if (assignableScopes.length === 0)
    throw refuse(400, 'MissingAssignableScopes', 'A custom role definition needs at least one assignable scope.')
  return {
    name,
    description: textAt(body, 'description') ?? '',
    actions: all('actions'),
    notActions: all('notActions'),
    dataActions: all('dataActions'),
    notDataActions: all('notDataActions'),
    assignableScopes,
  }
}

export function deleteRoleDefinition(asked: RequestContext, scope: Scope, id: string): Response {
  const { world } = asked.var.azure
  requireAction(asked, 'Microsoft.Authorization/roleDefinitions/delete', scope.path)
  const role = custom(world).find((one) => same(one.id, id))
  if (!role) return asked.body(null, 204)
  if (world.resources.roleAssignments.some(({ roleId }) => roleId === role.id))
    throw refuse(
      400,
      'RoleDefinitionHasAssignments',
      'There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).',
    )
  world.resources.customRoles = custom(world).filter((one) => one !== role)
  return asked.json(viewAt(role, scope))
}
