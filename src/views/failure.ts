import { HmaError } from '../core/errors.ts'
import { covered } from '../core/secret.ts'
import { SurveyFailed } from '../core/survey.ts'

/** What is told of a failure. */
export interface Told {
  readonly message: string
  readonly hint?: string
  readonly addresses: readonly string[]
  /** Nobody foresaw it. */
  readonly bug: boolean
  /** The mistakes of a configuration. The message holds them too, laid out with carets: it is shown line by line as it is. */
  readonly diagnostics?: readonly unknown[]
  readonly stack?: string
}

/** A failure as plain data, one entry for each cause: what several resources suffer from alike is told once. */
export function tell(error: unknown): readonly Told[] {
  if (!(error instanceof SurveyFailed)) return [one(error, [])]
  const told = new Map<string, Told>()
  for (const { address, error: cause } of error.failures) {
    const next = one(cause, [address])
    const key = JSON.stringify([next.message, next.hint])
    const before = told.get(key)
    told.set(key, before ? { ...before, addresses: [...before.addresses, address] } : next)
  }
  return [...told.values()]
}

/** Whatever a service repeated of what it was sent is covered. */
function one(error: unknown, addresses: readonly string[]): Told {
  const { message, hint, stack, ...rest } = plain(error, addresses)
  return {
    ...rest,
    message: covered(message),
    ...(hint !== undefined && { hint: covered(hint) }),
    ...(stack !== undefined && { stack: covered(stack) }),
  }
}

function plain(error: unknown, addresses: readonly string[]): Told {
  if (error instanceof HmaError) {
    const { message, hint } = error
    const mistakes = 'diagnostics' in error && Array.isArray(error.diagnostics) && { diagnostics: error.diagnostics }
    return { message, ...(hint !== undefined && { hint }), addresses, bug: false, ...mistakes }
  }
  if (isInterruption(error)) return { message: 'interrupted', addresses, bug: false }
  if (!(error instanceof Error)) return { message: String(error), addresses, bug: true }
  return { message: error.message || error.name, addresses, bug: true, ...(error.stack !== undefined && { stack: error.stack }) }
}

const isInterruption = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'
