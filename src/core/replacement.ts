import { isDeepStrictEqual } from 'node:util'
import { HmaError } from './errors.ts'

/** A list that a service accepts only as a whole: entries left out are deleted. */
export interface Replacement<Entry> {
  /** `the certificates of HMA-App` */
  readonly of: string
  /** All entries that were seen. */
  readonly seen: readonly Entry[]
  /** The entries that would be written. */
  readonly next: readonly Entry[]
  /** Our entries that are meant to go. */
  mayGo(entry: Entry): boolean
  /** Entries in working use; at least one has to stay. */
  inUse?(entry: Entry): boolean
  /** Its name for people. */
  name(entry: Entry): string
}

/** The list, if it keeps everything that is not ours unchanged, and something that works. Otherwise nothing may be written. */
export function guarded<Entry>({ of, seen, next, mayGo, inUse = () => false, name }: Replacement<Entry>): readonly Entry[] {
  const stays = (entry: Entry): boolean => next.some((one) => isDeepStrictEqual(one, entry))
  const lost = seen.filter((entry) => !mayGo(entry) && !stays(entry))
  if (lost.length > 0) throw refusal(`${of} would have lost ${lost.map(name).join(', ')}, which hma did not make`)
  if (seen.some(inUse) && !next.some(inUse)) throw refusal(`${of} would have lost the last entry that works`)
  return next
}

/** Usually the list has just changed, or a replica lags: the next poll will show. */
const refusal = (what: string): HmaError =>
  new HmaError('HMA408', `Nothing was written: ${what}`, {
    hint: 'The list changed during the run. Run the command again; if this happens again, report it.',
    retryable: true,
  })
