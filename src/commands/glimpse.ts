import type { Address } from '../core/kind.ts'
import { SurveyFailed, survey, type World } from '../core/survey.ts'

/** What could be seen of a deployment, and why the rest could not. */
export interface Glimpse {
  readonly world: World
  readonly unseen: ReadonlyMap<Address, unknown>
}

/** Whatever can be seen. What may not be read takes nothing else with it. */
export async function glimpse(...asked: Parameters<typeof survey>): Promise<Glimpse> {
  try {
    return { world: await survey(...asked), unseen: new Map() }
  } catch (error) {
    if (error instanceof SurveyFailed) return error
    throw error
  }
}
