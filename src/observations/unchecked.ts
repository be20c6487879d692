import { HmaError } from '../core/errors.ts'
import type { Observation } from '../core/kind.ts'

/** Why something could not be checked, and the remedy. */
export interface Unread {
  readonly why: string
  readonly hint?: string
}

/** The answer to an optional question, or a fallback if it cannot be read: nothing fails because of it. */
export const ifReadable = <Answer, Otherwise>(call: Promise<Answer>, otherwise: (unread: Unread) => Otherwise) =>
  call.catch((error: unknown): Otherwise => {
    if (!(error instanceof HmaError)) throw error
    const why = error.isMissingRight ? 'the right to read it is missing.' : `${error.message}.`
    return otherwise({ why, ...(error.hint !== undefined && { hint: error.hint }) })
  })

/** `what`: `Whether the vault name kv-mail is free`. */
export const unchecked = (what: string, { why, hint }: Unread, about?: string): Observation => ({
  ...(about !== undefined && { about }),
  severity: 'info',
  text: `${what} could not be checked: ${why}`,
  ...(hint !== undefined && { hint }),
})
