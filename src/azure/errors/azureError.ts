import type { ErrorCode } from '../../core/errorCodes.ts'
import { HmaError } from '../../core/errors.ts'
import { limits } from '../../core/limits.ts'
import { exchangeConnectionAdvice } from '../exchange/errors.ts'
import { type HttpAnswer, requestIdOf, type Tried } from '../http/message.ts'
import { attemptsText, mayPass, type Unreachable } from '../http/unreachable.ts'
import { connectionEntry, connectionHint } from './connection.ts'
import { type Problem, problemOf, type Service } from './problem.ts'
import { classify, type SignInIdentity } from './row.ts'
import { tables } from './tables.ts'

/** What was asked of a service, in words that follow `Could not`, and the right it needs. */
export interface Asked {
  readonly service: Service
  /** `read the application hma-contoso` */
  readonly doing: string
  /** `Application.Read.All` */
  readonly needs?: string | undefined
  /** Who signs in, if it is a sign-in. */
  readonly identity?: SignInIdentity
}

/** The name of a service for people. */
export const names = {
  graph: 'Microsoft Graph',
  keyVault: 'Key Vault',
  resourceManager: 'Azure Resource Manager',
  dataverse: 'Dataverse',
  login: 'Microsoft Entra',
  exchange: 'Exchange',
} as const satisfies Record<Service, string>

/** What is known about a refusal besides its text. */
interface Known {
  readonly entry: ErrorCode
  readonly retryable: boolean | 'briefly'
  /** A 403 can have other causes. */
  readonly isMissingRight?: boolean
  readonly requestId?: string | undefined
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/** A service refused or could not be reached. */
export class AzureError extends HmaError {
  readonly service: Service
  /** The HTTP status; undefined if there was no answer. */
  readonly status: number | undefined
  readonly code: string
  readonly codes: readonly string[]
  readonly requestId: string | undefined
  readonly reason: string

  constructor(message: string, problem: Problem, known: Known) {
    super(known.entry, message, known)
    this.service = problem.service
    this.status = problem.status
    this.code = problem.code
    this.codes = problem.codes
    this.reason = problem.message
    this.requestId = known.requestId
  }
}

const retryableBy = { transient: true, lag: true, refusal: 'briefly' } as const

/** The error for an answer that refuses. `url` is the address requested. */
export function refused(asked: Asked, url: string, answer: HttpAnswer): AzureError {
  const problem = problemOf(asked.service, answer.status, answer.body)
  return refusal(problem, asked, { host: new URL(url).host, headers: answer.headers, tried: answer.tried })
}

interface Where {
  readonly host?: string
  readonly headers?: HttpAnswer['headers']
  readonly tried?: Tried | undefined
  readonly cause?: unknown
}

/** The error for a refusal that has been read. Without a host, it comes from an SDK. */
export function refusal(problem: Problem, asked: Asked, { host, headers = {}, tried, cause }: Where): AzureError {
  const { service, doing, needs, identity } = asked
  const found = classify(tables[service], { ...problem, headers, needs, ...(identity && { identity }) })
  const requestId = requestIdOf(headers)
  const said = [problem.status, problem.code].filter((part) => part !== '' && part !== undefined).join(' ')
  const why = problem.message.replace(/\.$/, '')
  const answered = host === undefined ? why : `${names[service]} at ${host} answered ${said}${why === '' ? '' : `: ${why}`}`
  const unknown = found.unknown ? '; hma does not recognize this error' : ''
  const id = requestId === undefined ? '' : ` (request ${requestId})`
  return new AzureError(`Could not ${doing}: ${answered}${attemptsText(tried)}${id}${unknown}`, problem, {
    ...{ entry: found.entry, isMissingRight: found.missingRight, requestId, hint: found.hint, cause },
    // A service that asks for a longer pause than a resource may take is not asked again in this run.
    retryable: found.passes !== undefined && !((tried?.asked ?? 0) > limits.resource) && retryableBy[found.passes],
  })
}

/** The error for a connection that failed. A name that does not resolve yet may do so later, as a new vault's does. */
export function unreached(asked: Asked, failure: Unreachable): AzureError {
  const { code, message } = failure
  const problem = { service: asked.service, status: undefined, code, codes: [code], message }
  const readsOnly = asked.service === 'exchange'
  const processed = failure.processed === 'maybe' && !readsOnly ? '; it may have been done all the same' : ''
  return new AzureError(
    `Could not ${asked.doing}: ${names[asked.service]} at ${failure.host} ${reasonOf(failure)}${attemptsText(failure.tried)}${processed}`,
    problem,
    {
      ...{ entry: connectionEntry(code), retryable: mayPass(failure), cause: failure },
      hint: connectionHint(failure, readsOnly ? exchangeConnectionAdvice : {}),
    },
  )
}

/** hma's own limits explain themselves; for other errors, the code can be looked up. */
function reasonOf({ code, cause }: Unreachable): string {
  const own = code === 'TIMED_OUT' || code === 'ANSWER_TOO_LONG' || code === 'DEADLINE' || code === 'PROXY_CLOSED'
  return own && cause instanceof Error ? `could not be asked: ${cause.message} (${code})` : `cannot be reached (${code})`
}

const as = (error: AzureError, known: Partial<Known>): AzureError =>
  new AzureError(
    error.message,
    { service: error.service, status: error.status, code: error.code, codes: error.codes, message: error.reason },
    { ...error, entry: error.errorCode, hint: error.hint, cause: error.cause, ...known },
  )

/** The same error, with another remedy. */
export const withHint = (error: AzureError, hint: string): AzureError => as(error, { hint })

/** The same error, which may pass soon. */
export const retriedBriefly = (error: AzureError): AzureError => as(error, { retryable: 'briefly' })

/** The object does not exist. */
export const isAbsence = (error: unknown): error is AzureError => error instanceof AzureError && error.status === 404

/** The answer, or undefined if the object does not exist. */
export const unlessAbsent = <T>(call: Promise<T>): Promise<T | undefined> =>
  call.catch((error: unknown) => {
    if (isAbsence(error)) return undefined
    throw error
  })
