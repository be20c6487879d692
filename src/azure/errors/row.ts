import type { ErrorCode } from '../../core/errorCodes.ts'
import type { Problem } from './problem.ts'

/**
 * `transient`: the service is busy or broken for now. `lag`: it does not know yet about something done a moment ago, or
 * the state shows only on a later read. `refusal`: a right is missing or not effective yet.
 */
export type Passing = 'transient' | 'lag' | 'refusal'

/** A refusal with what its advice may need. */
export interface Refused extends Problem {
  readonly headers: Readonly<Record<string, string>>
  /** The right that the call needs. */
  readonly needs: string | undefined
  /** `HMA-App`, if it is not the identity of `auth` that signs in. */
  readonly identity?: SignInIdentity
}

/** Who signs in. */
export interface SignInIdentity {
  readonly tenantId: string
  /** One of the procedure's two registrations; if left out, the identity of `auth`. */
  readonly app?: 'KV-App' | 'HMA-App'
}

export type Words = string | ((refused: Refused) => string)

/** One row of a service's table of errors. A row matches if everything it names matches; the first match counts. */
export interface ErrorRow {
  /** Any of the service's codes: the outer one, an inner one, or one in the details. */
  readonly code?: string
  readonly status?: number
  readonly says?: RegExp
  /** A retry may help. If left out, it does not. */
  readonly passes?: Passing | ((refused: Refused) => Passing | undefined)
  /** The refusal is about a right of the identity that asked. */
  readonly missingRight?: true
  readonly entry: ErrorCode
  /** What it means, if the service's own words do not say so. */
  readonly meaning?: Words
  /** What to do next; for transient errors, if they persist. */
  readonly next?: Words
}

/** How a refusal is classified. */
export interface Classification {
  readonly entry: ErrorCode
  readonly passes: Passing | undefined
  readonly missingRight: boolean
  /** Meaning and next step; undefined if unknown. */
  readonly hint: string | undefined
  readonly meaning?: string
  readonly next?: string
  /** No row matches: hma does not recognize the error. */
  readonly unknown: boolean
}

const fits = (row: ErrorRow, { codes, status, message }: Refused): boolean =>
  (row.code === undefined || codes.some((code) => code.toLowerCase() === row.code?.toLowerCase())) &&
  (row.status === undefined || row.status === status) &&
  (row.says === undefined || row.says.test(message))

const said = (words: Words | undefined, refused: Refused): string =>
  typeof words === 'function' ? words(refused) : (words ?? '')

/** The classification by the row that matches a refusal. */
export function classify(rows: readonly ErrorRow[], refused: Refused): Classification {
  const row = rows.find((one) => fits(one, refused))
  if (row === undefined)
    return {
      entry: refused.service === 'login' ? 'HMA202' : 'HMA405',
      passes: undefined,
      missingRight: false,
      hint: undefined,
      unknown: true,
    }
  const [meaning, next] = [said(row.meaning, refused), said(row.next, refused)]
  const hint = [meaning, next].filter((part) => part !== '').join(' ')
  const { entry, missingRight = false } = row
  const passes = typeof row.passes === 'function' ? row.passes(refused) : row.passes
  return { entry, passes, missingRight, hint: hint || undefined, meaning, next, unknown: false }
}
