import pRetry, { AbortError } from 'p-retry'
import type { HttpAnswer, HttpRequest } from './message.ts'
import { mayPass, Unreachable } from './unreachable.ts'

const attempts = 6
/**
 * Who says when to come again, and soon, is asked again this often: at three refusals of ten, six attempts would let one request of a
 * thousand fail, and a fleet makes thousands.
 */
const attemptsWhenTold = 12
/** A name that is unknown seldom becomes known: two more looks, then the operator hears of it. */
const attemptsByName = 3
const firstDelay = 1000
const longestDelay = 32_000
/** Graph has been seen to ask for 315 seconds. Who asks for more than this gets no further attempt. */
const longestObeyed = 600_000

const passingStatus = new Set([408, 429, 500, 502, 503, 504])

/** An answer that asks to come again. */
class RetryRequested extends Error {
  readonly answer: HttpAnswer
  /** The pause that it asks for, in milliseconds. */
  readonly after: number | undefined

  constructor(answer: HttpAnswer, after: number | undefined) {
    super(`status ${answer.status}`)
    this.answer = answer
    this.after = after
  }
}

export interface Patience {
  wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void>
  /** A number in [0, 1), for jitter. */
  random(): number
}

/**
 * The only retry of the program: `attempt` again while its failure passes by itself and a repeat does no harm.
 * A status that stays is an answer like any other; a connection that fails for good throws `Unreachable`.
 */
export async function retried(request: HttpRequest, patience: Patience, attempt: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  const once = async (): Promise<HttpAnswer> => {
    const answer = await attempt().catch((error: unknown) => {
      throw error instanceof Unreachable ? error : new AbortError(error instanceof Error ? error : new Error(String(error)))
    })
    const passes = request.passes === undefined ? passingStatus.has(answer.status) : request.passes(answer)
    if (passes !== false) throw new RetryRequested(answer, passes === true ? retryAfter(answer.headers) : passes)
    return answer
  }
  try {
    return await pRetry(once, {
      retries: (request.haste?.attempts ?? attemptsWhenTold) - 1,
      minTimeout: 0,
      // p-retry would wait before it knows that there is no further attempt, so whoever gives up throws here.
      onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
        const pause = retriesLeft > 0 ? delay(request, error, attemptNumber, patience.random) : undefined
        if (pause === undefined) throw error
        await patience.wait(pause, request.signal)
      },
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    })
  } catch (error) {
    if (error instanceof RetryRequested) return error.answer
    throw error
  }
}

/** Milliseconds until the next attempt, or undefined if there must be none. */
function delay(request: HttpRequest, error: Error, attempt: number, random: () => number): number | undefined {
  const replay = request.replay ?? (request.method === 'POST' ? 'unsent' : 'always')
  if (replay === 'never' || (replay === 'unsent' && !surelyUnprocessed(error))) return undefined
  const longest = request.haste?.longestMs
  if (error instanceof RetryRequested) {
    const { after } = error
    if (after !== undefined && longest !== undefined) return Math.min(after, longest)
    if (after !== undefined) return after <= (attempt < attempts ? longestObeyed : longestDelay) ? after : undefined
  } else if (error instanceof Unreachable) {
    if (!mayPass(error) || (error.code === 'ENOTFOUND' && attempt >= attemptsByName)) return undefined
  } else return undefined
  if (attempt >= attempts) return undefined
  const full = Math.min(firstDelay * 2 ** (attempt - 1), longest ?? longestDelay)
  return Math.round(full / 2 + random() * (full / 2))
}

const surelyUnprocessed = (error: Error): boolean =>
  error instanceof RetryRequested ? error.answer.status === 429 : error instanceof Unreachable && error.processed === 'no'

/**
 * What the service asks for, in milliseconds. A date is read against the answer's own Date header, so that
 * the two clocks need not agree (https://www.rfc-editor.org/rfc/rfc9110#name-retry-after).
 */
export function retryAfter(headers: Readonly<Record<string, string>>): number | undefined {
  const milliseconds = headers['retry-after-ms'] ?? headers['x-ms-retry-after-ms']
  if (milliseconds !== undefined && /^\d+$/.test(milliseconds)) return Number(milliseconds)
  const value = headers['retry-after']
  if (value === undefined) return undefined
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000)
  const pause = Date.parse(value) - Date.parse(headers.date ?? '')
  return Number.isNaN(pause) ? undefined : Math.max(0, pause)
}
