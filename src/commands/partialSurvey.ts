import type { Address } from '../core/kind.ts'
import { type ActualState, SurveyFailed, survey } from '../core/survey.ts'

/** Whatever could be read of a deployment, and why the rest could not. */
export interface PartialSurvey {
  readonly actual: ActualState
  readonly unseen: ReadonlyMap<Address, unknown>
}

/** Reads whatever can be read. One part that cannot be read does not affect the others. */
export async function partialSurvey(...asked: Parameters<typeof survey>): Promise<PartialSurvey> {
  try {
    return { actual: await survey(...asked), unseen: new Map() }
  } catch (error) {
    if (error instanceof SurveyFailed) return error
    throw error
  }
}
