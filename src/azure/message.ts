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
