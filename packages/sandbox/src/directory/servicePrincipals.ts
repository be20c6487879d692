import { preferenceOf } from '../honoured.ts'
import { assignmentsTo, expandedAssignments } from './assignments.ts'
import { keysIn } from './credentials/keys.ts'
import { remainingPasswords } from './credentials/passwordActions.ts'
import { isFirstParty } from './firstParty.ts'
import { bodyOf, created, queryOf, type RequestContext } from './gate.ts'
import { isGuid, isTexts, type JsonObject } from './json.ts'
import { forWrite, keyOf, matches, required } from './objects/find.ts'
import { newServicePrincipal } from './objects/make.ts'
import { withOwners } from './objects/owners.ts'
import { managesOwned, requireOperation, requireWrite } from './permissions.ts'
import { count, list, one, selectedProperties } from './query.ts'
import { bad, denied, Refusal } from './refusal.ts'
import { erase, put } from './replicas.ts'
import { type Body, servicePrincipalBody } from './represent.ts'
import * as shapes from './shapes.ts'
import type { ServicePrincipal } from './state.ts'
import { checkNames, invalidValue, kept, missing, rolesIn, tagsIn } from './values.ts'

const kind = 'ServicePrincipal'
const context = 'servicePrincipals'

const shapeOf = (asked: RequestContext): shapes.Shape => shapes.shapeOf('servicePrincipal', asked.var.version)
const propertiesOf = (asked: RequestContext): ReadonlySet<string> => shapes.namesOf(shapeOf(asked))

const asksForKeys = (asked: RequestContext): boolean =>
  selectedProperties(queryOf(asked), propertiesOf(asked))?.includes('keyCredentials') ?? false

const bodyWith = (asked: RequestContext, principal: ServicePrincipal, keys: boolean): Body =>
  withOwners(asked, principal, {
    ...servicePrincipalBody(principal, { keys, version: asked.var.version }),
    ...expandedAssignments(asked, principal),
  })

export function servicePrincipalBodies(asked: RequestContext): readonly Body[] {
  const keys = asked.var.azure.settings.keyInLists && asksForKeys(asked)
  const living = asked.var.replica.all('servicePrincipals').filter(({ deletedDateTime }) => deletedDateTime === null)
  return living.map((principal) => bodyWith(asked, principal, keys))
}

/** `GET /servicePrincipals` */
export function listServicePrincipals(asked: RequestContext): Response {
  requireOperation(asked, 'read')
  return list(asked, { context, properties: propertiesOf(asked), items: servicePrincipalBodies(asked) })
}

/** `GET /servicePrincipals/$count` */
export function countServicePrincipals(asked: RequestContext): Response {
  requireOperation(asked, 'read')
  return count(asked, { context, properties: propertiesOf(asked), items: servicePrincipalBodies(asked) })
}

/** `GET /servicePrincipals/{key}` */
export function getServicePrincipal(asked: RequestContext): Response {
  requireOperation(asked, 'read')
  const principal = required(asked, 'servicePrincipals', keyOf(asked.req.param('key') ?? ''))
  return one(asked, { context, properties: propertiesOf(asked), item: bodyWith(asked, principal, asksForKeys(asked)) })
}

/** `POST /servicePrincipals` */
export async function createServicePrincipal(asked: RequestContext): Promise<Response> {
  requireOperation(asked, 'create')
  const { appId, ...body } = await bodyOf(asked)
  if (appId === undefined) throw missing('appId', kind)
  if (!isGuid(appId)) throw invalidValue('appId', kind)
  return create(asked, appId.toLowerCase(), body)
}

function create(asked: RequestContext, appId: string, body: JsonObject): Response {
  const { azure, tenant, callerId, root } = asked.var
  const backing = backingOf(asked, appId)
  if (Object.values(tenant.servicePrincipals).some((each) => each.appId === appId)) throw inUse(appId)
  const blank = { ...newServicePrincipal(tenant, backing, azure.now()), owners: [callerId] }
  const principal = changed(asked, blank, body, true)
  put(azure, tenant, 'servicePrincipals', principal)
  const shown = servicePrincipalBody(principal, { keys: false, version: asked.var.version })
  const result = { '@odata.context': `${root}/$metadata#servicePrincipals/$entity`, ...shown }
  return created(asked, result, { id: principal.id, type: kind })
}

