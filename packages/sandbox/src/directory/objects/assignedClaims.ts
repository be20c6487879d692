import { type Asked, answer, bodyOf } from '../gate.ts'
import { demand } from '../permissions.ts'
import { bad, notFound } from '../refusal.ts'
import type { PlainObject, ServicePrincipal } from '../state.ts'
import { keyOf, required } from './find.ts'
import { findObject, living, referredObject, replaceObject, wholeBody } from './objects.ts'

const kind = 'claimsMappingPolicy'

const principalAsked = (asked: Asked): ServicePrincipal =>
  required(asked, 'servicePrincipals', keyOf(asked.req.param('key') ?? ''))

/** The policies that apply to a service principal, which keep whom they apply to. */
const assigned = (asked: Asked, { id }: ServicePrincipal): readonly PlainObject[] =>
  living(asked.var.tenant, kind).filter(({ members }) => members.includes(id))

/** `GET /servicePrincipals/{key}/claimsMappingPolicies` */
export function listAssignedClaims(asked: Asked): Response {
  demand(asked, 'readApplicationPolicies')
  const value = assigned(asked, principalAsked(asked)).map((policy) => ({
    '@odata.type': '#microsoft.graph.claimsMappingPolicy',
    ...wholeBody(policy),
  }))
  return answer(asked, { '@odata.context': `${asked.var.root}/$metadata#policies/claimsMappingPolicies`, value })
}

/** `POST …/$ref`: one policy for a service principal. https://learn.microsoft.com/graph/api/serviceprincipal-post-claimsmappingpolicies */
export async function assignClaims(asked: Asked): Promise<Response> {
  demand(asked, 'writeApplicationPolicies')
  const principal = principalAsked(asked)
  const policy = findObject(asked, kind, referredObject(asked, (await bodyOf(asked))['@odata.id']))
  if (assigned(asked, principal).length > 0)
    throw bad("One or more added object references already exist for the following modified properties: 'policies'.")
  replaceObject(asked, { ...policy, members: [...policy.members, principal.id] })
  return asked.body(null, 204)
}

/** `DELETE …/{policy}/$ref` */
export function unassignClaims(asked: Asked): Response {
  demand(asked, 'writeApplicationPolicies')
  const { id } = principalAsked(asked)
  const policy = findObject(asked, kind, asked.req.param('policy') ?? '')
  if (!policy.members.includes(id)) throw notFound(policy.id)
  replaceObject(asked, { ...policy, members: policy.members.filter((one) => one !== id) })
  return asked.body(null, 204)
}
