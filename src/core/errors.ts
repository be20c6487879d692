import { type Deadline, inWords } from './deadline.ts'
import type { ErrorCode } from './errorCodes.ts'
import type { Address, Difference } from './kind.ts'
import { redacted } from './masking.ts'

/** Longer than any of hma's own messages: text from a service can be of any length. */
const longest = 4000

export const bounded = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text)

/**
 * An expected failure. The message says what failed and where, `hint` what to do about it. Neither contains a secret, whatever a service
 * echoed.
 */
export class HmaError extends Error {
  /** Its entry in the catalogue. */
  readonly errorCode: ErrorCode
  readonly hint: string | undefined
  /** A retry may help. `briefly` if it probably will not. */
  readonly retryable: boolean | 'briefly'
  /** Details from other sources, for `-v`. */
  readonly details: string | undefined
  /** The signed-in identity lacks a right; nothing else is wrong. */
  readonly isMissingRight: boolean
  /** The message is complete by itself, wherever it occurred: it ends with a command to copy. */
  readonly oneLine: boolean

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      hint?: string | undefined
      retryable?: boolean | 'briefly'
      isMissingRight?: boolean
      cause?: unknown
      whole?: true
      details?: string
      oneLine?: true
    } = {},
  ) {
    super(redacted(options.whole ? message : bounded(message)), { cause: options.cause })
    this.name = new.target.name
    this.errorCode = code
    this.hint = options.hint === undefined ? undefined : redacted(bounded(options.hint))
    this.retryable = options.retryable ?? false
    this.details = options.details === undefined ? undefined : redacted(bounded(options.details))
    this.isMissingRight = options.isMissingRight ?? false
    this.oneLine = options.oneLine ?? false
  }
}

export class Cycle extends HmaError {
  constructor(path: readonly Address[]) {
    super('HMA902', `These resources wait for each other: ${path.join(' → ')}`)
  }
}

const again = 'Run `hma apply` again. It continues where it stopped.'

type Ended = { readonly deadline: Deadline; readonly cause?: unknown; readonly hint?: string | undefined }

/** The time of a resource or of the run is up. */
export class NotConverged extends HmaError {
  constructor(address: Address, left: readonly Difference[], { cause, deadline, hint }: Ended) {
    const what = left.map((difference) => difference.why ?? difference.field).join('; ')
    const why = cause instanceof Error ? cause.message : what
    const ended = deadline.over()
    const run = ended === undefined || ended.of === address ? '' : ` (${String(ended)})`
    super(
      cause instanceof HmaError ? cause.errorCode : 'HMA506',
      `${address} did not settle within ${inWords(deadline.elapsed())}${run}${why === '' ? '' : `: ${why}`}`,
      {
        hint: (cause instanceof HmaError ? cause.hint : undefined) ?? hint ?? again,
        cause,
      },
    )
  }
}
