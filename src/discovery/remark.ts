import type { Observation } from '../core/kind.ts'
import { daysUntil } from '../core/time.ts'

/** What the user should know about something that was found: a fact and its consequence. */
export interface ImportRemark {
  /** The configuration key it concerns: `certificate.issuer`. */
  readonly at: string
  /** One sentence or several, with their periods. */
  readonly message: string
  /** What to do about it. */
  readonly next?: string
}

/** A remark that `plan` and `status` make too, at a configuration key. */
export const observed = (at: string, observations: readonly Observation[]): ImportRemark[] =>
  observations.map(({ text, hint }) => ({ at, message: text, ...(hint !== undefined && { next: hint }) }))

/** A remark if the condition holds. */
export const when = (holds: boolean, at: string, message: string, next?: string): ImportRemark[] =>
  holds ? [{ at, message, ...(next !== undefined && { next }) }] : []

/** `ended on 2027-01-01`, or `ends on 2027-01-01, in 12 days`. */
export function ending(end: string, now: Date): string {
  const left = daysUntil(Date.parse(end), now)
  return left < 0 ? `ended on ${end.slice(0, 10)}` : `ends on ${end.slice(0, 10)}, in ${left} ${left === 1 ? 'day' : 'days'}`
}

export const isOver = (end: string, now: Date): boolean => Date.parse(end) <= now.getTime()

/** hma renews this many days before the expiry, unless the configuration says otherwise. */
export const soon = 30

export const endsSoon = (end: string, now: Date): boolean => !isOver(end, now) && daysUntil(Date.parse(end), now) < soon

/** `a`, `a and b`, `a, b and c`. */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
