/** In milliseconds. */
export const minute = 60_000
export const hour = 3_600_000
export const day = 24 * hour

/** Whole days, negative once the instant is past. */
export const daysUntil = (instant: number, now: Date): number => Math.floor((instant - now.getTime()) / day)

/** The instant from which something is renewed; where renewals are spread, that is some days earlier still. */
export const renewsFrom = (expires: string, beforeDays: number, earlierDays = 0): number =>
  Date.parse(expires) - (beforeDays + earlierDays) * day

/** Have this many days passed since the instant? An hour less is enough: weekly runs do not start on the minute. */
export const elapsed = (since: string, days: number, now: Date): boolean => now.getTime() >= Date.parse(since) + days * day - hour

/** By how much two clocks may differ; Entra allows as much (https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens). */
export const clockTolerance = 5 * minute

/** Has the credential become valid? The clock that dated it may differ, so it counts slightly early. */
export const hasBegun = (start: string, now: Date): boolean => !(Date.parse(start) > now.getTime() + clockTolerance)
