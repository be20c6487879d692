import { randomUUID } from 'node:crypto'
import { markHonoured } from '../../honoured.ts'
import { type JsonObject, objectAt, same, textAt } from '../json.ts'
import { refuse } from '../refusal.ts'
import { bodyOf, originOf, queryOf, type RequestContext, requireAction } from '../requestContext.ts'
import { dropAccess, grant } from '../roles/permissions.ts'
import { roleIds } from '../roles/role.ts'
import type { ManagementGroup } from '../state.ts'
import {
  childrenOf,
  groupId,
  groupIn,
  groupNamed,
  groupsAbove,
  groupsOf,
  isTaken,
  keep,
  removeGroup,
  subscriptionsIn,
} from './hierarchy.ts'
import { groupReference, groupType, groupView, itemView, madeProperties, type Shown } from './views.ts'

/** As recorded in https://github.com/Azure/azure-cli/tree/dev/src/azure-cli/azure/cli/command_modules/resource/tests/latest/recordings */
const action = (verb: string): string => `Microsoft.Management/managementGroups/${verb}`

const nameOf = (asked: RequestContext): string => asked.req.param('group') ?? ''

/** The code is UNCONFIRMED: a caller without a role at the root gets 403 (https://github.com/Azure/azure-rest-api-specs/issues/9549). */
export const notFound = (name: string) => refuse(404, 'NotFound', `The management group '${name}' cannot be found.`)

export const found = (asked: RequestContext, name: string): ManagementGroup | undefined =>
  groupNamed(asked.var.azure.world, asked.var.caller.tenantId, name)

/** The group of the path, which the caller may read, write or delete. */
export function requireGroup(asked: RequestContext, verb: string, name = nameOf(asked)): ManagementGroup {
  requireAction(asked, action(verb), groupId(name))
  const group = found(asked, name)
  if (group) return group
  throw notFound(name)
}

/** Those that the caller may read. */
export const readableGroups = (asked: RequestContext): readonly ManagementGroup[] => {
  const { azure, caller } = asked.var
  const may = ({ name }: ManagementGroup) => grant(azure.world, caller.objectId, 'actions', action('read'), groupId(name))
  return groupsOf(azure.world, caller.tenantId).filter(may)
}

export const listGroups = (asked: RequestContext): Response =>
  asked.json({ value: readableGroups(asked).map(itemView), '@nextLink': null })

export function getGroup(asked: RequestContext): Response {
  const group = requireGroup(asked, 'read')
  return asked.json(groupView(asked.var.azure.world, group, shownIn(asked)))
}

function shownIn(asked: RequestContext): Shown {
  const query = queryOf(asked)
  const [expand, filter] = [query.get('$expand')?.toLowerCase(), query.get('$filter')]
  if (expand !== undefined && !['children', 'path', 'ancestors'].includes(expand))
    throw refuse(400, 'BadRequest', `The value '${expand}' of $expand is not supported.`)
  const [, operator, kind = ''] = /^children\.childType\s+(eq|ne)\s+'?(\w+)'?$/i.exec(filter ?? '') ?? []
  if (filter !== null && operator === undefined) throw refuse(400, 'BadRequest', `The filter '${filter}' is not supported.`)
  return {
    expand,
    recurse: query.get('$recurse')?.toLowerCase() === 'true',
    wanted: (childType) => operator === undefined || same(kind, childType) === same(operator, 'eq'),
  }
}

/** Anyone makes groups below the root, and becomes their owner; below another it takes the right to write that one. */
export async function putGroup(asked: RequestContext): Promise<Response> {
  const body = await bodyOf(asked)
  const name = nameOf(asked)
  const { azure, caller } = asked.var
  const properties = objectAt(body, 'properties')
  const before = found(asked, name)
  if (isTaken(azure.world, name)) requireAction(asked, action('write'), groupId(name))
  checkName(name, body)
  const parent = parentIn(asked, name, textAt(objectAt(objectAt(properties, 'details'), 'parent'), 'id'), before)
  markHonoured(properties.tenantId)
  const group = {
    ...{ tenantId: caller.tenantId, name: before?.name ?? name, parent },
    displayName: textAt(properties, 'displayName') ?? before?.displayName ?? name,
    ...stamp(asked, before),
  }
  keep(azure.world, group)
  if (!before) own(asked, group)
  return accepted(asked, 'create', group)
}

const stamp = ({ var: { azure, caller } }: RequestContext, before: ManagementGroup | undefined) => ({
  version: (before?.version ?? 0) + 1,
  updatedAt: azure.now().toISOString(),
  updatedBy: caller.objectId,
})

