import { isDeepStrictEqual } from 'node:util'
import type { Difference } from './kind.ts'
import { daysUntil, renewsFrom } from './time.ts'

const value = (row: object, field: string): unknown => Reflect.get(row, field)

/** The named fields of `spec` that differ in `live`. What the specification leaves out is not compared. */
export const fields = (spec: object, live: object, names: readonly string[]): Difference[] =>
  names
    .filter((name) => value(spec, name) !== undefined && !isDeepStrictEqual(value(live, name), value(spec, name)))
    .map((field) => ({ field, from: value(live, field), to: value(spec, field) }))

/** Differences in the named fields that the specification sets. */
export function changed<Wanted extends object, Field extends keyof Wanted & string>(
  wanted: Wanted,
  live: object | undefined,
  names: readonly Field[],
) {
  const change: { [Name in Field]?: NonNullable<Wanted[Name]> } = {}
  for (const name of names) {
    const to = wanted[name]
    if (to !== undefined && to !== null && !isDeepStrictEqual(to, value(live ?? {}, name))) change[name] = to
  }
  return change
}

/** Renewal is a difference like any other, so that any scheduled apply renews. `expires` is an ISO instant. */
export function expiring(expires: string, renewBeforeDays: number, now: Date, earlierDays = 0): Difference[] {
  const late = -daysUntil(renewsFrom(expires, renewBeforeDays, earlierDays), now)
  if (late <= 0) return []
  const left = daysUntil(Date.parse(expires), now)
  const early = earlierDays > 0 ? `; ${days(earlierDays)} before renewBeforeDays, to spread renewals` : ''
  const when = left < 0 ? `expired ${days(-left)} ago` : `expires in ${days(left)}`
  return [{ field: 'expires', from: expires, reason: 'expiring', why: `${when} (renewal was due ${days(late)} ago${early})` }]
}

const days = (count: number): string => (count === 1 ? '1 day' : `${count} days`)
