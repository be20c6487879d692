import { randomUUID, X509Certificate } from 'node:crypto'
import type { Azure } from '../../azure.ts'
import { markHonoured } from '../../honoured.ts'
import { isGuid, isInstant, isList, isObject, type JsonObject } from '../json.ts'
import { checkPolicy } from '../policy.ts'
import { bad, Refusal } from '../refusal.ts'
import type { DirectoryObject, Json, KeyCredential, Tenant } from '../state.ts'
import { invalidValue, type Named } from '../values.ts'

const properties = new Set([
  'customKeyIdentifier',
  'displayName',
  'endDateTime',
  'key',
  'keyId',
  'startDateTime',
  'type',
  'usage',
])

/** Where a collection of certificates is to go. */
export interface Target {
  readonly azure: Azure
  readonly tenant: Tenant
  readonly kind: Named
  /** The existing ones; empty for an object that is being created. */
  readonly stored: DirectoryObject | undefined
}

/**
 * Reads `keyCredentials` of a request: the whole collection is replaced. An entry without a key keeps the stored one of its keyId;
 * a stored one cannot be changed. https://learn.microsoft.com/graph/api/resources/keycredential
 */
export function keysIn(target: Target, value: Json): KeyCredential[] {
  if (!isList(value)) throw invalidValue('keyCredentials', target.kind)
  const keys = value.map((entry) => {
    if (!isObject(entry)) throw invalidValue('keyCredentials', target.kind)
    return keyIn(target, entry)
  })
  if (new Set(keys.map(({ keyId }) => keyId)).size < keys.length) throw invalidValue('keyCredentials', target.kind)
  return keys
}

function keyIn(target: Target, entry: JsonObject): KeyCredential {
  const unknown = Object.keys(entry).find((name) => !name.includes('@odata.') && !properties.has(name))
  if (unknown !== undefined) throw bad(`Invalid property '${unknown}'.`)
  const { keyId = null } = entry
  if (keyId !== null && !isGuid(keyId)) throw invalidValue('keyCredentials', target.kind)
  if (keyId !== null && target.stored === undefined) throw bad('The property KeyId is not supported for Create Application flow')
  const stored = target.stored?.keyCredentials.find((one) => one.keyId === keyId?.toLowerCase())
  if (stored !== undefined) return unchanged(stored, entry)
  checkWords(entry)
  if (typeof entry.key !== 'string')
    throw bad('Key credential must have a value.', { code: 'InvalidValue', target: 'keyCredentials' })
  return newKey(target, entry, certificateIn(entry.key))
}

function checkWords({ usage, type }: JsonObject): void {
  const invalid = (name: string, words: string): Refusal =>
    bad(`The value for the property "${name}" in one of your credentials is invalid. Acceptable values are ${words}.`)
  if (usage !== 'Verify' && usage !== 'Sign') throw invalid('usage', 'Sign, Verify')
  if (type !== 'AsymmetricX509Cert') throw invalid('type', 'AsymmetricX509Cert, X509CertAndPassword')
}

function unchanged(stored: KeyCredential, entry: JsonObject): KeyCredential {
  const sameKey = typeof entry.key !== 'string' || certificateIn(entry.key).raw.toString('base64') === stored.key
  const sameTimes = (['startDateTime', 'endDateTime'] as const).every((name) => sameSecond(entry[name], stored[name]))
  const sameWords = (['type', 'usage'] as const).every((name) => (entry[name] ?? stored[name]) === stored[name])
  // The other properties cannot be changed: the stored ones stay.
  markHonoured(entry)
  if (sameKey && sameTimes && sameWords) return stored
  const message = `Update to existing credential with KeyId '${stored.keyId}' is not allowed.`
  throw bad(message, { code: 'KeyNotUpdatable', target: 'keyCredentials' })
}

const sameSecond = (given: Json | undefined, stored: string): boolean =>
  typeof given !== 'string' || Math.floor(Date.parse(given) / 1000) === Math.floor(Date.parse(stored) / 1000)

/** Accepts base64 of the DER, with or without line breaks, and base64 of a PEM text. */
function certificateIn(text: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(text.replace(/\s/g, ''), 'base64'))
  } catch {
    throw bad('Key credential value is invalid.', { code: 'InvalidValue', target: 'keyCredentials' })
  }
}

const invalidEnd = (): Refusal => new Refusal(400, 'KeyCredentialsInvalidEndDate', 'Key credential end date is invalid.')

function newKey({ azure, tenant, kind, stored }: Target, entry: JsonObject, certificate: X509Certificate): KeyCredential {
  const { keyId, displayName, customKeyIdentifier } = entry
  const times = timesOf(entry, lastOf(azure, entry, certificate), certificate, azure.now())
  checkPolicy(azure, tenant, 'key', times, stored?.id)
  const thumbprint = certificate.fingerprint.replaceAll(':', '')
  if (typeof customKeyIdentifier === 'string' && Buffer.from(customKeyIdentifier, 'base64').length > 32)
    throw invalidValue('keyCredentials', kind)
  return {
    keyId: typeof keyId === 'string' ? keyId.toLowerCase() : randomUUID(),
    displayName: (typeof displayName === 'string' ? displayName : subjectOf(certificate)).slice(0, 90),
    ...times,
    key: certificate.raw.toString('base64'),
    customKeyIdentifier: typeof customKeyIdentifier === 'string' ? customKeyIdentifier : thumbprint,
    thumbprint,
    type: 'AsymmetricX509Cert',
    usage: entry.usage === 'Sign' ? 'Sign' : 'Verify',
  }
}

const subjectOf = (certificate: X509Certificate): string => certificate.subject.split('\n').reverse().join(', ')

/** When a credential with this certificate ends at the latest, in milliseconds since 1970. */
function lastOf({ settings, now }: Azure, { startDateTime }: JsonObject, { validTo }: X509Certificate): number {
  if (settings.yearForCertificates !== true) return Date.parse(validTo)
  const year = isInstant(startDateTime) ? new Date(startDateTime) : now()
  year.setUTCFullYear(year.getUTCFullYear() + 1)
  return Math.min(Date.parse(validTo), year.getTime())
}

/** A credential ends with its certificate at the latest; without times it lives as long as the certificate. */
function timesOf(
  entry: JsonObject,
  last: number,
  certificate: X509Certificate,
  now: Date,
): { startDateTime: string; endDateTime: string } {
  const { startDateTime = null, endDateTime = null } = entry
  if ((startDateTime !== null && !isInstant(startDateTime)) || (endDateTime !== null && !isInstant(endDateTime)))
    throw invalidEnd()
  const start = startDateTime === null ? Date.parse(certificate.validFrom) : Date.parse(startDateTime)
  const end = endDateTime === null ? last : Date.parse(endDateTime)
  // Tools round the end to a whole second.
  if (end >= last + 1000 || end <= start || end <= now.getTime()) throw invalidEnd()
  return { startDateTime: new Date(start).toISOString(), endDateTime: new Date(end).toISOString() }
}
