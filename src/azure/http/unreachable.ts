import { inWords } from '../../core/deadline.ts'
import {
  type ConnectionProblem,
  connectionProblem,
  isCertificateProblem,
  isHandshakeProblem,
  wasCut,
} from './connectionProblem.ts'
import type { Tried } from './message.ts'

/** Why there was no answer: an unknown name, a refused or broken connection, a certificate. */
export type UnreachableCode = string

/** There was no answer. `processed`: whether the service may have carried out the request. */
export class Unreachable extends Error {
  readonly code: UnreachableCode
  readonly host: string
  readonly processed: 'no' | 'maybe'
  /** What was tried before hma gave up. */
  readonly tried: Tried | undefined

  constructor(code: UnreachableCode, host: string, cause: unknown, tried?: Tried) {
    super(`${host}: ${cause instanceof Error && cause.message !== '' ? cause.message : code}`, { cause })
    this.name = 'Unreachable'
    this.code = code
    this.host = host
    this.tried = tried
    this.processed = surelyUnsent(code) ? 'no' : 'maybe'
  }

  /** The same, once hma has given up. */
  after(tried: Tried): Unreachable {
    return new Unreachable(this.code, this.host, this.cause, tried)
  }
}

const surelyUnsent = (code: string): boolean =>
  neverSent.has(connectionProblem(code)) || neverConnected.has(code) || isCertificateProblem(code) || isHandshakeProblem(code)

/** ` after 5 attempts in 31 seconds`; empty after a single attempt that took no time. */
export const attemptsText = (tried: Tried | undefined): string =>
  tried === undefined || (tried.attempts < 2 && tried.milliseconds < 5000)
    ? ''
    : ` after ${tried.attempts} attempt${tried.attempts === 1 ? '' : 's'} in ${inWords(tried.milliseconds)}`

/** Nothing was sent, so nothing can have happened. */
const neverSent: ReadonlySet<ConnectionProblem> = new Set(['proxy', 'name', 'refused', 'deadline'])
const neverConnected = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'CONNECT_TIMED_OUT'])
const passing: ReadonlySet<ConnectionProblem> = new Set(['name', 'refused', 'silent'])

/** The cause may be transient. */
export const mayPass = ({ code }: Unreachable): boolean => passing.has(connectionProblem(code)) || wasCut(code)

/** The code of a failed connection, wherever it is. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.cause === undefined ? error.name : codeOf(error.cause)
}
