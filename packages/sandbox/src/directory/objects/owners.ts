import { answer, bodyOf, queryOf, type RequestContext } from '../gate.ts'
import { isTexts, type JsonObject } from '../json.ts'
import { requireOperation, requireOwnerWrite, requireWrite } from '../permissions.ts'
import { bad, notFound, Refusal } from '../refusal.ts'
import { put } from '../replicas.ts'
import type { Body } from '../represent.ts'
import type { Application, DirectoryObject, ServicePrincipal } from '../state.ts'
import { invalidValue } from '../values.ts'
import { answerReference, objectsOf } from './directoryObjects.ts'
import { forWrite, isApplication, keyOf, type Registered, required } from './find.ts'
import { referredObject } from './objects.ts'

const most = 100

const ownerBodies = (asked: RequestContext, { owners }: DirectoryObject): readonly Body[] => objectsOf(asked, owners)

/** The body with its owners where `$expand` asks for them. */
export function withOwners(asked: RequestContext, object: DirectoryObject, body: Body): Body {
  const expand = queryOf(asked).get('$expand')?.split(',') ?? []
  return expand.some((each) => each.trim() === 'owners') ? { ...body, owners: ownerBodies(asked, object) } : body
}

/** `GET …/{key}/owners` */
export function listOwners(asked: RequestContext, name: Registered): Response {
  requireOperation(asked, 'read')
  const object = required(asked, name, keyOf(asked.req.param('key') ?? ''))
  return answer(asked, { '@odata.context': `${asked.var.root}/$metadata#directoryObjects`, value: ownerBodies(asked, object) })
}

/** `POST …/{key}/owners/$ref` */
export async function addOwner(asked: RequestContext, name: Registered): Promise<Response> {
  requireOwnerWrite(asked)
  const object = forWrite(asked, name, keyOf(asked.req.param('key') ?? ''))
  const id = referredObject(asked, (await bodyOf(asked))['@odata.id'])
  if (object.owners.includes(id))
    throw bad("One or more added object references already exist for the following modified properties: 'owners'.")
  if (object.owners.length >= most) throw new Refusal(400, 'Directory_QuotaExceeded', `An object has ${most} owners at the most.`)
  replace(asked, object, [...object.owners, id])
  return asked.body(null, 204)
}

/** `GET …/{key}/owners/{id}/$ref` */
export function getOwner(asked: RequestContext, name: Registered): Response {
  requireOperation(asked, 'read')
  const { owners } = required(asked, name, keyOf(asked.req.param('key') ?? ''))
  return answerReference(asked, owners, (asked.req.param('owner') ?? '').toLowerCase())
}

/** `DELETE …/{key}/owners/{id}/$ref` */
export function removeOwner(asked: RequestContext, name: Registered): Response {
  requireOperation(asked, 'create')
  const object = forWrite(asked, name, keyOf(asked.req.param('key') ?? ''))
  requireWrite(asked, object)
  const id = (asked.req.param('owner') ?? '').toLowerCase()
  if (!object.owners.includes(id)) throw notFound(id)
  replace(
    asked,
    object,
    object.owners.filter((each) => each !== id),
  )
  return asked.body(null, 204)
}

function replace(asked: RequestContext, object: Application | ServicePrincipal, owners: string[]): void {
  const { azure, tenant } = asked.var
  if (isApplication(object)) put(azure, tenant, 'applications', { ...object, owners })
  else put(azure, tenant, 'servicePrincipals', { ...object, owners })
}

/** Owners that a creation binds; 20 at the most. */
export function ownersIn(asked: RequestContext, body: JsonObject): readonly string[] {
  const links = body['owners@odata.bind']
  if (links === undefined) return []
  if (!isTexts(links) || links.length > 20) throw invalidValue('owners', 'Application')
  return links.map((link) => referredObject(asked, link))
}
