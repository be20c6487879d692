import { randomUUID } from 'node:crypto'
import { markHonoured } from '../../honoured.ts'
import { noteWrite } from '../delta/writes.ts'
import { answer, bodyOf, created, queryOf, type RequestContext } from '../gate.ts'
import { isGuid, type JsonObject, seconds } from '../json.ts'
import { checkTypes } from '../model/checkTypes.ts'
import { requireOperation } from '../permissions.ts'
import { count, list, one, selectedProperties } from '../query.ts'
import { bad, notFound, Refusal } from '../refusal.ts'
import { type Body, inOrder } from '../represent.ts'
import { namesOf } from '../shapes.ts'
import type { Json, PlainObject, Tenant } from '../state.ts'
import { type ObjectKind, type ObjectKindName, objectKinds } from './kinds.ts'

/** Objects of one kind that are not deleted. They are kept in one place: no replica lags behind. */
export const activeObjects = ({ objects = {} }: Tenant, kind: ObjectKindName): readonly PlainObject[] =>
  Object.values(objects).filter((each) => each.kind === kind && each.deletedDateTime === null)

/** All properties of an object, whatever was requested. */
export const wholeBody = (object: PlainObject): Body =>
  inOrder(objectKinds[object.kind].shape, {
    ...object.more,
    id: object.id,
    createdDateTime: seconds(object.createdDateTime),
    deletedDateTime: object.deletedDateTime === null ? null : seconds(object.deletedDateTime),
  })

/** What a read shows: what it selects, or the defaults; beta shows everything. */
function bodyFor(asked: RequestContext, object: PlainObject): Body {
  const kind: ObjectKind = objectKinds[object.kind]
  const { shape, shown } = kind
  const all = wholeBody(object)
  const everything = shown === undefined || asked.var.version === 'beta'
  if (everything || selectedProperties(queryOf(asked), namesOf(shape)) !== undefined) return all
  return Object.fromEntries(Object.entries(all).filter(([name]) => shown.includes(name)))
}

/** An object by the key in a path: its id or its alternate key. */
export function findObject(asked: RequestContext, kind: ObjectKindName, key: string): PlainObject {
  const { alternate }: ObjectKind = objectKinds[kind]
  const wanted = key.toLowerCase()
  const named = (object: PlainObject): boolean =>
    alternate !== undefined && String(object.more[alternate] ?? '').toLowerCase() === wanted
  const found = activeObjects(asked.var.tenant, kind).find((each) => each.id === wanted || each.id === key || named(each))
  if (found === undefined) throw notFound(key)
  return found
}

export function listObjects(
  asked: RequestContext,
  kind: ObjectKindName,
  among = activeObjects(asked.var.tenant, kind),
): Response {
  const { collection, shape, read } = objectKinds[kind]
  requireOperation(asked, read)
  const properties = namesOf(shape)
  // A filter may use properties that are not shown.
  const filtered = queryOf(asked).has('$filter') || queryOf(asked).has('$search')
  const items = among.map((each) => (filtered ? wholeBody(each) : bodyFor(asked, each)))
  return list(asked, { context: collection, properties, items })
}

export function countObjects(asked: RequestContext, kind: ObjectKindName): Response {
  const { collection, shape, read } = objectKinds[kind]
  requireOperation(asked, read)
  return count(asked, {
    context: collection,
    properties: namesOf(shape),
    items: activeObjects(asked.var.tenant, kind).map(wholeBody),
  })
}

export function getObject(asked: RequestContext, kind: ObjectKindName): Response {
  const { collection, shape, read } = objectKinds[kind]
  requireOperation(asked, read)
  const item = bodyFor(asked, findObject(asked, kind, asked.req.param('key') ?? ''))
  return one(asked, { context: collection, properties: namesOf(shape), item })
}

