import type { CredentialRestriction } from '../azure/directory/port.ts'
import type { Observation } from '../core/kind.ts'
import { day, daysUntil } from '../core/time.ts'
import { type Unread, unchecked } from './unchecked.ts'

/** What the app management policies restrict that hold for a registration, or why that could not be read. */
export interface Restrictions {
  readonly found?: readonly CredentialRestriction[]
  /** Of one policy at least. */
  readonly unread?: Unread
}

/** The next credential of a registration: when it is needed, and how long it is to live. */
export interface Renewal {
  readonly tenantId: string
  /** ISO instant at which the registration was created: a policy may spare older ones. */
  readonly created: string | undefined
  readonly at: Date
  readonly days: number
  /** There is none yet. */
  readonly isFirst?: true
}

/** What is assigned to an application counts instead of what the tenant says of the same kind. */
export const overriding = (
  tenants: readonly CredentialRestriction[],
  own: readonly CredentialRestriction[],
): readonly CredentialRestriction[] => [
  ...tenants.filter(({ kind }) => own.every((one) => one.kind !== kind)),
  ...own.filter(({ lifted }) => !lifted),
]

/** Long enough for an administrator to grant an exemption; a policy is one request more, so it is not asked for all the year. */
const ahead = 120

/** Does a renewal come so near that further policies are worth a request? */
export const isNear = (end: string | undefined, now: Date): boolean =>
  end !== undefined && daysUntil(Date.parse(end), now) < ahead

const exempt = 'Ask a Global Administrator to exempt the application before then, in Entra under App management policies'

/** Will a policy stop the next client secret? */
export function secretPolicy(restrictions: Restrictions, renewal: Renewal): readonly Observation[] {
  return [
    ...unseen(restrictions, renewal),
    ...applying(restrictions, renewal, 'secretsForbidden').map(() => ({
      ...dated(renewal),
      text: `An app management policy of tenant ${renewal.tenantId} forbids new client secrets, so ${failing(renewal)}${renewal.isFirst ? '' : ' The current secret works until it expires.'}`,
      hint: `${exempt}.`,
    })),
    ...tooLong(restrictions, renewal, 'secretLifetime', 'client secrets', 'keyVaultApp.clientSecret.lifetimeDays'),
  ]
}

/** Will a policy stop the next certificate? */
export const certificatePolicy = (restrictions: Restrictions, renewal: Renewal): readonly Observation[] => [
  ...unseen(restrictions, renewal),
  ...tooLong(restrictions, renewal, 'certificateLifetime', 'certificates', 'certificate.validityMonths'),
]

function tooLong(
  restrictions: Restrictions,
  renewal: Renewal,
  kind: CredentialRestriction['kind'],
  what: string,
  key: string,
): readonly Observation[] {
  const [strictest] = applying(restrictions, renewal, kind)
    .flatMap(({ days }) => days ?? [])
    .toSorted((one, other) => one - other)
  if (strictest === undefined || renewal.days <= strictest) return []
  const limit = `limits ${what} to ${strictest} days, and the next one would be valid for ${renewal.days}`
  const text = `An app management policy of tenant ${renewal.tenantId} ${limit}: ${failing(renewal)}`
  return [{ ...dated(renewal), text, hint: `Lower ${key}. Or: ${exempt}.` }]
}

const unseen = ({ unread }: Restrictions, { tenantId }: Renewal): readonly Observation[] =>
  unread === undefined
    ? []
    : [unchecked(`Whether a policy of tenant ${tenantId} will stop the next renewal`, { why: unread.why, hint: optional })]

const optional = 'The optional Graph permission Policy.Read.All lets hma check it.'

const applying = ({ found = [] }: Restrictions, { created, at }: Renewal, kind: CredentialRestriction['kind']) =>
  found.filter((one) => one.kind === kind && (created ?? at.toISOString()) >= (one.createdAfter ?? ''))

const dated = ({ at }: Renewal) => ({ severity: 'warning' as const, date: at.toISOString() })

const failing = (renewal: Renewal): string =>
  renewal.isFirst ? 'hma cannot create the first one.' : `the renewal on ${on(renewal)} will fail.`

const on = ({ at }: Renewal): string => at.toISOString().slice(0, 10)

/** So many days before something ends; now, where that is past. */
export const renewalAt = (expires: string | undefined, daysBefore: number, now: Date): Date =>
  expires === undefined ? now : new Date(Math.max(now.getTime(), Date.parse(expires) - daysBefore * day))
