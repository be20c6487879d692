import type { HmaError } from '../core/errors.ts'
import type { Failure, SurveyFailed } from '../core/survey.ts'

/**
 * What is told of a failure. `bug` is set for what nobody foresaw; `rendered` for a text that is complete as it is.
 */
export interface Told {
  readonly message: string
  readonly hint?: string
  readonly addresses: readonly string[]
  readonly bug: boolean
  readonly stack?: string
}

/** A failure as plain data, one entry for each cause: what several resources suffer from alike is told once. */
export function tell(error: unknown): readonly Told[] {
  if (!isSurveyFailed(error)) return [one(error, [])]
  const told = new Map<string, Told>()
  for (const { address, error: cause } of error.failures) {
    const next = one(cause, [address])
    const key = JSON.stringify([next.message, next.hint])
    const before = told.get(key)
    told.set(key, before ? { ...before, addresses: [...before.addresses, address] } : next)
  }
  return [...told.values()]
}

function one(error: unknown, addresses: readonly string[]): Told {
  if (isForeseen(error)) {
    return { message: error.message, ...(error.hint !== undefined && { hint: error.hint }), addresses, bug: false }
  }
  if (isInterruption(error)) return { message: 'interrupted', addresses, bug: false }
  if (!(error instanceof Error)) return { message: String(error), addresses, bug: true }
  return { message: error.message || error.name, addresses, bug: true, ...(error.stack !== undefined && { stack: error.stack }) }
}

// Views know the core by its types alone, so a class is told by its shape.
const isForeseen = (error: unknown): error is HmaError => error instanceof Error && 'hint' in error && 'retryable' in error

const isSurveyFailed = (error: unknown): error is SurveyFailed =>
  error instanceof Error && 'failures' in error && Array.isArray(error.failures) && error.failures.every(isFailure)

const isFailure = (value: unknown): value is Failure =>
  typeof value === 'object' && value !== null && 'address' in value && 'error' in value

const isInterruption = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'
