import pRetry, { AbortError } from 'p-retry'
import { currentDeadline, type Timer } from '../../core/deadline.ts'
import { limits } from '../../core/limits.ts'
import type { HttpAnswer, HttpRequest, Tried } from './message.ts'
import { mayPass, Unreachable } from './unreachable.ts'

const firstDelay = 1000
const longestDelay = 32_000

/**
 * A service that asks for a pause knows best when it will accept more (https://learn.microsoft.com/graph/throttling). A pause that proves
 * too short this many times grows.
 */
const refusalsAsRequested = 4

const passingStatus = new Set([408, 429, 500, 502, 503, 504])

/**
 * The server at the end of this connection does not answer for this host, and has done nothing. Another connection may lead to one that
 * does (https://www.rfc-editor.org/rfc/rfc9110#name-421-misdirected-request).
 */
const misdirected = 421

/** An answer that asks to try again. */
class RetryRequested extends Error {
  readonly answer: HttpAnswer
  /** The pause it asks for, in milliseconds. */
  readonly after: number | undefined

  constructor(answer: HttpAnswer, after: number | undefined) {
    super(`status ${answer.status}`)
    this.answer = answer
    this.after = after
  }
}

export interface Patience {
  readonly timer: Timer
  /** A number in [0, 1), for jitter. */
  random(): number
  /** The service asks for a pause of this many milliseconds. */
  asked(milliseconds: number, answer: HttpAnswer): void
}

/**
 * The program's only retry: `attempt` again while the failure is transient, a repeat does no harm, and there is time.
 * A persistent status is an answer like any other; a connection that keeps failing throws `Unreachable`. Both say what was tried.
 */
export async function retried(
  request: HttpRequest,
  patience: Patience,
  attempt: (connection: 'any' | 'new') => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const began = patience.timer.now()
  const spent = (): number => patience.timer.now() - began
  let connection: 'any' | 'new' = 'any'
  const once = async (): Promise<HttpAnswer> => {
    const answer = await attempt(connection).catch((error: unknown) => {
      throw error instanceof Unreachable ? error : new AbortError(error instanceof Error ? error : new Error(String(error)))
    })
    // It was not sent at all: the requested pause is longer than the time left.
    if (answer.tried !== undefined) return answer
    if (answer.status === misdirected && connection === 'any') {
      connection = 'new'
      throw new RetryRequested(answer, undefined)
    }
    const passes = request.passes === undefined ? passingStatus.has(answer.status) : request.passes(answer)
    if (passes !== false) throw new RetryRequested(answer, passes === true ? retryAfter(answer.headers) : passes)
    return answer
  }
  try {
    return await pRetry(once, {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: 0,
      onFailedAttempt: async ({ error, attemptNumber: attempts }) => {
        const pause = delay(request, error, { attempts, milliseconds: spent() }, patience.random)
        if (error instanceof RetryRequested && error.after !== undefined) patience.asked(pause ?? error.after, error.answer)
        if (pause === undefined || pause >= timeLeft(request, spent()))
          throw givenUp(error, { attempts, milliseconds: spent(), asked: askedFor(error) })
        await patience.timer.wait(pause, request.signal)
      },
    })
  } catch (error) {
    if (error instanceof RetryRequested) return error.answer
    throw error
  }
}

/** Milliseconds left for a request. */
export const timeLeft = ({ retryLimits }: HttpRequest, spent: number): number =>
  Math.min((retryLimits?.limit ?? limits.request) - spent, currentDeadline()?.left() ?? Number.POSITIVE_INFINITY)

const askedFor = (error: Error): number | undefined => (error instanceof RetryRequested ? error.after : undefined)

function givenUp(error: Error, tried: Tried): Error {
  if (error instanceof RetryRequested) return new RetryRequested({ ...error.answer, tried }, error.after)
  return error instanceof Unreachable ? error.after(tried) : error
}

/** Milliseconds until the next attempt; undefined for none. */
function delay(request: HttpRequest, error: Error, { attempts, milliseconds }: Tried, random: () => number): number | undefined {
  const replay = request.replay ?? (request.method === 'POST' ? 'unsent' : 'always')
  if (replay === 'never' || (replay === 'unsent' && !surelyUnprocessed(error))) return undefined
  if (error instanceof RetryRequested && error.after !== undefined)
    return Math.max(error.after, grown(attempts - refusalsAsRequested) / 2)
  const full = grown(attempts)
  return milliseconds < patienceWith(error) ? Math.round(full / 2 + random() * (full / 2)) : undefined
}

const grown = (attempts: number): number => Math.min(firstDelay * 2 ** Math.max(0, attempts - 1), longestDelay)

/** How long to keep retrying if the service does not say. */
function patienceWith(error: Error): number {
  if (!(error instanceof Unreachable)) return limits.faulty
  if (!mayPass(error)) return 0
  if (error.code === 'ENOTFOUND') return limits.unresolved
  return error.processed === 'no' ? limits.unconnected : limits.faulty
}

const surelyUnprocessed = (error: Error): boolean =>
  error instanceof RetryRequested
    ? [429, misdirected].includes(error.answer.status)
    : error instanceof Unreachable && error.processed === 'no'

/**
 * The pause requested, in milliseconds; undefined if it is not a pause, such as an instant in the past. A date is measured against
 * the answer's own Date header, so that the two clocks need not agree (https://www.rfc-editor.org/rfc/rfc9110#name-retry-after).
 */
export function retryAfter(headers: Readonly<Record<string, string>>): number | undefined {
  const milliseconds = headers['retry-after-ms'] ?? headers['x-ms-retry-after-ms']
  if (milliseconds !== undefined && /^\d+$/.test(milliseconds)) return positive(Number(milliseconds))
  const value = headers['retry-after']
  if (value === undefined) return undefined
  if (/^\d+(\.\d+)?$/.test(value)) return positive(Math.ceil(Number(value) * 1000))
  return positive(Date.parse(value) - Date.parse(headers.date ?? ''))
}

const positive = (pause: number): number | undefined => (pause > 0 ? pause : undefined)
