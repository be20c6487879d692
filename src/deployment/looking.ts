import { addressed, type Remark } from '../core/remark.ts'
import type { Context } from '../core/survey.ts'

/** A look at a deployment that begins before the services have told what time it is. */
export interface Looking extends Context {
  /** What the reads remarked on. */
  readonly remarks: readonly Remark[]
  /** The same at one instant, for all that is decided together by what was seen. */
  settled(): Context
}

/** The services' clock counts, and it is known only once they have answered: so it is looked at anew each time. */
export function looking(owner: string, { now, signal }: { readonly signal: AbortSignal; now(): Date }): Looking {
  const remarks: Remark[] = []
  return {
    owner,
    signal,
    remarks,
    remark: (observation) => void remarks.push(addressed(observation, owner)),
    get now() {
      return now()
    },
    settled: () => ({ owner, signal, now: now() }),
  }
}
