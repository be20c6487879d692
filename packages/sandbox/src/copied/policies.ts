import type { AssignedPolicy, CredentialPolicy, RestrictionType } from '../directory/state.ts'
import { isObject, type JsonObject, listAt, objectAt, textAt } from '../resourceManager/json.ts'

/** https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy */
export const policyIn = (body: JsonObject): CredentialPolicy => {
  const found = restrictionsIn(objectAt(body, 'applicationRestrictions'))
  return { isEnabled: body.isEnabled === true, ...inForce(found), passwordAddition: isOn(found.get('passwordAddition')) }
}

/** Such a policy overrides the tenant's, and lifts the restrictions that it disables. */
export function assignedPolicyIn(body: JsonObject): AssignedPolicy {
  const found = restrictionsIn(objectAt(body, 'restrictions'))
  const isLifted = (type: RestrictionType): boolean => found.has(type) && !isOn(found.get(type))
  return {
    ...{ id: textAt(body, 'id') ?? '', displayName: textAt(body, 'displayName') ?? '', isEnabled: body.isEnabled === true },
    ...(found.has('passwordAddition') && { passwordAddition: isOn(found.get('passwordAddition')) }),
    ...(isLifted('passwordLifetime') && { passwordLifetimeDays: null }),
    ...(isLifted('asymmetricKeyLifetime') && { keyLifetimeDays: null }),
    ...inForce(found),
  }
}

type Restrictions = ReadonlyMap<string, JsonObject>

function restrictionsIn(body: JsonObject): Restrictions {
  const lists = ['passwordCredentials', 'keyCredentials'].flatMap((name) => (listAt(body, name) ?? []).filter(isObject))
  return new Map(lists.map((one) => [textAt(one, 'restrictionType') ?? '', one]))
}

const isOn = (restriction: JsonObject | undefined): boolean => restriction !== undefined && restriction.state !== 'disabled'

/** The lifetimes, and for each restriction the creation date from which applications are subject to it. */
function inForce(found: Restrictions): Partial<CredentialPolicy> {
  const days = (type: RestrictionType): number | undefined => (isOn(found.get(type)) ? daysOf(found.get(type)) : undefined)
  const [password, key] = [days('passwordLifetime'), days('asymmetricKeyLifetime')]
  const since = [...found].flatMap(([type, one]) => {
    const date = textAt(one, 'restrictForAppsCreatedAfterDateTime')
    return date === undefined ? [] : [[type, date] as const]
  })
  return {
    ...(password !== undefined && { passwordLifetimeDays: password }),
    ...(key !== undefined && { keyLifetimeDays: key }),
    ...(since.length > 0 && { createdAfter: Object.fromEntries(since) }),
  }
}

/** The days in an ISO duration of years, months, weeks and days. */
function daysOf(restriction: JsonObject | undefined): number | undefined {
  const parts = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?/.exec(textAt(restriction ?? {}, 'maxLifetime') ?? '')
  if (!parts) return undefined
  const [years = 0, months = 0, weeks = 0, days = 0] = parts.slice(1).map((part) => Number(part ?? 0))
  return years * 365 + months * 30 + weeks * 7 + days
}
