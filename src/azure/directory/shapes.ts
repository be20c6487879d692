import { createHash } from 'node:crypto'
import type { Fields } from '../http/shape.ts'
import type {
  Application,
  AppRoleAssignment,
  KeyCredential,
  PasswordCredential,
  RequiredPermission,
  ServicePrincipal,
  WantedKey,
} from './port.ts'

export const applicationSelect =
  '$select=id,appId,displayName,uniqueName,tags,notes,keyCredentials,passwordCredentials,requiredResourceAccess'
export const servicePrincipalSelect = '$select=id,appId,displayName,accountEnabled,appRoles,servicePrincipalNames'

export function applicationOf(from: Fields): Application {
  return {
    objectId: from.string('id'),
    appId: from.string('appId'),
    displayName: from.string('displayName'),
    uniqueName: from.optionalString('uniqueName'),
    tags: from.strings('tags'),
    keyCredentials: from.objects('keyCredentials').map(keyOf),
    passwordCredentials: from.objects('passwordCredentials').map(passwordOf),
    requiredPermissions: from.objects('requiredResourceAccess').flatMap(permissionsOf),
    notes: from.optionalString('notes'),
  }
}

function keyOf(from: Fields): KeyCredential {
  const certificate = from.optionalString('key')
  return {
    keyId: from.string('keyId'),
    displayName: from.optionalString('displayName'),
    thumbprint: thumbprintOf(certificate, from.optionalString('customKeyIdentifier') ?? ''),
    start: from.string('startDateTime'),
    end: from.string('endDateTime'),
    certificate,
  }
}

/** From the certificate where it is shown, otherwise from the identifier: hex as Entra writes it, or base64 as some tools do. */
function thumbprintOf(certificate: string | undefined, identifier: string): string {
  if (certificate !== undefined) return createHash('sha1').update(Buffer.from(certificate, 'base64')).digest('hex').toUpperCase()
  if (/^[0-9a-f]{40}$/i.test(identifier)) return identifier.toUpperCase()
  const bytes = Buffer.from(identifier, 'base64')
  return bytes.length === 20 ? bytes.toString('hex').toUpperCase() : identifier.toUpperCase()
}

const passwordOf = (from: Fields): PasswordCredential => ({
  keyId: from.string('keyId'),
  displayName: from.optionalString('displayName'),
  start: from.string('startDateTime'),
  end: from.string('endDateTime'),
})

const permissionsOf = (from: Fields): RequiredPermission[] =>
  from.objects('resourceAccess').map((each) => ({
    resourceAppId: from.string('resourceAppId'),
    roleId: each.string('id'),
    type: each.string('type') === 'Scope' ? 'Scope' : 'Role',
  }))

/** One entry an API, with what is asked of it. */
export function requiredResourceAccess(permissions: readonly RequiredPermission[]): unknown {
  const apis = new Map<string, { id: string; type: string }[]>()
  for (const { resourceAppId, roleId, type } of permissions)
    apis.set(resourceAppId, [...(apis.get(resourceAppId) ?? []), { id: roleId, type }])
  return [...apis].map(([resourceAppId, resourceAccess]) => ({ resourceAppId, resourceAccess }))
}

export const servicePrincipalOf = (from: Fields): ServicePrincipal => ({
  id: from.string('id'),
  appId: from.string('appId'),
  displayName: from.optionalString('displayName') ?? '',
  enabled: from.optionalBoolean('accountEnabled') ?? true,
  appRoles: from.objects('appRoles').map((role) => ({
    id: role.string('id'),
    value: role.optionalString('value') ?? '',
    enabled: role.optionalBoolean('isEnabled') ?? true,
  })),
  servicePrincipalNames: from.strings('servicePrincipalNames'),
})

export const appRoleAssignmentOf = (from: Fields): AppRoleAssignment => ({
  id: from.string('id'),
  appRoleId: from.string('appRoleId'),
  principalId: from.string('principalId'),
  resourceId: from.string('resourceId'),
})

/** What of a stored certificate is sent back unchanged to keep it; it has no field in `KeyCredential`. */
export interface Stored {
  readonly type: string
  readonly usage: string
  readonly customKeyIdentifier: string | undefined
}

export const storedKeys = (application: Fields): (readonly [string, Stored])[] =>
  application.objects('keyCredentials').map((key) => [
    key.string('keyId'),
    {
      type: key.optionalString('type') ?? 'AsymmetricX509Cert',
      usage: key.optionalString('usage') ?? 'Verify',
      customKeyIdentifier: key.optionalString('customKeyIdentifier'),
    },
  ])

/** The collection as Graph takes it: an entry is kept by its keyId with no key (https://learn.microsoft.com/graph/api/resources/keycredential). */
export const keyCredentialsBody = (
  keys: readonly WantedKey[],
  stored: ReadonlyMap<string, Stored>,
  dates: 'given' | 'left out',
): unknown =>
  keys.map((key) => {
    if ('keep' in key) {
      const { keyId, displayName = null, start, end } = key.keep
      const { type = 'AsymmetricX509Cert', usage = 'Verify', customKeyIdentifier = null } = stored.get(keyId) ?? {}
      return { keyId, key: null, customKeyIdentifier, displayName, type, usage, startDateTime: start, endDateTime: end }
    }
    const { certificate, displayName, start, end } = key.add
    const period = dates === 'given' ? { startDateTime: start, endDateTime: end } : {}
    return { key: certificate, displayName, type: 'AsymmetricX509Cert', usage: 'Verify', ...period }
  })
