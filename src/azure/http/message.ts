/** One HTTP request, as clients state it. */
export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** The tenant it concerns, if any: a service that throttles one tenant may serve another. */
  readonly tenantId?: string
  readonly signal?: AbortSignal | undefined
  /**
   * Whether it may be sent again after a failure: `always`, only if it surely was not processed (`unsent`), or `never`.
   * `idempotent`: a POST that writes, with the same effect when sent twice.
   * Default: `unsent` for a POST, `always` for the idempotent rest.
   */
  readonly replay?: 'always' | 'idempotent' | 'unsent' | 'never'
  /** Over a connection of its own, made for it. */
  readonly ownConnection?: boolean
  /** What the host presents in the handshake will be needed (`Transport.presented`). */
  readonly handshake?: true
  /** For a read that must not turn into a long wait. */
  readonly retryLimits?: RetryLimits
  /**
   * Is this answer transient, and if it says so, for how many milliseconds? For services that do not show it in the
   * status; if left out, the status decides.
   */
  readonly passes?: (answer: HttpAnswer) => boolean | number
}

/** Limits for retrying transient failures. */
export interface RetryLimits {
  /** Milliseconds for all attempts and pauses together. */
  readonly limit: number
}

/** What was tried before hma gave up. */
export interface Tried {
  readonly attempts: number
  /** Since the first attempt. */
  readonly milliseconds: number
  /** The last pause that the service asked for, in milliseconds. */
  readonly asked?: number | undefined
}

/** One HTTP answer. Header names are in lower case. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Set if the answer asked to try again and no attempt followed. */
  readonly tried?: Tried
}

/** One attempt at a request. Statuses are answers; it throws what a connection throws, with its code. */
export type Carry = (request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>

/** The request changes nothing. A POST that reads says so by `replay: 'always'`. */
export const isRead = ({ method, replay }: HttpRequest): boolean =>
  method === 'GET' || method === 'HEAD' || (method === 'POST' && replay === 'always')

/** Headers with the id by which Azure's support finds a request. */
export const requestIdOf = (headers: Readonly<Record<string, string>>): string | undefined =>
  headers['request-id'] ?? headers['x-ms-request-id'] ?? headers['x-ms-service-request-id'] ?? headers.req_id
