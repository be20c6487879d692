import { HmaError } from '../core/errors.ts'
import { SurveyFailed } from '../core/survey.ts'
import type { View } from '../views/view.ts'

/** An unusable file stops its own deployment and no other. */
export const leftOut =
  (name: string, view: View) =>
  (error: unknown): undefined => {
    if (!(error instanceof HmaError)) throw error
    view.error(new SurveyFailed([{ address: name, error }]))
  }
