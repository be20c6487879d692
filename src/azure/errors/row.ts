import type { ErrorCode } from '../../core/errorCodes.ts'
import type { Problem } from './problem.ts'

/**
 * `transient`: the service is busy or broken for now. `lag`: it does not know yet what was done a moment ago, or
 * what is there only becomes visible by looking again. `refusal`: a right is missing, or does not count yet.
 */
export type Passing = 'transient' | 'lag' | 'refusal'

/** A refusal, with what its advice may need. */
export interface Refused extends Problem {
  readonly headers: Readonly<Record<string, string>>
  /** The right that the call takes. */
  readonly needs: string | undefined
  /** `HMA-App`, where not the identity of `auth` signs in. */
  readonly identity?: Identity
}

/** Who signs in. */
export interface Identity {
  readonly tenantId: string
  /** One of the two registrations of the procedure; where left out, the identity of `auth`. */
  readonly app?: 'KV-App' | 'HMA-App'
}

export type Words = string | ((refused: Refused) => string)

/** One row of a service's table of errors. A row fits where everything that it names does; the first that fits counts. */
export interface Row {
  /** Any of the codes that the service gave: its own, an inner one, a detail. */
  readonly code?: string
  readonly status?: number
  readonly says?: RegExp
  /** Looking again may help. Where left out, a repeat changes nothing. */
  readonly passes?: Passing
  /** The refusal is about a right of the identity that asked. */
  readonly missingRight?: true
  readonly entry: ErrorCode
  /** What it means, where the service's own words do not say it. */
  readonly meaning?: Words
  /** What the reader does next; for what passes by itself, once it has not. */
  readonly next?: Words
}

/** What a refusal amounts to. */
export interface Classification {
  readonly entry: ErrorCode
  readonly passes: Passing | undefined
  readonly missingRight: boolean
  /** Meaning and next step. Undefined where nobody can say. */
  readonly hint: string | undefined
  readonly meaning?: string
  readonly next?: string
  /** No row fits: hma does not know what it means. */
  readonly unknown: boolean
}

const fits = (row: Row, { codes, status, message }: Refused): boolean =>
  (row.code === undefined || codes.some((code) => code.toLowerCase() === row.code?.toLowerCase())) &&
  (row.status === undefined || row.status === status) &&
  (row.says === undefined || row.says.test(message))

const said = (words: Words | undefined, refused: Refused): string =>
  typeof words === 'function' ? words(refused) : (words ?? '')

/** The row that fits a refusal, as it is told. */
export function classify(rows: readonly Row[], refused: Refused): Classification {
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
  const { entry, passes, missingRight = false } = row
  return { entry, passes, missingRight, hint: hint || undefined, meaning, next, unknown: false }
}
