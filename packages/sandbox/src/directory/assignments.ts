import { answer, bodyOf, queryOf, type RequestContext } from './gate.ts'
import { isGuid } from './json.ts'
import { keyOf, required } from './objects/find.ts'
import { newAssignment } from './objects/make.ts'
import { findObject } from './objects/objects.ts'
import { requireOperation } from './permissions.ts'
import { list } from './query.ts'
import { bad, notFound } from './refusal.ts'
import { erase, put } from './replicas.ts'
import { assignmentBody, type Body } from './represent.ts'
import type { AppRoleAssignment, ServicePrincipal, Tenant } from './state.ts'

/** The two sides from which a grant is seen: who got the role, and whose role it is. */
export type Side = 'appRoleAssignments' | 'appRoleAssignedTo'

const isOn = (side: Side, { principalId, resourceId }: AppRoleAssignment, id: string): boolean =>
  (side === 'appRoleAssignments' ? principalId : resourceId) === id

export const assignmentsTo = (tenant: Tenant, principalId: string): readonly AppRoleAssignment[] =>
  Object.values(tenant.appRoleAssignments).filter((each) => each.principalId === principalId)

const properties: ReadonlySet<string> = new Set([
  'id',
  'deletedDateTime',
  'appRoleId',
  'createdDateTime',
  'principalDisplayName',
  'principalId',
  'principalType',
  'resourceDisplayName',
  'resourceId',
])

function bodies(asked: RequestContext, side: Side, id: string): readonly Body[] {
  const { replica, tenant } = asked.var
  const found = replica.all('appRoleAssignments').filter((each) => isOn(side, each, id))
  return found.map((each) => assignmentBody(tenant, each))
}

/** What `$expand` adds to a service principal. */
export function expandedAssignments(asked: RequestContext, { id }: ServicePrincipal): Body {
  const expand =
    queryOf(asked)
      .get('$expand')
      ?.split(',')
      .map((each) => each.trim()) ?? []
  const sides: readonly Side[] = ['appRoleAssignments', 'appRoleAssignedTo']
  return Object.fromEntries(sides.filter((side) => expand.includes(side)).map((side) => [side, bodies(asked, side, id)]))
}

/** The object whose assignments the path names: a service principal, or a user or group, to which roles can only be assigned. */
function principalAsked(asked: RequestContext): { readonly id: string } {
  const key = asked.req.param('key') ?? ''
  const holder = /^\/v1\.0\/(users|groups)\//.exec(asked.req.path)?.[1]
  if (holder !== undefined) return findObject(asked, holder === 'users' ? 'user' : 'group', key)
  return required(asked, 'servicePrincipals', keyOf(key))
}

/** `GET /servicePrincipals/{key}/appRoleAssignments` and `…/appRoleAssignedTo` */
export function listAssignments(asked: RequestContext, side: Side): Response {
  requireOperation(asked, 'read')
  return list(asked, { context: 'appRoleAssignments', properties, items: bodies(asked, side, principalAsked(asked).id) })
}

/** `GET …/{assignment}` */
export function getAssignment(asked: RequestContext, side: Side): Response {
  requireOperation(asked, 'read')
  const { tenant, replica, root } = asked.var
  const principal = principalAsked(asked)
  const id = assignmentAsked(asked)
  const found = replica.get('appRoleAssignments', id)
  if (found === undefined || !isOn(side, found, principal.id)) throw notFound(id)
  return answer(asked, { '@odata.context': `${root}/$metadata#appRoleAssignments/$entity`, ...assignmentBody(tenant, found) })
}

/** `POST` on either side: consent to an application permission. */
export async function grant(asked: RequestContext, side: Side): Promise<Response> {
  requireOperation(asked, 'grant')
  requireOperation(asked, 'readGranted')
  const { azure, tenant, root } = asked.var
  const { principalId, resourceId, appRoleId } = await bodyOf(asked)
  const one = principalAsked(asked)
  if (!isGuid(principalId) || !isGuid(resourceId) || !isGuid(appRoleId))
    throw bad('One or more properties contains invalid values.')
  const wanted = {
    principalId: principalId.toLowerCase(),
    resourceId: resourceId.toLowerCase(),
    appRoleId: appRoleId.toLowerCase(),
  }
  const assignment = newAssignment(wanted, azure.now())
  if (!isOn(side, assignment, one.id)) throw bad('Not a valid reference update.')
  checkGrant(asked, assignment)
  put(azure, tenant, 'appRoleAssignments', assignment)
  const createdDateTime = assignment.createdDateTime.replace('Z', '0000Z')
  const context = `${root}/$metadata#${asked.req.path.split('/')[2]}('${one.id}')/${side}/$entity`
  return answer(asked, { '@odata.context': context, ...assignmentBody(tenant, assignment), createdDateTime }, 201)
}

/** https://learn.microsoft.com/graph/api/resources/approleassignment#properties */
const defaultRole = '00000000-0000-0000-0000-000000000000'

/** The answering replica has to know both sides, and the role has to be one that the API offers to applications. */
function checkGrant(
  { var: { tenant, replica } }: RequestContext,
  { principalId, resourceId, appRoleId }: AppRoleAssignment,
): void {
  const person = tenant.objects?.[principalId]
  const principal = person ?? replica.get('servicePrincipals', principalId)
  const resource = replica.get('servicePrincipals', resourceId)
  if (principal?.deletedDateTime !== null || resource?.deletedDateTime !== null) throw bad('Not a valid reference update.')
  const role = resource.appRoles.find(({ id }) => id === appRoleId)
  const fits = role?.isEnabled === true && role.allowedMemberTypes.includes(person ? 'User' : 'Application')
  // An application without roles of its own has the default access role, for users.
  if (!fits && !(person && appRoleId === defaultRole)) throw bad('Permission being assigned was not found on application.')
  const same = assignmentsTo(tenant, principalId).some((each) => each.resourceId === resourceId && each.appRoleId === appRoleId)
  if (same) throw bad('Permission being assigned already exists on the object')
}

/** `DELETE …/{assignment}` */
export function revoke(asked: RequestContext, side: Side): Response {
  requireOperation(asked, 'grant')
  const { azure, tenant } = asked.var
  const principal = principalAsked(asked)
  const id = assignmentAsked(asked)
  const found = tenant.appRoleAssignments[id]
  if (found === undefined || !isOn(side, found, principal.id)) throw notFound(id)
  erase(azure, tenant, 'appRoleAssignments', id)
  return asked.body(null, 204)
}

function assignmentAsked(asked: RequestContext): string {
  const id = asked.req.param('assignment') ?? ''
  if (/^[\w-]{43}$/.test(id)) return id
  throw bad('Invalid resource identifier for EntitlementGrant.')
}
