/** One request and its answer, as they went over the wire. */
export interface Exchange {
  /** Who asked: hma's own transport, or a test that speaks HTTP itself, at times wrong on purpose. */
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

/** One thing that is not as the description says. */
export interface Finding {
  readonly of: 'request' | 'answer'
  /** A JSON pointer into the body, with `*` for places in lists; or `status`, `path`, `?name`, `header name`. */
  readonly pointer: string
  readonly expected: string
  /** What was there instead, shortened. */
  readonly found: string
}

/** What one description says of one exchange. */
export interface Verdict {
  /** Method and path template, as described. */
  readonly operation: string
  /** Undefined: nobody described this, so nothing was judged. */
  readonly findings: readonly Finding[] | undefined
}

/** Who judges what: requests only where hma made them, answers only where the sandbox gave them. */
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

/** The path without what is peculiar to this one. */
export const general = (exchange: Exchange): string =>
  pathOf(exchange)
    .replace(/\('[^']*'\)|\(\w+=\d+\)/g, '(…)')
    .replace(/='[^']*'/g, "='…'")
    .replace(/[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}/g, '…')
