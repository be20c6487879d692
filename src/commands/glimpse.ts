import type { Address } from '../core/kind.ts'
import { SurveyFailed, survey, type World } from '../core/survey.ts'

/** Whatever could be read of a deployment, and why the rest could not. */
export interface Glimpse {
  readonly world: World
  readonly unseen: ReadonlyMap<Address, unknown>
}

/** Reads whatever can be read. One part that cannot be read does not affect the others. */
export async function glimpse(...asked: Parameters<typeof survey>): Promise<Glimpse> {
  try {
    return { world: await survey(...asked), unseen: new Map() }
  } catch (error) {
    if (error instanceof SurveyFailed) return error
    throw error
  }
}
