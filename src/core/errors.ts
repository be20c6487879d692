import type { Address, Difference } from './kind.ts'
import { covered } from './secret.ts'

/** Configuration 1, sign-in 2, rights 3, conflict 4, waiting 5, hma itself 9. A code never changes its meaning. */
export type ErrorCode =
  | `HMA10${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`
  | `HMA11${0 | 1 | 2 | 3 | 4 | 5 | 6}`
  | `HMA12${1 | 2 | 3 | 4 | 5 | 6}`
  | `HMA${13 | 20}${1 | 2 | 3 | 4}`
  | `HMA${30 | 40}${1 | 2 | 3 | 4 | 5 | 6 | 7}`
  | 'HMA408'
  | `HMA50${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`
  | `HMA90${1 | 2}`

/**
 * A failure that was foreseen. The message says what and where, `hint` what the operator can do about it. Neither shows a secret,
 * whatever a service repeated of what it was sent.
 */
export class HmaError extends Error {
  /** Its entry in the catalogue. */
  readonly errorCode: ErrorCode
  readonly hint: string | undefined
  /** Looking again may help: the cause passes by itself. `briefly` where it is more likely that it does not. */
  readonly retryable: boolean | 'briefly'

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string | undefined; retryable?: boolean | 'briefly'; cause?: unknown } = {},
  ) {
    super(covered(message), { cause: options.cause })
    this.name = new.target.name
    this.errorCode = code
    this.hint = options.hint === undefined ? undefined : covered(options.hint)
    this.retryable = options.retryable ?? false
  }
}

export class Cycle extends HmaError {
  constructor(path: readonly Address[]) {
    super('HMA902', `These resources wait for each other: ${path.join(' → ')}`)
  }
}

export class NotConverged extends HmaError {
  constructor(address: Address, left: readonly Difference[], cause: unknown) {
    const what = left.map((difference) => difference.why ?? difference.field).join('; ')
    super(
      cause instanceof HmaError ? cause.errorCode : 'HMA506',
      `${address} did not settle${what === '' ? '' : `: ${what}`}${cause instanceof Error ? ` (${cause.message})` : ''}`,
      {
        hint: (cause instanceof HmaError ? cause.hint : undefined) ?? 'Run `hma apply` again: it goes on from where it stopped.',
        cause,
      },
    )
  }
}
