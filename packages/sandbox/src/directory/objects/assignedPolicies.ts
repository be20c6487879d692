import { answer, bodyOf, type RequestContext } from '../gate.ts'
import { requireOperation } from '../permissions.ts'
import { ownPolicies } from '../policy.ts'
import { bad, notFound } from '../refusal.ts'
import type { Body } from '../represent.ts'
import type { DirectoryObject, ObjectKindName, PlainObject } from '../state.ts'
import { objectsOf } from './directoryObjects.ts'
import { keyOf, type Registered, required } from './find.ts'
import { objectKinds } from './kinds.ts'
import { activeObjects, findObject, referredObject, replaceObject, wholeBody } from './objects.ts'

/** A kind of policy that applies to single objects, and the objects to which it can. */
export interface Assignable {
  readonly kind: Extract<ObjectKindName, 'claimsMappingPolicy' | 'appManagementPolicy'>
  readonly holders: Registered
}

const holderAsked = (asked: RequestContext, { holders }: Assignable): DirectoryObject =>
  required(asked, holders, keyOf(asked.req.param('key') ?? ''))

/** The policies that apply to an object; each policy stores whom it applies to. */
const assigned = (asked: RequestContext, { kind }: Assignable, { id }: DirectoryObject): readonly PlainObject[] =>
  activeObjects(asked.var.tenant, kind).filter(({ members }) => members.includes(id))

/** `GET /servicePrincipals/{key}/claimsMappingPolicies`, `GET /applications/{key}/appManagementPolicies` */
export function listAssigned(asked: RequestContext, of: Assignable): Response {
  const { collection, type, read } = objectKinds[of.kind]
  requireOperation(asked, read)
  const holder = holderAsked(asked, of)
  const bodies = assigned(asked, of, holder).map(
    (policy): Body => ({ '@odata.type': `#microsoft.graph.${type}`, ...wholeBody(policy) }),
  )
  const value = [...bodies, ...(of.kind === 'appManagementPolicy' ? ownPolicies(asked.var.tenant, holder.id) : [])]
  return answer(asked, { '@odata.context': `${asked.var.root}/$metadata#${collection}`, value })
}

/** `GET /policies/appManagementPolicies/{key}/appliesTo` */
export function listHolders(asked: RequestContext): Response {
  requireOperation(asked, 'policy')
  const { members } = findObject(asked, 'appManagementPolicy', asked.req.param('key') ?? '')
  return answer(asked, { '@odata.context': `${asked.var.root}/$metadata#directoryObjects`, value: objectsOf(asked, members) })
}

/** `POST …/$ref`: one policy for an object. https://learn.microsoft.com/graph/api/serviceprincipal-post-claimsmappingpolicies, appmanagementpolicy-post-appliesto */
export async function assign(asked: RequestContext, of: Assignable): Promise<Response> {
  requireOperation(asked, objectKinds[of.kind].write)
  const holder = holderAsked(asked, of)
  const policy = findObject(asked, of.kind, referredObject(asked, (await bodyOf(asked))['@odata.id']))
  if (assigned(asked, of, holder).length > 0)
    throw bad("One or more added object references already exist for the following modified properties: 'policies'.")
  replaceObject(asked, { ...policy, members: [...policy.members, holder.id] })
  return asked.body(null, 204)
}

/** `DELETE …/{policy}/$ref` */
export function unassign(asked: RequestContext, of: Assignable): Response {
  requireOperation(asked, objectKinds[of.kind].write)
  const { id } = holderAsked(asked, of)
  const policy = findObject(asked, of.kind, asked.req.param('policy') ?? '')
  if (!policy.members.includes(id)) throw notFound(policy.id)
  replaceObject(asked, { ...policy, members: policy.members.filter((one) => one !== id) })
  return asked.body(null, 204)
}
