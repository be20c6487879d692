import { isDeepStrictEqual } from 'node:util'
import { preferenceOf } from '../honoured.ts'
import { baseOf } from './credentials/credentialWrites.ts'
import { keysIn } from './credentials/keys.ts'
import { firstPasswords, remainingPasswords } from './credentials/passwordActions.ts'
import { bodyOf, created, queryOf, type RequestContext } from './gate.ts'
import { type JsonObject, ticks } from './json.ts'
import { forWrite, type Key, keyOf, matches, required } from './objects/find.ts'
import { checkFits } from './objects/limits.ts'
import { mirrored, newApplication, urisOf } from './objects/make.ts'
import { ownersIn, withOwners } from './objects/owners.ts'
import { requireOperation, requireWrite } from './permissions.ts'
import { count, list, one, selectedProperties } from './query.ts'
import { bad, notFound } from './refusal.ts'
import { put } from './replicas.ts'
import { applicationBody, type Body, passwordBody } from './represent.ts'
import { softDelete } from './servicePrincipals.ts'
import * as shapes from './shapes.ts'
import type { Application, Tenant } from './state.ts'
import { checkNames, kept, missing, requiredAccessIn, rolesIn, tagsIn } from './values.ts'

const kind = 'Application'

const shapeOf = (asked: RequestContext): shapes.Shape => shapes.shapeOf('application', asked.var.version)
const propertiesOf = (asked: RequestContext): ReadonlySet<string> => shapes.namesOf(shapeOf(asked))

/** Does the request ask for `keyCredentials`, and so for the bytes of certificates? */
const asksForKeys = (asked: RequestContext): boolean =>
  selectedProperties(queryOf(asked), propertiesOf(asked))?.includes('keyCredentials') ?? false

/** Every application that the answering replica sees, without the soft-deleted ones. */
export function applicationBodies(asked: RequestContext): readonly Body[] {
  const { azure, tenant, replica } = asked.var
  const showing = { keys: azure.settings.keyInLists && asksForKeys(asked), version: asked.var.version }
  const living = replica.all('applications').filter(({ deletedDateTime }) => deletedDateTime === null)
  return living.map((application) => withOwners(asked, application, applicationBody(tenant, application, showing)))
}

/** `GET /applications` */
export function listApplications(asked: RequestContext): Response {
  requireOperation(asked, 'read')
  return list(asked, { context: 'applications', properties: propertiesOf(asked), items: applicationBodies(asked) })
}

/** `GET /applications/$count` */
export function countApplications(asked: RequestContext): Response {
  requireOperation(asked, 'read')
  return count(asked, { context: 'applications', properties: propertiesOf(asked), items: applicationBodies(asked) })
}

/** `GET /applications/{key}` */
export function getApplication(asked: RequestContext): Response {
  requireOperation(asked, 'read')
  const application = required(asked, 'applications', keyOf(asked.req.param('key') ?? ''))
  const body = applicationBody(asked.var.tenant, application, { keys: asksForKeys(asked), version: asked.var.version })
  return one(asked, { context: 'applications', properties: propertiesOf(asked), item: withOwners(asked, application, body) })
}

/** `POST /applications` */
export async function createApplication(asked: RequestContext): Promise<Response> {
  requireOperation(asked, 'create')
  const body = await bodyOf(asked)
  if (typeof body.uniqueName === 'string')
    throw bad("Property 'uniqueName' is read-only and cannot be set.", { code: 'PropertyReadOnly', target: 'uniqueName' })
  return create(asked, body, null)
}

function create(asked: RequestContext, body: JsonObject, uniqueName: string | null): Response {
  const { azure, tenant, callerId } = asked.var
  if (body.displayName === undefined) throw missing('displayName', kind)
  const blank = { ...newApplication('', azure.now()), uniqueName }
  const owners = [...new Set([...ownersIn(asked, body), callerId])]
  const secrets = firstPasswords(asked, body.passwordCredentials)
  const passwordCredentials = secrets.map(({ kept }) => kept)
  const application = { ...changed(asked, blank, body, true), owners, passwordCredentials }
  checkFits(tenant, application)
  put(azure, tenant, 'applications', application)
  const shown = {
    ...applicationBody(tenant, application, { keys: false, version: asked.var.version }),
    passwordCredentials: secrets.map(({ kept, secret }) => passwordBody(kept, secret)),
  }
  const context = { '@odata.context': `${asked.var.root}/$metadata#applications/$entity` }
  const result = { ...context, ...shown, createdDateTime: ticks(application.createdDateTime) }
  return created(asked, result, { id: application.id, type: kind })
}

