/** One request and its answer as on the wire. */
export interface Exchange {
  /** The sender: hma's own transport, or a test that speaks HTTP itself, sometimes wrong on purpose. */
  readonly by: 'hma' | 'test'
  /** The test file in which it happened. */
  readonly in: string
  readonly host: string
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly request: Message
  readonly status: number
  readonly answer: Message
}

export interface Message {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** One deviation from the description. */
export interface Finding {
  readonly of: 'request' | 'answer'
  /** A JSON pointer into the body, with `*` for places in lists; or `status`, `path`, `?name`, `header name`. */
  readonly pointer: string
  readonly expected: string
  /** The actual value, shortened. */
  readonly found: string
}

/** What one description says of one exchange. */
export interface Verdict {
  /** Method and path template, as described. */
  readonly operation: string
  /** Undefined: not described, so not judged. */
  readonly findings: readonly Finding[] | undefined
}

/** What is judged: requests by hma, and answers by the sandbox. */
export interface Scope {
  readonly request: boolean
  readonly answer: boolean
}

export type Judge = (exchange: Exchange, scope: Scope) => Verdict

export const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}

export const pathOf = ({ url }: Exchange): string => url.split('?')[0] ?? ''

export const queryOf = ({ url }: Exchange): URLSearchParams => new URLSearchParams(url.split('?').slice(1).join('?'))

/** The path without its variable parts. */
export const general = (exchange: Exchange): string =>
  pathOf(exchange)
    .replace(/\('[^']*'\)|\(\w+=\d+\)/g, '(…)')
    .replace(/='[^']*'/g, "='…'")
    .replace(/[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}/g, '…')
