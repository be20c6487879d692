/** One HTTP request, as the clients put it. */
export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** The tenant for which it is asked, where there is one: a service that throttles one tenant may serve another. */
  readonly tenantId?: string
  readonly signal?: AbortSignal | undefined
  /**
   * What may be sent again after a failure: `always`, or only what surely was not processed (`unsent`), or `never`.
   * Left out, a POST is `unsent` and everything else, being idempotent, `always`.
   */
  readonly replay?: 'always' | 'unsent' | 'never'
  /** What its host shows in the handshake will be asked for (`Transport.presented`). */
  readonly handshake?: true
  /** For a look that must not become a wait. */
  readonly haste?: RetryLimits
  /**
   * Does this answer pass by itself, and where it says so, after how many milliseconds? For services that do not tell by the
   * status; left out, the status tells.
   */
  readonly passes?: (answer: HttpAnswer) => boolean | number
}

/** How little patience there is with what passes by itself. */
export interface RetryLimits {
  /** Milliseconds for all attempts and pauses. */
  readonly limit: number
}

/** What was tried before hma gave up. */
export interface Tried {
  readonly attempts: number
  /** From the first attempt on. */
  readonly milliseconds: number
  /** The pause that the service asked for at last, in milliseconds. */
  readonly asked?: number | undefined
}

/** One HTTP answer. Header names are in lower case. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Of an answer that asked to come again, and got no further attempt. */
  readonly tried?: Tried
}

/** Nothing is changed by it. Who asks by POST says so by `replay: 'always'`. */
export const isRead = ({ method, replay }: HttpRequest): boolean =>
  method === 'GET' || method === 'HEAD' || (method === 'POST' && replay === 'always')

/** What the services of Azure call the id by which their support finds a request. */
export const requestIdOf = (headers: Readonly<Record<string, string>>): string | undefined =>
  headers['request-id'] ?? headers['x-ms-request-id'] ?? headers['x-ms-service-request-id'] ?? headers.req_id
