import type { Azure } from '../azure.ts'
import { readRestrictions } from './objects/restrictions.ts'
import { bad, Refusal } from './refusal.ts'
import type { Body } from './represent.ts'
import type { AssignedPolicy, CredentialPolicy, Tenant } from './state.ts'

/** Id that the default policy has in every tenant of the sandbox. */
export const policyId = '00000000-0000-0000-0000-000000000000'

const day = 86_400_000

/** The policy of a tenant: its own, plus what the sandbox's settings impose on every tenant. */
export function policyOf({ settings }: Azure, { policy }: Tenant): CredentialPolicy {
  const { forbidSecrets = false, secretDays = 0, certificateDays = 0 } = settings
  if (!forbidSecrets && secretDays === 0 && certificateDays === 0) return policy
  const own = policy.isEnabled ? policy : { passwordAddition: false }
  return {
    ...own,
    isEnabled: true,
    passwordAddition: own.passwordAddition || forbidSecrets,
    ...(secretDays > 0 && { passwordLifetimeDays: secretDays }),
    ...(certificateDays > 0 && { keyLifetimeDays: certificateDays }),
  }
}

/**
 * What holds for one application: the policy assigned to it counts instead of the tenant's wherever it says something
 * (https://learn.microsoft.com/graph/api/resources/appmanagementpolicy).
 */
function policyFor(azure: Azure, tenant: Tenant, objectId: string | undefined): CredentialPolicy & { readonly id: string } {
  const general = { ...policyOf(azure, tenant), id: policyId }
  const own = objectId === undefined ? undefined : assignedTo(tenant, objectId)
  if (!own?.isEnabled) return general
  return general.isEnabled ? { ...general, ...own } : { passwordAddition: false, ...own }
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

/** Policies that a copied world came with, in Graph's format. */
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
  if (!policy.isEnabled) return
  if (kind === 'password' && policy.passwordAddition) {
    azure.met?.('forbidden by policy')
    throw new Refusal(
      400,
      'CredentialTypeNotAllowedAsPerAppPolicy',
      `Credential type not allowed as per assigned policy '${policy.id}'.`,
    )
  }
  const days = kind === 'password' ? policy.passwordLifetimeDays : policy.keyLifetimeDays
  if (days === undefined || Date.parse(endDateTime) - Date.parse(startDateTime) <= days * day) return
  azure.met?.('forbidden by policy')
  const message = `Credential lifetime exceeds the max value allowed as per assigned policy '${policy.id}'.`
  const details = [{ code: 'InvalidKeyEndDate', message, target: 'EndDate' }]
  throw new Refusal(400, 'CredentialInvalidLifetimeAsPerAppPolicy', message, details)
}

const restriction = (restrictionType: string, days: number | undefined, state: boolean) => ({
  restrictionType,
  state: state ? 'enabled' : 'disabled',
  maxLifetime: days === undefined ? null : `P${days}D`,
  restrictForAppsCreatedAfterDateTime: '2019-01-01T00:00:00Z',
})

/** The restrictions in Graph's format. */
export const restrictionsOf = ({ passwordAddition, passwordLifetimeDays, keyLifetimeDays }: CredentialPolicy) => ({
  passwordCredentials: [
    ...(passwordAddition ? [restriction('passwordAddition', undefined, true)] : []),
    ...(passwordLifetimeDays === undefined ? [] : [restriction('passwordLifetime', passwordLifetimeDays, true)]),
  ],
  keyCredentials: keyLifetimeDays === undefined ? [] : [restriction('asymmetricKeyLifetime', keyLifetimeDays, true)],
})

/** The same for a policy of single applications: a restriction that it lifts is listed as disabled. */
function assignedBody({ id, displayName, isEnabled, ...own }: AssignedPolicy): Body {
  const lifted = own.passwordAddition === false ? [restriction('passwordAddition', undefined, false)] : []
  const { passwordCredentials, keyCredentials } = restrictionsOf({ passwordAddition: false, ...own, isEnabled })
  return {
    ...{ id, displayName, description: null, isEnabled },
    restrictions: { passwordCredentials: [...lifted, ...passwordCredentials], keyCredentials },
  }
}

export const endsTooEarly = (): Refusal => bad('The end date of the credential has to be after its start date.')
