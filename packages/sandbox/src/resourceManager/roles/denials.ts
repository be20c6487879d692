import type { World } from '../../azure.ts'
import { booleanAt, isGuid, isObject, type JsonObject, listAt, objectAt, same, textAt, textsAt } from '../json.ts'
import { missing, refuse } from '../refusal.ts'
import { bodyOf, queryOf, type RequestContext, requireAction } from '../requestContext.ts'
import type { DeniedPrincipal, DenyAssignment, RoleActions } from '../state.ts'
import { reaches } from './permissions.ts'

/**
 * Deny assignments, most of which Azure services create for what they manage. Since 2024-07-01-preview, any caller with the right can
 * create one: https://github.com/Azure/azure-cli/pull/33109
 */
const writable = '2024-07-01-preview'

const all = ({ resources: { denyAssignments = [] } }: World): readonly DenyAssignment[] => denyAssignments

const idOf = ({ scope, name }: DenyAssignment): string => `${scope}/providers/Microsoft.Authorization/denyAssignments/${name}`

const view = (one: DenyAssignment) => {
  const { name, createdAt, createdBy, updatedAt, updatedBy, ...properties } = one
  const times = { createdOn: createdAt, updatedOn: updatedAt, createdBy, updatedBy }
  return { properties: { ...properties, ...times }, id: idOf(one), type: 'Microsoft.Authorization/denyAssignments', name }
}

const found = (asked: RequestContext, scope: string, name: string): DenyAssignment | undefined =>
  all(asked.var.azure.world).find((one) => same(one.scope, scope) && same(one.name, name))

/** Those at, above and below the scope; `atScope()` leaves out those below. */
export function listDenials(asked: RequestContext, scope: string): Response {
  requireAction(asked, 'Microsoft.Authorization/denyAssignments/read', scope)
  const { world } = asked.var.azure
  const test = filterIn(world, queryOf(asked).get('$filter') ?? '', scope)
  return asked.json({ value: all(world).filter(test).map(view) })
}

function filterIn(world: World, text: string, scope: string): (one: DenyAssignment) => boolean {
  const near = (one: DenyAssignment) =>
    reaches(world, one.scope, scope) || (text !== 'atScope()' && reaches(world, scope, one.scope))
  const [, name, value = ''] = /^(denyAssignmentName|principalId|gdprExportPrincipalId)\s+eq\s+'([^']*)'$/i.exec(text) ?? []
  if (text !== '' && text !== 'atScope()' && name === undefined)
    throw refuse(400, 'UnsupportedQuery', `The filter '${text}' is not supported.`)
  return (one) => {
    const { denyAssignmentName, principals, excludePrincipals } = one
    const named = [...principals, ...(name?.startsWith('gdpr') ? excludePrincipals : [])].some(({ id }) => same(id, value))
    return near(one) && (name === undefined || (name === 'denyAssignmentName' ? same(denyAssignmentName, value) : named))
  }
}

export function getDenial(asked: RequestContext, scope: string, name: string): Response {
  requireAction(asked, 'Microsoft.Authorization/denyAssignments/read', scope)
  const one = found(asked, scope, name)
  if (one) return asked.json(view(one))
  throw refuse(404, 'DenyAssignmentNotFound', `The deny assignment '${name.replaceAll('-', '')}' is not found.`)
}

const invalid = (message: string) => refuse(400, 'InvalidCreateDenyAssignmentRequest', message)

export async function putDenial(asked: RequestContext, scope: string, name: string): Promise<Response> {
  if (asked.var.version < writable) return missing(asked)
  const properties = objectAt(await bodyOf(asked), 'properties')
  requireAction(asked, 'Microsoft.Authorization/denyAssignments/write', scope)
  if (!isGuid(name)) throw invalid(`The deny assignment name '${name}' is not a GUID.`)
  const { azure, caller } = asked.var
  const [now, by] = [azure.now().toISOString(), caller.objectId]
  const before = found(asked, scope, name)
  const one = {
    ...readDenial(properties),
    ...{ name: name.toLowerCase(), scope, createdAt: before?.createdAt ?? now, createdBy: before?.createdBy ?? by },
    ...{ updatedAt: now, updatedBy: by },
  }
  azure.world.resources.denyAssignments = [...all(azure.world).filter((each) => each !== before), one]
  return asked.json(view(one), before ? 200 : 201)
}

/** Everyone, with at least one exclusion; or users and applications. Groups cannot be denied anything. */
const everyone = '00000000-0000-0000-0000-000000000000'

type Given = Omit<DenyAssignment, 'name' | 'scope' | 'createdAt' | 'createdBy' | 'updatedAt' | 'updatedBy'>

function readDenial(properties: JsonObject): Given {
  const denyAssignmentName = textAt(properties, 'denyAssignmentName')
  const permissions = (listAt(properties, 'permissions') ?? []).filter(isObject).map(readActions)
  const principals = readPrincipals(properties, 'principals')
  const excludePrincipals = readPrincipals(properties, 'excludePrincipals')
  if (!denyAssignmentName || principals.length === 0) throw invalid('denyAssignmentName and principals are required.')
  if (permissions.every(({ actions, dataActions }) => actions.length + dataActions.length === 0))
    throw invalid('At least one action or data action is required.')
  if (principals.some(({ type }) => type === 'Group')) throw invalid('Principals of type Group are not supported.')
  if (principals.some(({ id }) => id === everyone) && excludePrincipals.length === 0)
    throw invalid('At least one principal has to be excluded where everyone is denied.')
  if (booleanAt(properties, 'isSystemProtected') === true) throw invalid('Only services of Azure protect a deny assignment.')
  return {
    ...{ denyAssignmentName, description: textAt(properties, 'description') ?? '', permissions, principals, excludePrincipals },
    doNotApplyToChildScopes: booleanAt(properties, 'doNotApplyToChildScopes') ?? false,
    isSystemProtected: false,
  }
}

const readActions = (permission: JsonObject): RoleActions => ({
  actions: textsAt(permission, 'actions') ?? [],
  notActions: textsAt(permission, 'notActions') ?? [],
  dataActions: textsAt(permission, 'dataActions') ?? [],
  notDataActions: textsAt(permission, 'notDataActions') ?? [],
})

const readPrincipals = (properties: JsonObject, name: string): DeniedPrincipal[] =>
  (listAt(properties, name) ?? []).filter(isObject).map((principal) => {
    const [id, type] = [textAt(principal, 'id') ?? '', textAt(principal, 'type') ?? 'User']
    if (!isGuid(id)) throw invalid(`The principal '${id}' is not a GUID.`)
    return { id: id.toLowerCase(), type }
  })

export function deleteDenial(asked: RequestContext, scope: string, name: string): Response {
  if (asked.var.version < writable) return missing(asked)
  requireAction(asked, 'Microsoft.Authorization/denyAssignments/delete', scope)
  const one = found(asked, scope, name)
  if (!one) return asked.body(null, 204)
  if (one.isSystemProtected)
    throw refuse(403, 'DenyAssignmentIsSystemProtected', `The deny assignment '${one.denyAssignmentName}' is protected by Azure.`)
  const { world } = asked.var.azure
  world.resources.denyAssignments = all(world).filter((each) => each !== one)
  return asked.json(view(one))
}

/** Privileged Identity Management, of which the sandbox has no schedules, no requests and no instances. */
export function listSchedules(asked: RequestContext, scope: string, type: string): Response {
  requireAction(asked, `Microsoft.Authorization/${type}/read`, scope)
  return asked.json({ value: [] })
}
