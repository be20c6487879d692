import { answer, bodyOf, directoryPlace, type RequestContext } from '../gate.ts'
import { isGuid, isTexts } from '../json.ts'
import { requireOperation } from '../permissions.ts'
import { bad, notFound } from '../refusal.ts'
import { applicationBody, type Body, servicePrincipalBody } from '../represent.ts'
import { objectKinds } from './kinds.ts'
import { answerObject, wholeBody } from './objects.ts'

/** An object of any kind by its id, with its type, as the answering replica sees it; not deleted ones. */
export function anyObject({ var: { tenant, replica, version } }: RequestContext, id: string): Body | undefined {
  const showing = { keys: false, version }
  const application = replica.get('applications', id)
  if (application?.deletedDateTime === null) return typed('application', applicationBody(tenant, application, showing))
  const principal = replica.get('servicePrincipals', id)
  if (principal?.deletedDateTime === null) return typed('servicePrincipal', servicePrincipalBody(principal, showing))
  const object = tenant.objects?.[id]
  return object?.deletedDateTime === null ? typed(objectKinds[object.kind].type, wholeBody(object)) : undefined
}

const presentOf = (asked: RequestContext, ids: readonly string[]): readonly Body[] =>
  ids.map((id) => anyObject(asked, id.toLowerCase())).filter((body) => body !== undefined)

const typed = (type: string, body: Body): Body => ({ '@odata.type': `#microsoft.graph.${type}`, ...body })

/** The objects of these ids, those of one type where the path casts them: `…/owners/microsoft.graph.user`. */
export function objectsOf(asked: RequestContext, ids: readonly string[]): readonly Body[] {
  const cast = asked.req.param('cast')?.replace(/^(microsoft\.)?graph\./, '')
  const found = presentOf(asked, ids)
  return cast === undefined ? found : found.filter((body) => body['@odata.type'] === `#microsoft.graph.${cast}`)
}

/** `GET …/owners/{id}/$ref` and `…/members/{id}/$ref`: whether it is one of these; azuread up to 2.x asks so before it removes one. */
export function answerReference(asked: RequestContext, ids: readonly string[], id: string): Response {
  const found = ids.includes(id) ? anyObject(asked, id) : undefined
  if (found === undefined) throw notFound(id)
  const { root, tenant } = asked.var
  return answer(asked, { '@odata.context': `${root}/$metadata#$ref`, '@odata.id': placeOf(root, tenant, found) })
}

function placeOf(root: string, tenant: { readonly id: string }, { id, '@odata.type': type }: Body): string {
  const name = String(type).replace('#microsoft.graph.', '')
  return directoryPlace(root, tenant.id, { id: String(id), type: `${name.charAt(0).toUpperCase()}${name.slice(1)}` })
}

/** `GET /directoryObjects/{id}` */
export function getDirectoryObject(asked: RequestContext): Response {
  requireOperation(asked, 'read')
  const id = asked.req.param('id')?.toLowerCase()
  if (!isGuid(id)) throw bad(`Invalid object identifier '${id ?? ''}'.`)
  const found = anyObject(asked, id)
  if (found === undefined) throw notFound(id)
  return answerObject(asked, found)
}

/** `POST /directoryObjects/getByIds`: ids that are not found are left out. */
export async function getByIds(asked: RequestContext): Promise<Response> {
  requireOperation(asked, 'read')
  const { ids, types = [] } = await bodyOf(asked)
  if (!isTexts(ids) || ids.length > 1000) throw bad("Invalid value specified for property 'ids'.")
  if (!isTexts(types)) throw bad("Invalid value specified for property 'types'.")
  const wanted = types.map((type) => `#microsoft.graph.${type.toLowerCase()}`)
  const fits = (body: Body): boolean =>
    wanted.length === 0 ||
    wanted.includes('#microsoft.graph.directoryobject') ||
    wanted.includes(String(body['@odata.type']).toLowerCase())
  const value = presentOf(asked, ids).filter(fits)
  return answer(asked, { '@odata.context': `${asked.var.root}/$metadata#directoryObjects`, value })
}
