import { bad, Refusal } from './refusal.ts'
import type { CredentialPolicy, Tenant } from './state.ts'

/** Id that the default policy has in every tenant of the sandbox. */
export const policyId = '00000000-0000-0000-0000-000000000000'

const day = 86_400_000

/** Refuses a credential that the tenant's app management policy forbids: https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy */
export function checkPolicy(
  { policy }: Tenant,
  kind: 'password' | 'key',
  { startDateTime, endDateTime }: { startDateTime: string; endDateTime: string },
): void {
  if (!policy.isEnabled) return
  if (kind === 'password' && policy.passwordAddition)
    throw new Refusal(
      400,
      'CredentialTypeNotAllowedAsPerAppPolicy',
      `Credential type not allowed as per assigned policy '${policyId}'.`,
    )
  const days = kind === 'password' ? policy.passwordLifetimeDays : policy.keyLifetimeDays
  if (days === undefined || Date.parse(endDateTime) - Date.parse(startDateTime) <= days * day) return
  const message = `Credential lifetime exceeds the max value allowed as per assigned policy '${policyId}'.`
  const details = [{ code: 'InvalidKeyEndDate', message, target: 'EndDate' }]
  throw new Refusal(400, 'CredentialInvalidLifetimeAsPerAppPolicy', message, details)
}

const restriction = (restrictionType: string, days: number | undefined, state: boolean) => ({
  restrictionType,
  state: state ? 'enabled' : 'disabled',
  maxLifetime: days === undefined ? null : `P${days}D`,
  restrictForAppsCreatedAfterDateTime: '2019-01-01T00:00:00Z',
})

/** The restrictions in the form in which Graph tells them. */
export const restrictionsOf = ({ passwordAddition, passwordLifetimeDays, keyLifetimeDays }: CredentialPolicy) => ({
  passwordCredentials: [
    ...(passwordAddition ? [restriction('passwordAddition', undefined, true)] : []),
    ...(passwordLifetimeDays === undefined ? [] : [restriction('passwordLifetime', passwordLifetimeDays, true)]),
  ],
  keyCredentials: keyLifetimeDays === undefined ? [] : [restriction('asymmetricKeyLifetime', keyLifetimeDays, true)],
})

export const endsTooEarly = (): Refusal => bad('The end date of the credential has to be after its start date.')
