import { AzureError } from '../azure/errors/azureError.ts'
import { HmaError } from '../core/errors.ts'

/** What went wrong, as reported. */
export interface ReportedProblem {
  readonly message: string
  readonly hint?: string
}

export type Outcome<Value> = { readonly value: Value } | { readonly problem: ReportedProblem; readonly refused: boolean }

/** An expected failure is a finding; any other is a bug. */
export const outcome = <Value>(call: Promise<Value>): Promise<Outcome<Value>> =>
  call.then(
    (value) => ({ value }),
    (error: unknown) => {
      if (!(error instanceof HmaError)) throw error
      const problem = { message: error.message, ...(error.hint !== undefined && { hint: error.hint }) }
      return { problem, refused: error instanceof AzureError && error.status === 403 }
    },
  )

export const answered = <Value>(from: Outcome<Value>): Value | undefined => ('value' in from ? from.value : undefined)
