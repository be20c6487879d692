import type { Azure } from '../azure.ts'
import { readRestrictions } from './objects/restrictions.ts'
import { bad, Refusal } from './refusal.ts'
import type { Body } from './represent.ts'
import type { AssignedPolicy, CredentialPolicy, RestrictionType, Tenant } from './state.ts'

/** Id that the default policy has in every tenant of the sandbox. */
export const policyId = '00000000-0000-0000-0000-000000000000'

const day = 86_400_000

/** The date shown if a restriction applies to all applications. */
const first = '2019-01-01T00:00:00Z'

/** Do the sandbox's settings impose something on every tenant? */
export const isImposed = ({ settings: { forbidSecrets = false, secretDays = 0, certificateDays = 0 } }: Azure): boolean =>
  forbidSecrets || secretDays > 0 || certificateDays > 0

/** The policy of a tenant: its own, plus what the sandbox's settings impose on every tenant. */
export function policyOf(azure: Azure, tenant: Tenant, objectId?: string): CredentialPolicy {
  const policy = generalPolicy(tenant, objectId)
  if (!isImposed(azure)) return policy
  const { forbidSecrets = false, secretDays = 0, certificateDays = 0 } = azure.settings
  const own = policy.isEnabled ? policy : { passwordAddition: false }
  return {
    ...own,
    isEnabled: true,
    passwordAddition: own.passwordAddition || forbidSecrets,
    ...(secretDays > 0 && { passwordLifetimeDays: secretDays }),
    ...(certificateDays > 0 && { keyLifetimeDays: certificateDays }),
  }
}

/** The tenant's policy as it concerns an object: applications and service principals each have restrictions of their own. */
function generalPolicy({ policy, writtenPolicy, ...rows }: Tenant, objectId = ''): CredentialPolicy {
  if (writtenPolicy === undefined) return policy
  const principal = rows.servicePrincipals[objectId]
  const { createdDateTime } = principal ?? rows.applications[objectId] ?? {}
  const value = principal === undefined ? writtenPolicy.applications : writtenPolicy.servicePrincipals
  const created = createdDateTime === undefined ? undefined : Date.parse(createdDateTime)
  return { isEnabled: writtenPolicy.isEnabled, passwordAddition: false, ...readRestrictions(value, created) }
}

/**
 * The restrictions for one application: the policy assigned to it overrides the tenant's wherever it sets something
 * (https://learn.microsoft.com/graph/api/resources/appmanagementpolicy).
 */
function policyFor(azure: Azure, tenant: Tenant, objectId: string | undefined): CredentialPolicy & { readonly id: string } {
  const general = { ...policyOf(azure, tenant, objectId), id: policyId }
  const own = objectId === undefined ? undefined : assignedTo(tenant, objectId)
  if (!own?.isEnabled) return general
  return general.isEnabled ? { ...general, ...own, createdAfter: datesOf(general, own) } : { passwordAddition: false, ...own }
}

/** For restrictions set by the application's policy, that policy's dates apply. */
function datesOf(general: CredentialPolicy, own: AssignedPolicy): NonNullable<CredentialPolicy['createdAfter']> {
  const { passwordAddition, passwordLifetimeDays: passwordLifetime, keyLifetimeDays: asymmetricKeyLifetime } = own
  const spoken = Object.entries({ passwordAddition, passwordLifetime, asymmetricKeyLifetime })
  const silent = new Set(spoken.flatMap(([type, said]) => (said === undefined ? [type] : [])))
  const left = Object.entries(general.createdAfter ?? {}).filter(([type]) => silent.has(type))
  return { ...Object.fromEntries(left), ...own.createdAfter }
}

/** Does a restriction apply to the application? */
function concerns({ createdAfter }: CredentialPolicy, type: RestrictionType, created: string | undefined): boolean {
  const since = createdAfter?.[type]
  return created === undefined || since === undefined || Date.parse(created) >= Date.parse(since)
}

