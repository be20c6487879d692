import { createHash } from 'node:crypto'
import type { Configuration } from '../../config/schema.ts'

type Part = Pick<Configuration, 'name' | 'keyVault' | 'certificate' | 'keyVaultApp' | 'renewal'>

/** At most a tenth of the time between renewals, so that short-lived credentials are not renewed much more often. */
const share = 10

/**
 * How many days earlier than `renewBeforeDays` says this deployment renews, so that a fleet created on one day does not renew on one day.
 * Never later, and always the same for one deployment: it is derived from the tenant and the name.
 */
function earlier({ name, keyVault, renewal }: Part, betweenRenewals: number): number {
  const most = Math.min(renewal?.spreadDays ?? 0, Math.max(0, Math.floor(betweenRenewals / share)))
  const hash = createHash('sha256').update(`renewal\n${keyVault.tenantId}\n${name}`).digest()
  return hash.readUInt32BE(0) % (most + 1)
}

/** The client secret. */
export function secretEarlier(configuration: Part): number {
  const { lifetimeDays, renewBeforeDays } = configuration.keyVaultApp.clientSecret
  return earlier(configuration, lifetimeDays - renewBeforeDays)
}

/** The certificate, if only hma and the vault are involved: otherwise people expect to be asked on the usual date. */
export function certificateEarlier(configuration: Part): number {
  const { source, validityMonths, renewBeforeDays } = configuration.certificate
  return source === 'generate' ? earlier(configuration, validityMonths * 30 - renewBeforeDays) : 0
}
