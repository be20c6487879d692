import { refuse } from './refusal.ts'

/** From this version on a vault is made with role-based access unless the request says otherwise. */
const rbacDefault = '2026-02-01'

/** Instant at which the older versions end: https://learn.microsoft.com/azure/key-vault/general/access-control-default */
const retirement = Date.parse('2027-02-27T00:00:00Z')

export const keyVaultVersions = [
  '2015-06-01',
  '2016-10-01',
  '2018-02-14',
  '2018-02-14-preview',
  '2019-09-01',
  '2020-04-01-preview',
  '2021-04-01-preview',
  '2021-06-01-preview',
  '2021-10-01',
  '2021-11-01-preview',
  '2022-02-01-preview',
  '2022-07-01',
  '2022-11-01',
  '2023-02-01',
  '2023-07-01',
  '2024-04-01-preview',
  '2024-11-01',
  '2024-12-01-preview',
  '2025-05-01',
  '2026-02-01',
]

export const roleVersions = [
  '2015-07-01',
  '2016-07-01',
  '2017-05-01',
  '2017-10-01-preview',
  '2018-01-01-preview',
  '2018-07-01',
  '2018-09-01-preview',
  '2020-04-01-preview',
  '2020-08-01-preview',
  '2020-10-01-preview',
  '2022-01-01-preview',
  '2022-04-01',
  '2022-05-01-preview',
]

export const resourceVersions = [
  '2014-04-01-preview',
  '2015-01-01',
  '2015-11-01',
  '2016-02-01',
  '2016-06-01',
  '2016-07-01',
  '2016-09-01',
  '2017-05-10',
  '2018-01-01',
  '2018-02-01',
  '2018-05-01',
  '2019-03-01',
  '2019-05-01',
  '2019-05-10',
  '2019-06-01',
  '2019-07-01',
  '2019-08-01',
  '2019-10-01',
  '2019-11-01',
  '2020-01-01',
  '2020-06-01',
  '2020-08-01',
  '2020-10-01',
  '2021-01-01',
  '2021-04-01',
  '2022-09-01',
  '2022-12-01',
  '2023-07-01',
  '2024-03-01',
  '2024-07-01',
  '2024-11-01',
  '2025-03-01',
  '2025-04-01',
]

/** Without those before 2020, which name types in another way: https://learn.microsoft.com/rest/api/managementgroups */
export const managementVersions = ['2020-02-01', '2020-05-01', '2020-10-01', '2021-04-01', '2023-04-01']

export const defaultsToRbac = (version: string): boolean => version >= rbacDefault

/** Types of Microsoft.Authorization with versions of their own; the others have those of role assignments. */
const authorization: Readonly<Record<string, readonly string[]>> = {
  locks: ['2015-01-01', '2015-05-01-preview', '2016-09-01', '2017-04-01', '2020-05-01'],
  denyassignments: ['2018-07-01-preview', '2019-03-01-preview', '2022-04-01', '2024-07-01-preview'],
}

/** Privileged Identity Management: https://learn.microsoft.com/rest/api/authorization/privileged-role-eligibility-rest-sample */
const scheduleVersions = ['2020-10-01-preview', '2020-10-01', '2022-04-01-preview', '2024-02-01-preview', '2024-09-01-preview']

function supported(provider: string | undefined, type: string | undefined, now: Date): readonly string[] {
  if (provider === 'microsoft.authorization' && type !== undefined)
    return (
      authorization[type] ??
      (/^role(eligibility|assignment|management)\w+$/.test(type) && type !== 'roleassignments' ? scheduleVersions : roleVersions)
    )
  if (provider === 'microsoft.management') return managementVersions
  if (provider !== 'microsoft.keyvault') return resourceVersions
  return now.getTime() < retirement ? keyVaultVersions : keyVaultVersions.filter(defaultsToRbac)
}

/** The request's api-version, if the provider of the canonical path supports it. */
export function checkedVersion(path: string, version: string | null, now: Date): string {
  if (!version) {
    throw refuse(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    )
  }
  // The provider itself, and its registration, are resources of the subscription.
  const [, provider, type] = [...path.matchAll(/\/providers\/([^/]+)\/(?!(?:un)?register$)([^/]+)/g)].at(-1) ?? []
  const known = supported(provider, type?.toLowerCase(), now)
  if (known.includes(version.toLowerCase())) return version.toLowerCase()
  if (provider === undefined) {
    throw refuse(
      400,
      'InvalidApiVersionParameter',
      `The api-version '${version}' is invalid. The supported versions are '${known.join(',')}'.`,
    )
  }
  throw refuse(
    400,
    'NoRegisteredProviderFound',
    `No registered resource provider found for location '' and API version '${version}' for type '${type}'. The supported api-versions are '${known.join(', ')}'. The supported locations are ''.`,
  )
}