function checkName(name: string, body: JsonObject): void {
  const given = textAt(body, 'name')
  if (given !== undefined && !same(given, name)) throw refuse(400, 'BadRequest', `The name '${given}' is not that of the path.`)
  // https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftmanagement
  if (/^[a-z\d](?:[\w().-]{0,88}[\w()-])?$/i.test(name)) return
  throw refuse(400, 'BadRequest', `The management group name '${name}' is not valid.`)
}

/** The name of the group above: the one given, the present one, or the root. */
function parentIn(
  asked: RequestContext,
  name: string,
  given: string | undefined,
  before: ManagementGroup | undefined,
): string | undefined {
  const { azure, caller } = asked.var
  if (given === undefined) return before ? before.parent : caller.tenantId
  const parent = found(asked, groupIn(given) ?? given)
  if (parent?.parent !== undefined || !parent) requireAction(asked, action('write'), given)
  if (!parent) throw notFound(given)
  if (same(name, caller.tenantId) || groupsAbove(azure.world, groupId(parent.name)).some((above) => same(above, name)))
    throw refuse(400, 'BadRequest', `The management group '${name}' cannot be below '${parent.name}'.`)
  return parent.name
}

/** https://learn.microsoft.com/azure/governance/management-groups/overview#management-group-access */
function own({ var: { azure, caller } }: RequestContext, group: ManagementGroup): void {
  const at = azure.now().toISOString()
  azure.world.resources.roleAssignments.push({
    ...{ name: randomUUID(), scope: groupId(group.name), roleId: roleIds.owner, subscriptionId: '' },
    ...{ principalId: caller.objectId, principalType: 'ServicePrincipal', description: null },
    ...{ createdAt: at, createdBy: caller.objectId, updatedAt: at, updatedBy: caller.objectId },
  })
}

/** `PATCH {displayName, parentGroupId}`: https://learn.microsoft.com/rest/api/managementgroups/management-groups/update */
export async function patchGroup(asked: RequestContext): Promise<Response> {
  const body = await bodyOf(asked)
  const before = requireGroup(asked, 'write')
  const parent = parentIn(asked, before.name, textAt(body, 'parentGroupId'), before)
  const group = { ...before, ...stamp(asked, before), parent, displayName: textAt(body, 'displayName') ?? before.displayName }
  const { world } = asked.var.azure
  keep(world, group)
  return asked.json(groupView(world, group, { expand: undefined, recurse: false, wanted: () => true }))
}

export function deleteGroup(asked: RequestContext): Response {
  const group = requireGroup(asked, 'delete')
  const { world } = asked.var.azure
  if (group.parent === undefined) throw refuse(400, 'BadRequest', 'The root management group cannot be deleted.')
  if (childrenOf(world, group).length + subscriptionsIn(world, group).length > 0)
    throw refuse(400, 'BadRequest', `The management group '${group.name}' has child resources and cannot be deleted.`)
  removeGroup(world, group)
  dropAccess(world, groupId(group.name))
  return accepted(asked, 'delete', group)
}

/** The operation is done at once, but the answer, like the service's, only accepts it. */
function accepted(asked: RequestContext, operation: 'create' | 'delete', group: ManagementGroup): Response {
  const results = `${originOf(asked)}/providers/Microsoft.Management/operationResults/${operation}`
  const rest = `managementGroups/${group.name}?api-version=${asked.var.version}`
  return asked.json({ ...groupReference(group), status: 'NotStarted' }, 202, {
    Location: `${results}/${rest}`,
    'Azure-AsyncOperation': `${results}/asyncOperation/status/${rest}`,
  })
}

const outcome = (asked: RequestContext) => {
  const group = asked.req.param('operation') === 'create' ? found(asked, nameOf(asked)) : undefined
  return { name: nameOf(asked), status: 'Succeeded', ...(group && { properties: madeProperties(group) }) }
}

export const operationStatus = (asked: RequestContext): Response => {
  const id = `/providers/Microsoft.Management/operationResults/${asked.req.param('operation')}/asyncOperation/status/managementGroups/${nameOf(asked)}`
  return asked.json({ id, ...outcome(asked) })
}

export const operationResult = (asked: RequestContext): Response =>
  asked.json({ id: groupId(nameOf(asked)), type: 'Microsoft.Management/managementGroups', ...outcome(asked) })

/** https://learn.microsoft.com/rest/api/managementgroups/management-groups/check-name-availability */
export async function checkNameAvailability(asked: RequestContext): Promise<Response> {
  const body = await bodyOf(asked)
  const [name, type] = [textAt(body, 'name'), textAt(body, 'type')]
  if (name === undefined || !same(type ?? '', groupType))
    throw refuse(400, 'BadRequest', `It takes a name, and the type ${groupType}.`)
  if (!found(asked, name)) return asked.json({ nameAvailable: true })
  const message = `The group with the specified name already exists: '${name}'.`
  return asked.json({ nameAvailable: false, reason: 'AlreadyExists', message })
}
