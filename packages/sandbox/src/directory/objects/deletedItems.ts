import { noteWrite } from '../delta/writes.ts'
import { answer, type RequestContext } from '../gate.ts'
import { isGuid } from '../json.ts'
import { requireOperation, requireWrite } from '../permissions.ts'
import { list } from '../query.ts'
import { bad, notFound, Refusal } from '../refusal.ts'
import { erase, put } from '../replicas.ts'
import { applicationBody, type Body, servicePrincipalBody } from '../represent.ts'
import { inUse } from '../servicePrincipals.ts'
import * as shapes from '../shapes.ts'
import type { Application, ServicePrincipal, Tenant } from '../state.ts'
import { isApplication } from './find.ts'
import { removeObject } from './objects.ts'

const retention = 30 * 86_400_000

const isDeleted = ({ deletedDateTime }: Application | ServicePrincipal): boolean => deletedDateTime !== null

/** Purges what was deleted 30 days ago. */
export function sweep(tenant: Tenant, now: Date): void {
  const over = ({ deletedDateTime }: { deletedDateTime: string | null }): boolean =>
    deletedDateTime !== null && Date.parse(deletedDateTime) + retention <= now.getTime()
  for (const object of Object.values(tenant.objects ?? {}).filter(over)) removeObject(tenant, object)
  for (const name of ['applications', 'servicePrincipals'] as const) {
    for (const object of Object.values(tenant[name]).filter(over)) {
      noteWrite(tenant, name, object, undefined)
      delete tenant[name][object.id]
    }
  }
}

/** `GET /directory/deletedItems/microsoft.graph.{type}` */
export function listDeleted(asked: RequestContext): Response {
  requireOperation(asked, 'readDeleted')
  const { replica, tenant, version } = asked.var
  const showing = { keys: false, version }
  const type = asked.req.param('item')?.endsWith('servicePrincipal') ? 'servicePrincipal' : 'application'
  const items =
    type === 'application'
      ? replica
          .all('applications')
          .filter(isDeleted)
          .map((each) => applicationBody(tenant, each, showing))
      : replica
          .all('servicePrincipals')
          .filter(isDeleted)
          .map((each) => servicePrincipalBody(each, showing))
  const properties = shapes.namesOf(shapes.shapeOf(type, asked.var.version))
  return list(asked, { context: `${type}s`, properties, items })
}

/** `GET /directory/deletedItems/{id}` */
export function getDeleted(asked: RequestContext): Response {
  requireOperation(asked, 'readDeleted')
  return answer(asked, bodyOf(asked, deletedItem(asked)))
}

function bodyOf(asked: RequestContext, item: Application | ServicePrincipal): Body {
  const { root, tenant, version } = asked.var
  const type = isApplication(item) ? 'application' : 'servicePrincipal'
  const showing = { keys: false, version }
  return {
    '@odata.context': `${root}/$metadata#directoryObjects/$entity`,
    '@odata.type': `#microsoft.graph.${type}`,
    ...(isApplication(item) ? applicationBody(tenant, item, showing) : servicePrincipalBody(item, showing)),
  }
}

/** By object id only; other keys find nothing. */
function deletedItem({ req, var: { replica } }: RequestContext): Application | ServicePrincipal {
  const id = req.param('item')?.toLowerCase()
  if (!isGuid(id)) throw new Refusal(400, 'Request_BadRequest', `Invalid object identifier '${id ?? ''}'.`)
  const found = replica.get('applications', id) ?? replica.get('servicePrincipals', id)
  if (found === undefined || !isDeleted(found)) throw notFound(id)
  return found
}

/** The item in its newest state, where writes go. */
function forWrite(asked: RequestContext): Application | ServicePrincipal {
  const { id } = deletedItem(asked)
  const { applications, servicePrincipals } = asked.var.tenant
  const newest = applications[id] ?? servicePrincipals[id]
  if (newest === undefined || !isDeleted(newest)) throw notFound(id)
  return newest
}

/** `POST …/{id}/restore`: an application comes back without its service principal, which is restored by itself. */
export function restore(asked: RequestContext): Response {
  requireOperation(asked, 'create')
  const { azure, tenant } = asked.var
  const item = forWrite(asked)
  requireWrite(asked, item)
  if (isApplication(item)) {
    const application = { ...item, deletedDateTime: null }
    put(azure, tenant, 'applications', application)
    return answer(asked, bodyOf(asked, application))
  }
  const principal = { ...item, deletedDateTime: null }
  checkRestored(tenant, principal)
  put(azure, tenant, 'servicePrincipals', principal)
  return answer(asked, bodyOf(asked, principal))
}

function checkRestored(tenant: Tenant, { id, appId }: ServicePrincipal): void {
  const living = Object.values(tenant.servicePrincipals).some(
    (each) => each.appId === appId && each.id !== id && !isDeleted(each),
  )
  if (living) throw inUse(appId)
  const backed = Object.values(tenant.applications).some((each) => each.appId === appId && !isDeleted(each))
  const message = `The appId '${appId}' of the service principal does not reference a valid application object.`
  if (!backed) throw bad(message, { code: 'NoBackingApplicationObject', target: 'appId' })
}

/** `DELETE …/{id}`: permanent; the unique name becomes free. */
export function purge(asked: RequestContext): Response {
  requireOperation(asked, 'create')
  const { azure, tenant } = asked.var
  const item = forWrite(asked)
  requireWrite(asked, item)
  erase(azure, tenant, isApplication(item) ? 'applications' : 'servicePrincipals', item.id)
  return asked.body(null, 204)
}
