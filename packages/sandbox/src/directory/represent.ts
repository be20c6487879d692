import { seconds } from './json.ts'
import * as shapes from './shapes.ts'
import type {
  Application,
  AppRole,
  AppRoleAssignment,
  DirectoryObject,
  Json,
  KeyCredential,
  PasswordCredential,
  ServicePrincipal,
  Tenant,
} from './state.ts'

export type Body = { readonly [name: string]: Json }

/** Whether the bytes of certificates are shown: Graph does so only if `keyCredentials` is selected by name. */
export interface Showing {
  readonly keys: boolean
  /** v1.0 by default. */
  readonly version?: shapes.Version
}

export const keyBody = ({ showing }: { showing: Showing }, key: KeyCredential): Body => ({
  customKeyIdentifier: key.customKeyIdentifier,
  displayName: key.displayName,
  endDateTime: key.endDateTime === '' ? null : seconds(key.endDateTime),
  key: showing.keys ? key.key : null,
  keyId: key.keyId,
  startDateTime: key.startDateTime === '' ? null : seconds(key.startDateTime),
  type: key.type,
  usage: key.usage,
})

/** A secret as it is shown: with its value once, to the request that created it. */
export const passwordBody = (password: PasswordCredential, secretText: string | null): Body => ({
  customKeyIdentifier: null,
  displayName: password.displayName,
  endDateTime: password.endDateTime,
  hint: password.hint,
  keyId: password.keyId,
  secretText,
  startDateTime: password.startDateTime,
})

const roleBody = ({ allowedMemberTypes, description, displayName, id, isEnabled, value }: AppRole): Body => ({
  allowedMemberTypes,
  description,
  displayName,
  id,
  isEnabled,
  origin: 'Application',
  value,
})

const common = (object: DirectoryObject, showing: Showing): Body => ({
  ...object.more,
  id: object.id,
  appId: object.appId,
  displayName: object.displayName,
  deletedDateTime: object.deletedDateTime === null ? null : seconds(object.deletedDateTime),
  createdDateTime: seconds(object.createdDateTime),
  tags: object.tags,
  appRoles: object.appRoles.map(roleBody),
  keyCredentials: object.keyCredentials.map((key) => keyBody({ showing }, key)),
  passwordCredentials: object.passwordCredentials.map((password) => passwordBody(password, null)),
})

export const inOrder = (shape: shapes.Shape, values: Body): Body =>
  Object.fromEntries(shape.map(([name, unset]) => [name, values[name] ?? unset]))

export const applicationBody = (tenant: Tenant, application: Application, showing: Showing): Body =>
  inOrder(shapes.shapeOf('application', showing.version ?? 'v1.0'), {
    publisherDomain: tenant.domain,
    ...common(application, showing),
    uniqueName: application.uniqueName,
    requiredResourceAccess: application.requiredResourceAccess,
  })

export const servicePrincipalBody = (principal: ServicePrincipal, showing: Showing): Body =>
  inOrder(shapes.shapeOf('servicePrincipal', showing.version ?? 'v1.0'), {
    ...common(principal, showing),
    publishedPermissionScopes: principal.more.oauth2PermissionScopes ?? [],
    accountEnabled: principal.accountEnabled,
    appDisplayName: principal.displayName,
    appOwnerOrganizationId: principal.appOwnerOrganizationId,
    servicePrincipalNames: principal.servicePrincipalNames,
  })

const typeNames: Readonly<Record<string, string>> = { user: 'User', group: 'Group' }

/** The holder of a role: a service principal, a user or a group. */
function holderOf({ servicePrincipals, objects = {} }: Tenant, id: string): { name: string | null; type: string } {
  const object = objects[id]
  if (object === undefined) return { name: servicePrincipals[id]?.displayName ?? null, type: 'ServicePrincipal' }
  const { displayName } = object.more
  return { name: typeof displayName === 'string' ? displayName : null, type: typeNames[object.kind] ?? object.kind }
}

export const assignmentBody = (tenant: Tenant, assignment: AppRoleAssignment): Body => ({
  id: assignment.id,
  deletedDateTime: null,
  appRoleId: assignment.appRoleId,
  createdDateTime: assignment.createdDateTime,
  principalDisplayName: holderOf(tenant, assignment.principalId).name,
  principalId: assignment.principalId,
  principalType: holderOf(tenant, assignment.principalId).type,
  resourceDisplayName: tenant.servicePrincipals[assignment.resourceId]?.displayName ?? null,
  resourceId: assignment.resourceId,
})
