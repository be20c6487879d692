/** One HTTP request, as the clients put it. */
export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
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
  /** In all. */
  readonly attempts: number
  /** Longest pause between two, in milliseconds, whatever the service asks for. */
  readonly longestMs: number
}

/** One HTTP answer. Header names are in lower case. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What the services of Azure call the id by which their support finds a request. */
export const requestIdOf = (headers: Readonly<Record<string, string>>): string | undefined =>
  headers['request-id'] ?? headers['x-ms-request-id'] ?? headers['x-ms-service-request-id'] ?? headers.req_id
