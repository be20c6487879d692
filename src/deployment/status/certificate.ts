import type { Configuration } from '../../config/schema.ts'
import type { Values } from '../../core/kind.ts'
import { hasBegun, renewsFrom } from '../../core/time.ts'
import { certificateEarlier } from '../renewal/spread.ts'
import { blocksAt, partAt, textAt } from '../seen.ts'
import { daysAfter, type Expiry, expiry, type Moment } from './expiry.ts'

/** What a survey saw of the certificate, in the vault and on HMA-App. `undefined`: could not be read, or does not exist. */
export interface CertificateSeen {
  readonly certificate: Values | undefined
  readonly credential: Values | undefined
  /** A key pair in the vault waits for its certificate. */
  readonly pending: boolean
}

/** The certificate that the vault serves; null if none. */
export function certificateStatus(configuration: Configuration, seen: CertificateSeen, moment: Moment) {
  const { certificate } = configuration
  const renewEarlierDays = certificateEarlier(configuration)
  const [thumbprint, end] = [textAt(seen.certificate, 'thumbprint'), textAt(seen.certificate, 'expires')]
  if (thumbprint === undefined || end === undefined) return null
  const renewal = new Date(renewsFrom(end, certificate.renewBeforeDays, renewEarlierDays)).toISOString()
  const ends = expiry(end, moment, renewal)
  return {
    name: certificate.name,
    thumbprint,
    version: textAt(seen.certificate, 'current', 'version') ?? null,
    ...ends,
    state: stateOf(seen, thumbprint, ends, moment),
    renewal,
    ...(renewEarlierDays > 0 && { renewEarlierDays }),
    renewedBy: renewers[certificate.source],
    pending: seen.pending,
  }
}

const renewers = { generate: 'hma', csr: 'your CA', import: 'a new file' } as const

function stateOf({ certificate, credential }: CertificateSeen, thumbprint: string, ends: Expiry, { now }: Moment) {
  if (ends.outlook === 'expired') return 'expired' as const
  if (partAt(certificate, 'current', 'enabled') === false) return 'disabled' as const
  const counts = (one: Values): boolean =>
    one.thumbprint === thumbprint &&
    Date.parse(textAt(one, 'end') ?? '') > now.getTime() &&
    hasBegun(textAt(one, 'start') ?? '', now)
  return credential && !blocksAt(credential, 'trusted').some(counts) ? ('not trusted' as const) : ('current' as const)
}

/** Every certificate that HMA-App trusts: the current one, then the others, latest expiry first. */
export function trustedStatus({ certificate }: Configuration, seen: CertificateSeen, moment: Moment) {
  const current = textAt(seen.certificate, 'thumbprint')
  const all = blocksAt(seen.credential, 'trusted')
  const ofCurrent = all.find((one) => one.thumbprint === current)
  const start = textAt(ofCurrent, 'start')
  const since = [start ?? '', textAt(seen.certificate, 'current', 'updated') ?? ''].sort().at(-1) ?? ''
  const removal = start === undefined || seen.pending ? null : daysAfter(since, certificate.overlapDays)
  return all
    .map((one) => trusted(one, { current, start, removal }, moment))
    .sort((one, other) => rank(one).localeCompare(rank(other)) || other.expires.localeCompare(one.expires))
}

const rank = ({ state }: { readonly state: TrustedState }): string => (state === 'current' ? '0' : '1')

type TrustedState = 'current' | 'trusted' | 'former' | 'expired'

interface Former {
  readonly current: string | undefined
  /** Since when HMA-App trusts the current one. */
  readonly start: string | undefined
  /** When former ones are removed; null while unknown. */
  readonly removal: string | null
}

function trusted(one: Values, { current, start, removal }: Former, moment: Moment) {
  const ends = expiry(textAt(one, 'end') ?? '', moment)
  const isCurrent = one.thumbprint === current
  const former = !isCurrent && one.ours === true && start !== undefined && (textAt(one, 'start') ?? '') < start
  const valid: TrustedState = isCurrent ? 'current' : former ? 'former' : 'trusted'
  const state: TrustedState = ends.outlook === 'expired' ? 'expired' : valid
  return {
    keyId: textAt(one, 'keyId') ?? '',
    thumbprint: textAt(one, 'thumbprint') ?? '',
    ...ends,
    state,
    /** Made by hma; others stay. */
    ours: one.ours === true,
    until: former ? removal : null,
  }
}