/** The policy that is assigned to an application or a service principal. */
function assignedTo({ assignedPolicies, objects = {}, ...rows }: Tenant, id: string): AssignedPolicy | undefined {
  const policies = Object.values(objects).filter(({ kind }) => kind === 'appManagementPolicy')
  const policy = policies.find(({ members }) => members.includes(id))
  if (policy === undefined) return assignedPolicies?.[id]
  const { createdDateTime = '' } = rows.applications[id] ?? rows.servicePrincipals[id] ?? {}
  const restricted = readRestrictions(policy.more.restrictions ?? {}, Date.parse(createdDateTime))
  return { id: policy.id, displayName: String(policy.more.displayName), isEnabled: policy.more.isEnabled === true, ...restricted }
}

/** Policies from a copy, in Graph's format. */
export const ownPolicies = ({ assignedPolicies = {} }: Tenant, id: string): readonly Body[] =>
  [assignedPolicies[id]].filter((own) => own !== undefined).map(assignedBody)

/** Refuses a credential that the tenant's app management policy forbids: https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy */
export function checkPolicy(
  azure: Azure,
  tenant: Tenant,
  kind: 'password' | 'key',
  { startDateTime, endDateTime }: { startDateTime: string; endDateTime: string },
  objectId?: string,
): void {
  const policy = policyFor(azure, tenant, objectId)
  const created = tenant.applications[objectId ?? '']?.createdDateTime
  if (!policy.isEnabled) return
  if (kind === 'password' && policy.passwordAddition && concerns(policy, 'passwordAddition', created)) {
    azure.met?.('forbidden by policy')
    throw new Refusal(
      400,
      'CredentialTypeNotAllowedAsPerAppPolicy',
      `Credential type not allowed as per assigned policy '${policy.id}'.`,
    )
  }
  const [type, days] =
    kind === 'password'
      ? (['passwordLifetime', policy.passwordLifetimeDays] as const)
      : (['asymmetricKeyLifetime', policy.keyLifetimeDays] as const)
  if (typeof days !== 'number' || !concerns(policy, type, created)) return
  if (Date.parse(endDateTime) - Date.parse(startDateTime) <= days * day) return
  azure.met?.('forbidden by policy')
  const message = `Credential lifetime exceeds the max value allowed as per assigned policy '${policy.id}'.`
  const details = [{ code: 'InvalidKeyEndDate', message, target: 'EndDate' }]
  throw new Refusal(400, 'CredentialInvalidLifetimeAsPerAppPolicy', message, details)
}

interface RestrictionView {
  readonly days?: number | null | undefined
  readonly lifted?: boolean
  readonly since: CredentialPolicy['createdAfter']
}

const restriction = (restrictionType: RestrictionType, { days, lifted = days === null, since }: RestrictionView) => ({
  restrictionType,
  state: lifted ? 'disabled' : 'enabled',
  maxLifetime: typeof days === 'number' ? `P${days}D` : null,
  restrictForAppsCreatedAfterDateTime: since?.[restrictionType] ?? first,
})

/** The restrictions in Graph's format. One that is lifted is listed as disabled. */
export const restrictionsOf = (policy: CredentialPolicy) => {
  const { passwordAddition, passwordLifetimeDays, keyLifetimeDays, createdAfter: since } = policy
  return {
    passwordCredentials: [
      ...(passwordAddition ? [restriction('passwordAddition', { since })] : []),
      ...(passwordLifetimeDays === undefined ? [] : [restriction('passwordLifetime', { days: passwordLifetimeDays, since })]),
    ],
    keyCredentials: keyLifetimeDays === undefined ? [] : [restriction('asymmetricKeyLifetime', { days: keyLifetimeDays, since })],
  }
}

/** The same for a policy of single applications. */
function assignedBody({ id, displayName, isEnabled, ...own }: AssignedPolicy): Body {
  const lifted =
    own.passwordAddition === false ? [restriction('passwordAddition', { lifted: true, since: own.createdAfter })] : []
  const { passwordCredentials, keyCredentials } = restrictionsOf({ passwordAddition: false, ...own, isEnabled })
  return {
    ...{ id, displayName, description: null, isEnabled },
    restrictions: { passwordCredentials: [...lifted, ...passwordCredentials], keyCredentials },
  }
}

export const endsTooEarly = (): Refusal => bad('The end date of the credential has to be after its start date.')
