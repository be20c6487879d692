import { addressed, type Remark } from '../core/remark.ts'
import type { Context } from '../core/survey.ts'

/** The context of a survey that starts before the services' time is known. */
export interface SurveyContext extends Context {
  /** The remarks of the reads. */
  readonly remarks: readonly Remark[]
  /** The same at one instant, for decisions that belong together. */
  settled(): Context
}

/** The services' clock is known only after they have answered, so it is read each time. */
export function surveyContext(owner: string, { now, signal }: { readonly signal: AbortSignal; now(): Date }): SurveyContext {
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