/** `PATCH /applications/{key}`; with `Prefer: create-if-missing` and a unique name, an upsert. */
export async function updateApplication(asked: RequestContext): Promise<Response> {
  requireOperation(asked, 'create')
  const key = keyOf(asked.req.param('key') ?? '')
  const body = await bodyOf(asked)
  const creates = preferenceOf(asked.req.raw, 'create-if-missing') !== undefined
  if (creates && key.name === 'uniqueName' && !exists(asked, key))
    return create(asked, upserted(body, key), free(asked, key.value))
  const { azure, tenant } = asked.var
  const found = creates ? newest(asked, key) : forWrite(asked, 'applications', key)
  requireWrite(asked, found)
  const application = body.keyCredentials === undefined ? found : baseOf(asked, found, 'keys')
  const next = changed(asked, application, body, false)
  checkFits(tenant, next)
  put(azure, tenant, 'applications', next)
  follow(asked, application, next)
  return asked.body(null, 204)
}

/** An upsert looks up the unique name where writes go, so an application that a replica does not know yet is not created twice. */
const exists = (asked: RequestContext, key: Key): boolean =>
  Object.values(asked.var.tenant.applications).some((each) => matches(each, key))

function newest(asked: RequestContext, key: Key): Application {
  const found = Object.values(asked.var.tenant.applications).find((each) => matches(each, key))
  if (found === undefined) throw notFound(key.value)
  return found
}

/** The body of an upsert may repeat the name by which it is addressed. */
function upserted(body: JsonObject, { value }: Key): JsonObject {
  const { uniqueName, ...rest } = body
  if (uniqueName === undefined || uniqueName === value) return rest
  throw bad("The value of property 'uniqueName' has to be that of the key.", { code: 'InvalidValue', target: 'uniqueName' })
}

/** The unique name, unless another application has it; a soft-deleted one keeps it until it is purged. */
function free(asked: RequestContext, uniqueName: string): string {
  const taken = Object.values(asked.var.tenant.applications).some(
    (each) => each.uniqueName?.toLowerCase() === uniqueName.toLowerCase(),
  )
  const message = 'Another object with the same value for property uniqueName already exists.'
  if (taken) throw bad(message, { code: 'ObjectConflict', target: 'uniqueName' })
  return uniqueName
}

/** The application with what the body asks for. */
function changed(asked: RequestContext, before: Application, body: JsonObject, isNew: boolean): Application {
  const { azure, tenant } = asked.var
  checkNames(body, shapeOf(asked), kind, isNew ? undefined : before.id)
  const target = { azure, tenant, kind, stored: isNew ? undefined : before } as const
  const { displayName, tags, appRoles, keyCredentials, requiredResourceAccess } = body
  return {
    ...before,
    ...(typeof displayName === 'string' && { displayName }),
    ...(tags !== undefined && { tags: tagsIn(tags, kind) }),
    ...(appRoles !== undefined && { appRoles: rolesIn(appRoles, kind) }),
    ...(keyCredentials !== undefined && { keyCredentials: keysIn(target, keyCredentials) }),
    ...(requiredResourceAccess !== undefined && { requiredResourceAccess: requiredAccessIn(requiredResourceAccess) }),
    ...(!isNew &&
      body.passwordCredentials !== undefined && { passwordCredentials: remainingPasswords(before, body.passwordCredentials) }),
    uniqueName: uniqueNameIn(asked, before, body),
    more: kept(before.more, body, shapeOf(asked), kind),
  }
}

/** A unique name is set once: when an upsert creates the application, or later if it has none. */
function uniqueNameIn(asked: RequestContext, { uniqueName: before }: Application, { uniqueName }: JsonObject): string | null {
  if (uniqueName === undefined || uniqueName === before) return before
  if (typeof uniqueName !== 'string' || uniqueName === '' || before !== null)
    throw bad("Property 'uniqueName' is read-only and cannot be set.", { code: 'PropertyReadOnly', target: 'uniqueName' })
  return free(asked, uniqueName)
}

/** The service principal in the application's own tenant follows changes to the application. */
function follow(asked: RequestContext, before: Application, after: Application): void {
  const { azure, tenant } = asked.var
  const principal = principalOf(tenant, after.appId)
  if (principal === undefined || isDeepStrictEqual(mirrored(before), mirrored(after))) return
  const uris = urisOf(before)
  const others = principal.servicePrincipalNames.filter((name) => !uris.includes(name))
  const mirror = mirrored(after)
  const servicePrincipalNames = [...new Set([...others, ...urisOf(after)])]
  put(azure, tenant, 'servicePrincipals', {
    ...principal,
    ...mirror,
    servicePrincipalNames,
    more: { ...principal.more, ...mirror.more },
  })
}

const principalOf = (tenant: Tenant, appId: string) =>
  Object.values(tenant.servicePrincipals).find((each) => each.appId === appId && each.deletedDateTime === null)

/** `DELETE /applications/{key}`: soft, with the service principal of the application's own tenant. */
export function deleteApplication(asked: RequestContext): Response {
  requireOperation(asked, 'create')
  const { azure, tenant } = asked.var
  const application = forWrite(asked, 'applications', keyOf(asked.req.param('key') ?? ''))
  requireWrite(asked, application)
  const principal = principalOf(tenant, application.appId)
  put(azure, tenant, 'applications', { ...application, deletedDateTime: azure.now().toISOString() })
  if (principal !== undefined) softDelete(asked, principal)
  return asked.body(null, 204)
}
