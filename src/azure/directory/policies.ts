import type { Fields } from '../http/shape.ts'
import type { GraphApi } from './graph.ts'
import type { CredentialRestriction, Directory } from './port.ts'

const toRead = 'the Graph permission Policy.Read.All'

/** The restrictions that matter, by Graph's names. */
const kinds: Readonly<Record<string, CredentialRestriction['kind']>> = {
  passwordAddition: 'secretsForbidden',
  passwordLifetime: 'secretLifetime',
  asymmetricKeyLifetime: 'certificateLifetime',
}

/** https://learn.microsoft.com/graph/api/tenantappmanagementpolicy-get */
export const policies = (graph: GraphApi): Pick<Directory, 'credentialRestrictions' | 'assignedRestrictions'> => ({
  async credentialRestrictions(tenantId) {
    const path = '/policies/defaultAppManagementPolicy'
    const doing = 'read the app management policy'
    const found = await graph.call({ tenantId, method: 'GET', path, doing, needs: toRead })
    if (found.optionalBoolean('isEnabled') !== true) return []
    return restrictionsIn(found, 'applicationRestrictions').filter(({ lifted }) => !lifted)
  },
  /** https://learn.microsoft.com/graph/api/resources/appmanagementpolicy */
  async assignedRestrictions(tenantId, objectId) {
    const path = `/applications/${objectId}/appManagementPolicies`
    const doing = 'read the app management policies assigned to the application'
    const found = await graph.list({ tenantId, method: 'GET', path, doing, needs: toRead })
    return found
      .filter((policy) => policy.optionalBoolean('isEnabled') === true)
      .flatMap((policy) => restrictionsIn(policy, 'restrictions'))
  },
})

function restrictionsIn(policy: Fields, field: string): readonly CredentialRestriction[] {
  const found = policy.optionalObject(field)
  return ['passwordCredentials', 'keyCredentials'].flatMap((list) => found?.objects(list).flatMap(restrictionOf) ?? [])
}

function restrictionOf(from: Fields): CredentialRestriction[] {
  const kind = kinds[from.optionalString('restrictionType') ?? '']
  if (kind === undefined) return []
  if (from.optionalString('state') === 'disabled') return [{ kind, lifted: true }]
  const days = daysIn(from.optionalString('maxLifetime'))
  const createdAfter = from.optionalString('restrictForAppsCreatedAfterDateTime')
  return [{ kind, ...(days !== undefined && { days }), ...(createdAfter !== undefined && { createdAfter }) }]
}

/** An ISO 8601 duration in days, rounded down; years and months as Entra counts them, of 365 and 30 days. */
function daysIn(duration: string | undefined): number | undefined {
  const [, years, months, weeks, days] = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T.*)?$/.exec(duration ?? '') ?? []
  if ([years, months, weeks, days].every((one) => one === undefined)) return undefined
  return Number(years ?? 0) * 365 + Number(months ?? 0) * 30 + Number(weeks ?? 0) * 7 + Number(days ?? 0)
}
