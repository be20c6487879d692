import { createHash } from 'node:crypto'
import type { Configuration } from '../../config/schema.ts'

type Part = Pick<Configuration, 'name' | 'keyVault' | 'certificate' | 'keyVaultApp' | 'renewal'>

/** At most a tenth of the time from one renewal to the next: where credentials are short-lived, nothing is renewed much more often. */
const share = 10

/**
 * How many days earlier than `renewBeforeDays` says this deployment renews, so that a fleet made on one day does not renew on one
 * day. Never later, and always the same number for the same deployment: it follows from the tenant and the name.
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

/** The certificate, where nobody but hma and the vault has a part in it: the others renew when people expect to be asked. */
export function certificateEarlier(configuration: Part): number {
  const { source, validityMonths, renewBeforeDays } = configuration.certificate
  return source === 'generate' ? earlier(configuration, validityMonths * 30 - renewBeforeDays) : 0
}
