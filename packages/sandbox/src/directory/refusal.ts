/** The statuses with which Graph refuses here. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 409 | 410 | 503

export interface Detail {
  readonly code: string
  readonly message: string
  readonly target: string
}

/** Graph's refusals: https://learn.microsoft.com/graph/errors */
export class Refusal extends Error {
  readonly status: RefusalStatus
  readonly code: string
  readonly details: readonly Detail[] | undefined

  constructor(status: RefusalStatus, code: string, message: string, details?: readonly Detail[]) {
    super(message)
    this.status = status
    this.code = code
    this.details = details
  }
}

/** Most mistakes of a client share one code; the message distinguishes them. */
export const bad = (message: string, detail?: { code: string; target: string }): Refusal =>
  new Refusal(400, 'Request_BadRequest', message, detail && [{ code: detail.code, message, target: detail.target }])

export const unsupported = (message: string): Refusal => new Refusal(400, 'Request_UnsupportedQuery', message)

export const notFound = (key: string): Refusal =>
  new Refusal(
    404,
    'Request_ResourceNotFound',
    `Resource '${key}' does not exist or one of its queried reference-property objects are not present.`,
  )

export const denied = (message = 'Insufficient privileges to complete the operation.'): Refusal =>
  new Refusal(403, 'Authorization_RequestDenied', message)

export const notAllowed = (): Refusal =>
  new Refusal(405, 'Request_BadRequest', 'Specified HTTP method is not allowed for the request target.')

export const noSegment = (segment: string): Refusal =>
  new Refusal(400, 'BadRequest', `Resource not found for the segment '${segment}'.`)

/** The body of the answer. The date has no zone. */
export const errorBody = ({ code, message, details }: Refusal, ids: { request: string; client: string }, now: Date) => ({
  error: {
    code,
    message,
    ...(details && { details }),
    innerError: {
      date: now.toISOString().replace(/\.\d+Z$/, ''),
      'request-id': ids.request,
      'client-request-id': ids.client,
    },
  },
})
