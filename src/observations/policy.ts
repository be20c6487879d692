import type { CredentialRestriction } from '../azure/directory/port.ts'
import type { Observation } from '../core/kind.ts'
import { daysUntil, renewsFrom } from '../core/time.ts'
import { type Unread, unchecked } from './unchecked.ts'

/** The restrictions by app management policies on a registration, or why they could not be read. */
export interface Restrictions {
  readonly found?: readonly CredentialRestriction[]
  /** Why at least one policy could not be read. */
  readonly unread?: Unread
}

/** A registration's next credential: when it is needed, and its lifetime. */
export interface Renewal {
  readonly tenantId: string
  /** ISO instant at which the registration was created: a policy may exempt older ones. */
  readonly created: string | undefined
  readonly at: Date
  readonly days: number
  /** There is none yet. */
  readonly isFirst?: true
}

/** A policy assigned to an application overrides the tenant's on the same kind of restriction. */
export const overriding = (
  tenants: readonly CredentialRestriction[],
  own: readonly CredentialRestriction[],
): readonly CredentialRestriction[] => [
  ...tenants.filter(({ kind }) => own.every((one) => one.kind !== kind)),
  ...own.filter(({ lifted }) => !lifted),
]

/** Enough days for an administrator to grant an exemption. A policy costs another request, so it is not read all year. */
const ahead = 120

/** Is a renewal close enough for further policies to be worth a request? */
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

/** When the next one is made: at the renewal of the current one, or now if that is overdue or there is none. */
export const renewalAt = (expires: string | undefined, now: Date, beforeDays: number, earlierDays?: number): Date =>
  expires === undefined ? now : new Date(Math.max(now.getTime(), renewsFrom(expires, beforeDays, earlierDays)))
