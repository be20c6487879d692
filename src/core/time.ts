/** In milliseconds. */
export const hour = 3_600_000
export const day = 24 * hour

/** Whole days, negative once the instant is past. */
export const daysUntil = (instant: number, now: Date): number => Math.floor((instant - now.getTime()) / day)

/** Have so many days gone by since the instant? An hour less is enough: what runs every week does not run to the minute. */
export const elapsed = (since: string, days: number, now: Date): boolean => now.getTime() >= Date.parse(since) + days * day - hour

/** Has the instant come? Who made a credential had a clock of its own: it counts as begun five minutes before. */
export const hasBegun = (start: string, now: Date): boolean => !(Date.parse(start) > now.getTime() + hour / 12)
