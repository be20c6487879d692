import { randomUUID } from 'node:crypto'
import { isList, isObject, isTexts, type JsonObject } from '../json.ts'
import type { Application, AppRoleAssignment, DirectoryObject, Json, ServicePrincipal, Tenant } from '../state.ts'

/** What every new object has. */
const blank = (appId: string, displayName: string, now: Date): DirectoryObject => ({
  id: randomUUID(),
  appId,
  displayName,
  createdDateTime: now.toISOString(),
  deletedDateTime: null,
  tags: [],
  appRoles: [],
  keyCredentials: [],
  passwordCredentials: [],
  owners: [],
  more: {},
})

export const newApplication = (displayName: string, now: Date): Application => ({
  ...blank(randomUUID(), displayName, now),
  uniqueName: null,
  requiredResourceAccess: [],
})

/** The service principal by which an application of this tenant acts. Tags of an application come with it. */
export function newServicePrincipal(tenant: Tenant, application: Application, now: Date): ServicePrincipal {
  return {
    ...blank(application.appId, application.displayName, now),
    ...mirrored(application),
    tags: [...application.tags],
    accountEnabled: true,
    appOwnerOrganizationId: tenant.id,
    servicePrincipalNames: [application.appId, ...urisOf(application)],
  }
}

/** What a service principal takes over from its application and keeps in step with: https://learn.microsoft.com/graph/api/resources/serviceprincipal */
export function mirrored({ displayName, appRoles, more }: Application) {
  const [web, api, spa, publicClient] = [more.web, more.api, more.spa, more.publicClient].map(objectOf)
  const replyUrls = [web, spa, publicClient].flatMap((one) => (isList(one?.redirectUris) ? one.redirectUris : []))
  const said = {
    oauth2PermissionScopes: api?.oauth2PermissionScopes,
    homepage: web?.homePageUrl,
    logoutUrl: web?.logoutUrl,
    replyUrls: replyUrls.length > 0 ? replyUrls : undefined,
    info: more.info,
    signInAudience: more.signInAudience,
  }
  return { displayName, appRoles, more: defined(said) }
}

const objectOf = (value: Json | undefined): JsonObject | undefined => (isObject(value) ? value : undefined)

const defined = (values: Record<string, Json | undefined>): Record<string, Json> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined))

/** The URIs by which tokens for an application are asked for. */
export const urisOf = ({ more }: Application): readonly string[] => (isTexts(more.identifierUris) ? more.identifierUris : [])

/** A service principal for an application of another tenant. */
export const foreignServicePrincipal = (appId: string, displayName: string, now: Date): ServicePrincipal => ({
  ...blank(appId, displayName, now),
  accountEnabled: true,
  appOwnerOrganizationId: '',
  servicePrincipalNames: [appId],
})

export const newAssignment = (grant: Pick<AppRoleAssignment, 'principalId' | 'resourceId' | 'appRoleId'>, now: Date) => ({
  id: assignmentId(grant.principalId),
  ...grant,
  createdDateTime: now.toISOString(),
})

/** Base64url of the principal's id and a random one, both in the byte order of Windows. */
const assignmentId = (principalId: string): string =>
  Buffer.concat([windowsBytes(principalId), windowsBytes(randomUUID())]).toString('base64url')

function windowsBytes(id: string): Buffer {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex')
  bytes.subarray(0, 4).reverse()
  bytes.subarray(4, 6).reverse()
  bytes.subarray(6, 8).reverse()
  return bytes
}
