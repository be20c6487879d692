import type { ErrorCode } from '../../core/errorCodes.ts'
import { bounded, HmaError } from '../../core/errors.ts'
import { redacted } from '../../core/masking.ts'
import { SurveyFailed } from '../../core/survey.ts'
import { fileProblem, isFileFailure } from '../../files/problem.ts'

/** What is reported about a failure. */
export interface ReportedFailure {
  /** Undefined if it is not an error: hma was interrupted. */
  readonly code?: ErrorCode
  readonly message: string
  readonly hint?: string
  readonly addresses: readonly string[]
  /** Unexpected: not one of hma's own errors. */
  readonly bug: boolean
  /** The mistakes in a configuration. The message also contains them, laid out with carets, and is shown line by line as it is. */
  readonly diagnostics?: readonly unknown[]
  readonly stack?: string
  /** Details from services and libraries, for `-v`. */
  readonly details?: string
  /** The message is complete by itself, wherever it occurred. */
  readonly oneLine?: true
}

/** Failures as plain data, one entry per cause: a cause common to several resources is reported once. */
export function failuresIn(error: unknown): readonly ReportedFailure[] {
  if (!(error instanceof SurveyFailed)) return [one(error, [])]
  const told = new Map<string, ReportedFailure>()
  for (const { address, error: cause } of error.failures) {
    const next = one(cause, [address])
    const key = JSON.stringify([next.code, next.message, next.hint])
    const before = told.get(key)
    told.set(key, before ? { ...before, addresses: [...before.addresses, address] } : next)
  }
  return [...told.values()]
}

function one(error: unknown, addresses: readonly string[]): ReportedFailure {
  if (error instanceof HmaError) {
    const { errorCode: code, message, hint, details } = error
    const mistakes = 'diagnostics' in error && Array.isArray(error.diagnostics) && { diagnostics: error.diagnostics }
    return {
      code,
      message,
      ...(hint !== undefined && { hint }),
      addresses,
      bug: false,
      ...mistakes,
      ...(details !== undefined && { details }),
      ...(error.oneLine && { oneLine: true }),
    }
  }
  if (isFileFailure(error))
    return { code: 'HMA118', message: `${error.path}: ${fileProblem(error)}`, hint: fileHint, addresses, bug: false }
  if (isInterruption(error)) return { message: 'interrupted', addresses, bug: false }
  // An unexpected error may quote what was sent to a service.
  if (!(error instanceof Error)) return { code: 'HMA901', message: redacted(bounded(String(error))), addresses, bug: true }
  const { message, name, stack } = error
  return {
    code: 'HMA901',
    message: redacted(bounded(message || name)),
    addresses,
    bug: true,
    ...(stack !== undefined && { stack: redacted(bounded(stack)) }),
  }
}

const fileHint = 'Check the path, its permissions and the space on the disk, then run it again.'

const isInterruption = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'
