import { randomUUID } from 'node:crypto'
import type { Application, AppRoleAssignment, DirectoryObject, ServicePrincipal, Tenant } from './state.ts'

/** What every new object has; it is named by the caller. */
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
export const newServicePrincipal = (tenant: Tenant, application: Application, now: Date): ServicePrincipal => ({
  ...blank(application.appId, application.displayName, now),
  tags: [...application.tags],
  appRoles: application.appRoles,
  accountEnabled: true,
  appOwnerOrganizationId: tenant.id,
  servicePrincipalNames: [application.appId],
})

/** The service principal of another tenant's application. */
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
