import { createHash } from 'node:crypto'
import { certificateIn, comparable, type Fields } from '../http/shape.ts'
import type {
  Application,
  AppRoleAssignment,
  KeyCredential,
  KeyId,
  NewKey,
  PasswordCredential,
  Raw,
  RequiredPermission,
  ServicePrincipal,
} from './port.ts'

export const applicationSelect =
  '$select=id,appId,displayName,uniqueName,tags,notes,createdDateTime,keyCredentials,passwordCredentials,requiredResourceAccess'
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
    requiredAccess: from.objects('requiredResourceAccess').map(({ raw }) => raw),
    notes: from.optionalString('notes'),
    created: from.optionalString('createdDateTime'),
  }
}

/** Nothing about a foreign entry can be relied on, so a field of the wrong type counts as missing. */
const textOf = ({ raw }: Fields, field: string): string | undefined => {
  const value = raw[field]
  return typeof value === 'string' ? comparable(value) : undefined
}

/** Dates are compared as texts, so they are all written alike, without the fraction of a second that Graph leaves out at times. */
function instantOf(from: Fields, field: string): string {
  const text = textOf(from, field) ?? ''
  const time = Date.parse(text)
  return Number.isNaN(time) ? text : new Date(time).toISOString()
}

const isKeyId = (value: unknown): value is KeyId => typeof value === 'string' && value !== ''

function keyOf(from: Fields): KeyCredential {
  const { raw } = from
  const keyId = textOf(from, 'keyId')
  const signsIn = isWord(raw.type, 'AsymmetricX509Cert') && isWord(raw.usage, 'Verify')
  const key = signsIn ? textOf(from, 'key') : undefined
  return {
    keyId: isKeyId(keyId) ? keyId : undefined,
    displayName: textOf(from, 'displayName'),
    thumbprint: thumbprintOf(key, textOf(from, 'customKeyIdentifier') ?? ''),
    start: instantOf(from, 'startDateTime'),
    end: instantOf(from, 'endDateTime'),
    certificate: key === undefined ? undefined : certificateIn(Buffer.from(key, 'base64')),
    signsIn,
    raw,
  }
}

/** The default, if the directory does not say. */
const isWord = (value: unknown, word: string): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.toLowerCase() === word.toLowerCase())

/** From the certificate if shown, otherwise from the identifier: hex as Entra writes it, or base64 as some tools do. */
function thumbprintOf(key: string | undefined, identifier: string): string | undefined {
  if (key !== undefined) return createHash('sha1').update(Buffer.from(key, 'base64')).digest('hex').toUpperCase()
  if (/^[0-9a-f]{40}$/i.test(identifier)) return identifier.toUpperCase()
  const bytes = Buffer.from(identifier, 'base64')
  return bytes.length === 20 ? bytes.toString('hex').toUpperCase() : undefined
}

const passwordOf = (from: Fields): PasswordCredential => ({
  keyId: textOf(from, 'keyId') ?? '',
  displayName: textOf(from, 'displayName'),
  start: instantOf(from, 'startDateTime'),
  end: instantOf(from, 'endDateTime'),
})

const permissionsOf = (from: Fields): RequiredPermission[] => {
  const resourceAppId = textOf(from, 'resourceAppId')
  const asked = Array.isArray(from.raw.resourceAccess) ? from.objects('resourceAccess') : []
  return asked.flatMap((each) => {
    const [roleId, type] = [textOf(each, 'id'), textOf(each, 'type')]
    return resourceAppId === undefined || roleId === undefined || type === undefined ? [] : [{ resourceAppId, roleId, type }]
  })
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

/** https://learn.microsoft.com/graph/api/resources/keycredential */
const ofKey = ['customKeyIdentifier', 'displayName', 'endDateTime', 'keyId', 'startDateTime', 'type', 'usage']

/** The list as Graph accepts it: an entry without a key keeps the stored one of its keyId. */
export const keyCredentialsBody = (
  { kept, added }: { readonly kept: readonly KeyCredential[]; readonly added?: NewKey },
  dates: 'given' | 'left out',
): readonly Raw[] => [
  ...kept.map(({ raw }) => ({ ...Object.fromEntries(Object.entries(raw).filter(([name]) => ofKey.includes(name))), key: null })),
  ...(added ? [newKeyBody(added, dates)] : []),
]

const newKeyBody = ({ certificate, displayName, start, end }: NewKey, dates: 'given' | 'left out'): Raw => ({
  key: certificate,
  displayName,
  type: 'AsymmetricX509Cert',
  usage: 'Verify',
  ...(dates === 'given' && { startDateTime: start, endDateTime: end }),
})
