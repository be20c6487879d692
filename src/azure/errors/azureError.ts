import { HmaError } from '../../core/errors.ts'
import { hintForExchange } from '../exchange/errors.ts'
import { type HttpAnswer, requestIdOf } from '../http/message.ts'
import { mayPass, type Unreachable } from '../http/unreachable.ts'
import { entryFor } from './entry.ts'
import { hintFor, hintForConnection } from './hint.ts'
import { isMissingRight } from './missingRight.ts'
import { type Problem, problemOf, type Service } from './problem.ts'
import { verdictOn } from './verdict.ts'

/** What was asked of a service, in words that follow `Could not`, and the right that it takes. */
export interface Asked {
  readonly service: Service
  /** `read the application hma-contoso` */
  readonly doing: string
  /** `Application.Read.All` */
  readonly needs?: string | undefined
}

/** What people call a service. */
export const names = {
  graph: 'Microsoft Graph',
  keyVault: 'Key Vault',
  resourceManager: 'Azure Resource Manager',
  dataverse: 'Dataverse',
  login: 'Microsoft Entra',
  exchange: 'Exchange',
} as const satisfies Record<Service, string>

/** A service refused, or could not be reached. */
export class AzureError extends HmaError {
  readonly service: Service
  /** The HTTP status; undefined where no answer came. */
  readonly status: number | undefined
  readonly code: string
  readonly codes: readonly string[]
  readonly requestId: string | undefined
  readonly reason: string

  constructor(
    message: string,
    problem: Problem,
    options: { requestId?: string | undefined; hint?: string | undefined; retryable: boolean | 'briefly'; cause?: unknown },
  ) {
    super(entryFor(problem), message, { ...options, isMissingRight: isMissingRight(problem) })
    this.service = problem.service
    this.status = problem.status
    this.code = problem.code
    this.codes = problem.codes
    this.reason = problem.message
    this.requestId = options.requestId
  }
}

const retryableBy = { transient: true, lag: true, refusal: 'briefly', final: false } as const

/** The error of an answer that refuses. `url` is what was asked for. */
export function refused(asked: Asked, url: string, answer: HttpAnswer): AzureError {
  const problem = problemOf(asked.service, answer.status, answer.body)
  const requestId = requestIdOf(answer.headers)
  const said = [String(answer.status), problem.code].filter((part) => part !== '').join(' ')
  const why = problem.message === '' ? '' : `: ${problem.message.replace(/\.$/, '')}`
  const id = requestId === undefined ? '' : ` (request ${requestId})`
  return new AzureError(
    `Could not ${asked.doing}: ${names[asked.service]} at ${new URL(url).host} answered ${said}${why}${id}`,
    problem,
    {
      requestId,
      hint: hintFor(problem, asked, answer.headers),
      retryable: retryableBy[verdictOn(problem)],
    },
  )
}

/** The error of a connection that failed. A name that is not known yet may become known, as a new vault's does. */
export function unreached(asked: Asked, failure: Unreachable): AzureError {
  const problem = {
    service: asked.service,
    status: undefined,
    code: failure.code,
    codes: [failure.code],
    message: failure.message,
  }
  const looksOnly = asked.service === 'exchange'
  const processed = failure.processed === 'maybe' && !looksOnly ? '; it may have been done all the same' : ''
  return new AzureError(
    `Could not ${asked.doing}: ${names[asked.service]} at ${failure.host} cannot be reached (${failure.code})${processed}`,
    problem,
    { hint: looksOnly ? hintForExchange(failure) : hintForConnection(failure), retryable: mayPass(failure), cause: failure },
  )
}

/** The same error, with another remedy; without one, as it is. */
export const withHint = (error: AzureError, hint: string | undefined): AzureError =>
  hint === undefined
    ? error
    : new AzureError(
        error.message,
        { service: error.service, status: error.status, code: error.code, codes: error.codes, message: error.reason },
        { requestId: error.requestId, hint, retryable: error.retryable, cause: error.cause },
      )

/** Nothing there. */
export const isAbsence = (error: unknown): error is AzureError => error instanceof AzureError && error.status === 404

/** The answer, or undefined where there is nothing. */
export const unlessAbsent = <T>(call: Promise<T>): Promise<T | undefined> =>
  call.catch((error: unknown) => {
    if (isAbsence(error)) return undefined
    throw error
  })
