import { isGuid, isList, isObject, isTexts, type JsonObject } from './json.ts'
import { checkTypes } from './model/checkTypes.ts'
import { bad, type Refusal } from './refusal.ts'
import { type Shape, unset } from './shapes.ts'
import type { Application, AppRole, Json } from './state.ts'

/** The name of a kind in messages. */
export type Named = 'Application' | 'ServicePrincipal'

export const invalidValue = (name: string, kind: Named): Refusal =>
  bad(`Invalid value specified for property '${name}' of resource '${kind}'.`, { code: 'InvalidValue', target: name })

const readOnly = new Set([
  'id',
  'deletedDateTime',
  'createdDateTime',
  'applicationTemplateId',
  'disabledByMicrosoftStatus',
  'publisherDomain',
  'certification',
  'verifiedPublisher',
  'appDisplayName',
  'appOwnerOrganizationId',
  'servicePrincipalType',
  'resourceSpecificApplicationPermissions',
])

/**
 * Refuses unknown and read-only properties. Annotations and bindings are not properties. An object's own
 * id may be repeated, as azuread_application_api_access does.
 */
export function checkNames(body: JsonObject, shape: Shape, kind: Named, id?: string): void {
  for (const name of Object.keys(body).filter((one) => !one.includes('@odata.'))) {
    if (unset(shape, name) === undefined) throw bad(`Invalid property '${name}'.`)
    if (name === 'id' && id !== undefined && typeof body.id === 'string' && body.id.toLowerCase() === id) continue
    if (readOnly.has(name))
      throw bad(`Property '${name}' is read-only and cannot be set.`, { code: 'PropertyReadOnly', target: name })
    checkText(name, body[name], kind)
  }
  checkTypes(body, shape)
}

const audiences = ['AzureADMyOrg', 'AzureADMultipleOrgs', 'AzureADandPersonalMicrosoftAccount', 'PersonalMicrosoftAccount']

function checkText(name: string, value: Json | undefined, kind: Named): void {
  if (name === 'signInAudience' && (typeof value !== 'string' || !audiences.includes(value))) throw invalidValue(name, kind)
  if (name !== 'displayName') return
  if (value === null || value === '') throw missing(name, kind)
  if (typeof value !== 'string' || value.length > 256) throw invalidValue(name, kind)
}

export const missing = (name: string, kind: Named): Refusal =>
  bad(`A value is required for property '${name}' of resource '${kind}'.`, { code: 'MissingValue', target: name })

/** Properties that are merely stored: each has the type of its initial value. */
export function kept(before: JsonObject, body: JsonObject, shape: Shape, kind: Named): Record<string, Json> {
  const result: Record<string, Json> = { ...before }
  for (const [name, value] of Object.entries(body)) {
    const initial = unset(shape, name)
    if (initial === undefined || typed.has(name)) continue
    result[name] = isObject(initial)
      ? merged(name, [before[name] ?? initial, value, initial], kind)
      : plain(name, initial, value, kind)
  }
  return result
}

/** Properties with fields of their own in the state. */
const typed = new Set([
  'displayName',
  'tags',
  'appRoles',
  'keyCredentials',
  'passwordCredentials',
  'uniqueName',
  'requiredResourceAccess',
  'accountEnabled',
  'servicePrincipalNames',
  'appId',
  'id',
])

function plain(name: string, initial: Json, value: Json, kind: Named): Json {
  const fits = isList(initial) ? isList(value) : typeof initial !== 'boolean' || typeof value === 'boolean'
  if (fits) return value
  throw invalidValue(name, kind)
}

function merged(name: string, [before, value, initial]: [Json, Json, JsonObject], kind: Named): Json {
  if (!isObject(value) || !isObject(before)) throw invalidValue(name, kind)
  const unknown = Object.keys(value).find((one) => !one.includes('@odata.') && !Object.hasOwn(initial, one))
  if (unknown !== undefined) throw bad(`Invalid property '${unknown}'.`)
  return { ...before, ...value }
}

export function tagsIn(value: Json, kind: Named): string[] {
  const fine = isTexts(value) && value.every((tag) => /^\S{1,256}$/.test(tag)) && new Set(value).size === value.length
  if (!fine) throw invalidValue('tags', kind)
  return [...value]
}

type Required = Application['requiredResourceAccess']

/** Permissions that an application requests: at most 50 APIs and 400 permissions. */
export function requiredAccessIn(value: Json): Required {
  if (!isList(value)) throw invalidValue('requiredResourceAccess', 'Application')
  const apis = value.map((api) => {
    const permissions = isObject(api) ? api.resourceAccess : undefined
    if (!isObject(api) || !isGuid(api.resourceAppId) || !isList(permissions))
      throw invalidValue('requiredResourceAccess', 'Application')
    return { resourceAppId: api.resourceAppId.toLowerCase(), resourceAccess: permissions.map(permissionIn) }
  })
  if (apis.length > 50 || apis.flatMap(({ resourceAccess }) => resourceAccess).length > 400)
    throw invalidValue('requiredResourceAccess', 'Application')
  return apis
}

function permissionIn(value: Json): Required[number]['resourceAccess'][number] {
  const type = isObject(value) ? value.type : undefined
  if (!isObject(value) || !isGuid(value.id) || (type !== 'Role' && type !== 'Scope'))
    throw invalidValue('requiredResourceAccess', 'Application')
  return { id: value.id.toLowerCase(), type }
}

export function rolesIn(value: Json, kind: Named): AppRole[] {
  if (!isList(value)) throw invalidValue('appRoles', kind)
  return value.map((role) => {
    if (!isObject(role) || !isGuid(role.id) || typeof role.displayName !== 'string' || !isTexts(role.allowedMemberTypes))
      throw invalidValue('appRoles', kind)
    return {
      id: role.id.toLowerCase(),
      value: typeof role.value === 'string' ? role.value : null,
      displayName: role.displayName,
      description: typeof role.description === 'string' ? role.description : '',
      allowedMemberTypes: [...role.allowedMemberTypes],
      isEnabled: role.isEnabled !== false,
    }
  })
}
