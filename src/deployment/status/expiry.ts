import type { Remark } from '../../core/remark.ts'
import { day, daysUntil } from '../../core/time.ts'

/** The current time, and how close an expiry may come. */
export interface Moment {
  readonly now: Date
  /** Milliseconds of `--within`. */
  readonly within?: number | undefined
}

/** The state of something that expires. */
export interface Expiry {
  /** ISO instant. */
  readonly expires: string
  /** Whole days, negative once it has expired. */
  readonly days: number
  readonly outlook: 'fine' | 'soon' | 'expired'
}

/** `soon`: within the requested time, or overdue for renewal. */
export function expiry(expires: string, { now, within = 0 }: Moment, renewal?: string): Expiry {
  const [end, at] = [Date.parse(expires), now.getTime()]
  const near = end - at <= within || (renewal !== undefined && Date.parse(renewal) <= at)
  const outlook = end <= at ? 'expired' : near ? 'soon' : 'fine'
  return { expires: new Date(end).toISOString(), days: daysUntil(end, now), outlook }
}

/** The ISO instant this many days after another. */
export const daysAfter = (instant: string, days: number): string => new Date(Date.parse(instant) + days * day).toISOString()

export const endsWithin = (expires: string, { now, within }: Moment): boolean =>
  within !== undefined && Date.parse(expires) - now.getTime() <= within

/** The remarks whose date is past or within this many milliseconds. */
export const dueWithin = (remarks: readonly Remark[], now: Date, within: number): readonly Remark[] =>
  remarks.filter(({ date }) => date !== undefined && Date.parse(date) - now.getTime() <= within)