/** The registration behind it, if the answering replica has learned of it. */
function backingOf(asked: RequestContext, appId: string) {
  const key = { name: 'appId', value: appId } as const
  const application = asked.var.replica.all('applications').find((each) => matches(each, key))
  if (application === undefined) {
    if (managesOwned(asked))
      throw denied(
        'When using this permission, the backing application of the service principal being created must in the local tenant',
      )
    // Applications of other tenants, Microsoft's own among them, are registered there; here is at most their service principal.
    const principals = Object.values(asked.var.tenant.servicePrincipals)
    if (principals.some((each) => each.appId === appId && each.appOwnerOrganizationId !== asked.var.tenant.id)) throw inUse(appId)
    const message = `The appId '${appId}' of the service principal does not reference a valid application object.`
    throw bad(message, { code: 'NoBackingApplicationObject', target: 'appId' })
  }
  requireWrite(asked, application)
  return application
}

/** A soft-deleted one still holds the name. */
export const inUse = (name: string): Refusal =>
  new Refusal(
    409,
    'Request_MultipleObjectsWithSameKeyValue',
    `The service principal cannot be created, updated, or restored because the service principal name ${name} is already in use.`,
  )

/** `PATCH /servicePrincipals/{key}`; with `Prefer: create-if-missing` and an appId, an upsert. */
export async function updateServicePrincipal(asked: RequestContext): Promise<Response> {
  requireOperation(asked, 'create')
  const { azure, tenant } = asked.var
  const key = keyOf(asked.req.param('key') ?? '')
  const { appId, ...body } = await bodyOf(asked)
  if (appId !== undefined && (typeof appId !== 'string' || (key.name === 'appId' && appId.toLowerCase() !== key.value)))
    throw bad("Property 'appId' is read-only and cannot be set.", { code: 'PropertyReadOnly', target: 'appId' })
  const creates = key.name === 'appId' && preferenceOf(asked.req.raw, 'create-if-missing') !== undefined
  const newest = creates ? Object.values(tenant.servicePrincipals).find((each) => matches(each, key)) : undefined
  if (creates && newest === undefined) return create(asked, key.value, body)
  const principal = newest ?? forWrite(asked, 'servicePrincipals', key)
  requireWrite(asked, principal)
  put(azure, tenant, 'servicePrincipals', changed(asked, principal, body, false))
  return asked.body(null, 204)
}

function changed(asked: RequestContext, before: ServicePrincipal, body: JsonObject, isNew: boolean): ServicePrincipal {
  const { azure, tenant } = asked.var
  checkNames(body, shapeOf(asked), kind, isNew ? undefined : before.id)
  const { accountEnabled, tags, appRoles, keyCredentials, passwordCredentials, servicePrincipalNames } = body
  if (accountEnabled !== undefined && typeof accountEnabled !== 'boolean') throw invalidValue('accountEnabled', kind)
  const target = { azure, tenant, kind, stored: isNew ? undefined : before } as const
  return {
    ...before,
    ...(accountEnabled !== undefined && { accountEnabled }),
    ...(tags !== undefined && { tags: tagsIn(tags, kind) }),
    ...(appRoles !== undefined && { appRoles: rolesIn(appRoles, kind) }),
    ...(keyCredentials !== undefined && { keyCredentials: keysIn(target, keyCredentials) }),
    ...(passwordCredentials !== undefined && { passwordCredentials: remainingPasswords(before, passwordCredentials) }),
    ...(servicePrincipalNames !== undefined && { servicePrincipalNames: namesIn(before, servicePrincipalNames) }),
    more: kept(before.more, body, shapeOf(asked), kind),
  }
}

function namesIn({ appId }: ServicePrincipal, value: JsonObject[string]): string[] {
  if (!isTexts(value) || !value.includes(appId)) throw invalidValue('servicePrincipalNames', kind)
  return [...new Set(value)]
}

/** `DELETE /servicePrincipals/{key}` */
export function deleteServicePrincipal(asked: RequestContext): Response {
  requireOperation(asked, 'create')
  const principal = forWrite(asked, 'servicePrincipals', keyOf(asked.req.param('key') ?? ''))
  requireWrite(asked, principal)
  // UNCONFIRMED: azuread_service_principal with use_existing tries it on Microsoft's own, and ignores a refusal.
  if (isFirstParty(principal) && asked.var.azure.settings.firstPartyDeletion !== 'done') throw denied()
  softDelete(asked, principal)
  return asked.body(null, 204)
}

/** A soft delete. Whether a restore brings its consent back is not known. */
export function softDelete(asked: RequestContext, principal: ServicePrincipal): void {
  const { azure, tenant } = asked.var
  put(azure, tenant, 'servicePrincipals', { ...principal, deletedDateTime: azure.now().toISOString() })
  if (azure.settings.restoredConsent === true) return
  for (const { id } of assignmentsTo(tenant, principal.id)) erase(azure, tenant, 'appRoleAssignments', id)
}