export async function createObject(asked: RequestContext, kind: ObjectKindName): Promise<Response> {
  const { collection, type, required, write }: ObjectKind = objectKinds[kind]
  requireOperation(asked, write)
  const body = await bodyOf(asked)
  const missing = required.find((name) => body[name] === undefined || body[name] === null)
  if (missing !== undefined)
    throw bad(`A value is required for property '${missing}' of resource '${capital(type)}'.`, {
      code: 'MissingValue',
      target: missing,
    })
  checkFree(asked, kind, body)
  const { azure, root } = asked.var
  const object: PlainObject = {
    id: randomUUID(),
    kind,
    createdDateTime: azure.now().toISOString(),
    deletedDateTime: null,
    more: written({}, body, kind),
    members: linked(asked, body['members@odata.bind']),
    owners: linked(asked, body['owners@odata.bind']),
  }
  replaceObject(asked, object)
  const context = `${root}/$metadata#${collection}/$entity`
  return created(asked, { '@odata.context': context, ...bodyFor(asked, object) }, { id: object.id, type: capital(type) })
}

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`

export function checkFree(asked: RequestContext, kind: ObjectKindName, body: JsonObject): void {
  const { alternate }: ObjectKind = objectKinds[kind]
  if (alternate === undefined) return
  const same = activeObjects(asked.var.tenant, kind).some(
    ({ more }) => String(more[alternate]).toLowerCase() === String(body[alternate]).toLowerCase(),
  )
  const message = `Another object with the same value for property ${alternate} already exists.`
  if (same) throw bad(message, { code: 'ObjectConflict', target: alternate })
}

export async function updateObject(asked: RequestContext, kind: ObjectKindName): Promise<Response> {
  requireOperation(asked, objectKinds[kind].write)
  const object = findObject(asked, kind, asked.req.param('key') ?? '')
  replaceObject(asked, { ...object, more: written(object.more, await bodyOf(asked), kind) })
  return asked.body(null, 204)
}

export function replaceObject({ var: { tenant } }: RequestContext, object: PlainObject): void {
  noteWrite(tenant, objectKinds[object.kind].collection, tenant.objects?.[object.id], object)
  tenant.objects = { ...tenant.objects, [object.id]: object }
}

/** A value that is never read back. */
const writeOnly = 'passwordProfile'

function written(before: JsonObject, body: JsonObject, kind: ObjectKindName): Record<string, Json> {
  const { shape, readOnly, fits, type }: ObjectKind = objectKinds[kind]
  const names = namesOf(shape)
  const result: Record<string, Json> = { ...before }
  for (const [name, value] of Object.entries(body)) {
    if (name.includes('@odata.')) continue
    if (!names.has(name)) throw bad(`Invalid property '${name}'.`)
    if (readOnly.includes(name))
      throw bad(`Property '${name}' is read-only and cannot be set.`, { code: 'PropertyReadOnly', target: name })
    if (fits?.(name, value) === false)
      throw bad(`Invalid value specified for property '${name}' of resource '${capital(type)}'.`, {
        code: 'InvalidValue',
        target: name,
      })
    if (name === writeOnly) markHonoured(value)
    else result[name] = value
  }
  checkTypes(body, shape)
  return result
}

export function deleteObject(asked: RequestContext, kind: ObjectKindName): Response {
  const { write, softDelete }: ObjectKind = objectKinds[kind]
  requireOperation(asked, write)
  const { azure, tenant } = asked.var
  const object = findObject(asked, kind, asked.req.param('key') ?? '')
  if (softDelete) replaceObject(asked, { ...object, deletedDateTime: azure.now().toISOString() })
  else removeObject(tenant, object)
  return asked.body(null, 204)
}

/** Removes an object permanently. */
export function removeObject(tenant: Tenant, object: PlainObject): void {
  noteWrite(tenant, objectKinds[object.kind].collection, object, undefined)
  const { [object.id]: _gone, ...rest } = tenant.objects ?? {}
  tenant.objects = rest
}

/** Ids that a creation binds. */
function linked(asked: RequestContext, links: Json | undefined): string[] {
  if (links === undefined) return []
  if (!Array.isArray(links)) throw bad('A list of references is required.')
  return links.map((link) => referredObject(asked, link))
}

/** The id of the object to which a reference leads; it has to be of this Graph. */
export function referredObject(asked: RequestContext, link: unknown): string {
  const url = typeof link === 'string' && URL.canParse(link) ? new URL(link) : undefined
  const path = /^\/(?:v1\.0|beta)\/(?:directoryObjects|servicePrincipals|users|groups|policies\/\w+)\/([^/]+)$/
  const id = path.exec(url?.pathname ?? '')?.[1]?.toLowerCase()
  if (url?.origin !== new URL(asked.var.root).origin || !isGuid(id))
    throw bad(`A valid resource reference is required: '${String(link)}' is none.`)
  const { tenant, replica } = asked.var
  if (tenant.objects?.[id]?.deletedDateTime === null) return id
  if (replica.get('servicePrincipals', id)?.deletedDateTime !== null) throw notFound(id)
  return id
}

/** Refuses requests that only a user can make. */
export const delegatedOnly = (asked: RequestContext): Response => {
  requireOperation(asked, 'anything')
  throw new Refusal(400, 'BadRequest', '/me request is only valid with delegated authentication flow.')
}

/** Answers with one object of any kind, as `directoryObjects` shows it. */
export const answerObject = (asked: RequestContext, body: Body): Response =>
  answer(asked, { '@odata.context': `${asked.var.root}/$metadata#directoryObjects/$entity`, ...body })
