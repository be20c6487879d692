import { isInstant, isList, isObject, type JsonObject } from '../json.ts'
import type { CredentialPolicy, Json } from '../state.ts'

/** What a policy restricts, as far as it says something. */
export type Restricted = Partial<Omit<CredentialPolicy, 'isEnabled'>>

const day = 86_400_000

/** Milliseconds of a duration such as `P4DT12H30M5S`. */
function milliseconds(text: Json | undefined): number | undefined {
  const pattern = /^P(?=\d|T)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/
  const [whole, days = 0, hours = 0, minutes = 0, seconds = 0] = pattern.exec(typeof text === 'string' ? text : '') ?? []
  return whole === undefined
    ? undefined
    : Number(days) * day + Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000
}

/** The restrictions that the sandbox enforces; the others concern keys that cannot be added here. */
const kinds = {
  passwordCredentials: {
    passwordAddition: (isOn: boolean): Restricted => ({ passwordAddition: isOn }),
    passwordLifetime: (isOn: boolean, days: number): Restricted => ({ passwordLifetimeDays: isOn ? days : null }),
    symmetricKeyAddition: (): Restricted => ({}),
    symmetricKeyLifetime: (): Restricted => ({}),
  },
  keyCredentials: {
    asymmetricKeyLifetime: (isOn: boolean, days: number): Restricted => ({ keyLifetimeDays: isOn ? days : null }),
  },
} as const

/**
 * Reads an appManagementConfiguration; undefined if it is not one, or holds something that the sandbox does not know.
 * A restriction does not count for an application created before it: `created` is that instant.
 * https://learn.microsoft.com/graph/api/resources/passwordcredentialconfiguration
 */
export function readRestrictions(value: Json | undefined, created = Number.POSITIVE_INFINITY): Restricted | undefined {
  if (!isObject(value) || Object.keys(value).some((name) => !(name in kinds))) return undefined
  const found = (['passwordCredentials', 'keyCredentials'] as const).flatMap((name) => {
    const entries = value[name] ?? []
    return isList(entries) ? entries.map((entry) => readOne(kinds[name], entry, created)) : [undefined]
  })
  return found.includes(undefined) ? undefined : Object.assign({}, ...found)
}

type Read = (isOn: boolean, days: number) => Restricted

function readOne(known: Readonly<Record<string, Read>>, entry: Json, created: number): Restricted | undefined {
  if (!isObject(entry)) return undefined
  const { restrictionType, state = 'enabled', maxLifetime = null, restrictForAppsCreatedAfterDateTime: after = null } = entry
  const read = typeof restrictionType === 'string' && Object.hasOwn(known, restrictionType) ? known[restrictionType] : undefined
  const lasts = milliseconds(maxLifetime)
  const needsTime = /Lifetime$/.test(String(restrictionType))
  const isRight =
    (needsTime ? lasts !== undefined : maxLifetime === null) && (after === null || isInstant(after)) && hasOnly(entry)
  if (read === undefined || !isRight || (state !== 'enabled' && state !== 'disabled')) return undefined
  return after !== null && created < Date.parse(after) ? {} : read(state === 'enabled', (lasts ?? 0) / day)
}

const names = ['restrictionType', 'state', 'maxLifetime', 'restrictForAppsCreatedAfterDateTime']

const hasOnly = (entry: JsonObject): boolean =>
  Object.keys(entry).every((name) => names.includes(name) || name.includes('@odata.'))
