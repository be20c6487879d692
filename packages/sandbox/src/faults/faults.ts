import type { LogEntry } from '../azure.ts'

/** An injected fault. A field left out matches anything. */
export interface Fault {
  /** Its name in the log. */
  readonly name?: string
  readonly service?: LogEntry['service']
  readonly method?: string
  /** Part of the path and query. */
  readonly url?: string
  /** Requests that change something, or those that do not. */
  readonly only?: 'writes' | 'reads'
  /** How many requests pass first, and how many are then affected. */
  skip?: number
  times: number
  /** `instead`: the request never arrives. `after`: it is carried out, and only its answer is replaced. */
  readonly when: 'instead' | 'after'
  /** Milliseconds by which the answer is delayed. */
  readonly delay?: number
  /**
   * What the client gets: `own` is the service's own answer, for a mere delay. `drop` ends the connection without an answer;
   * `stall` leaves it open without one until the client hangs up. `refuse` affects connections rather than requests: open ones are closed
   * after their next answer, and this many new ones are refused.
   */
  readonly answer:
    | 'own'
    | 'drop'
    | 'stall'
    | 'refuse'
    | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
}

/** What a fault is called in the log: its name, or what it answers. */
export const nameOf = ({ name, answer, delay }: Fault): string =>
  name ?? (typeof answer === 'object' ? `status ${answer.status}` : answer === 'own' ? `${delay ?? 0} ms late` : answer)

const reading = ['GET', 'HEAD', 'OPTIONS']

/** To these services a POST counts as a read: a sign-in changes nothing, and neither does hma's one EWS operation, GetFolder. */
const readsOnly: readonly LogEntry['service'][] = ['login', 'exchange']

/** Is the request a read? */
export const isRead = (service: LogEntry['service'], { method }: Pick<Request, 'method'>): boolean =>
  reading.includes(method) || readsOnly.includes(service)

function concerns(fault: Fault, service: LogEntry['service'], request: Pick<Request, 'method' | 'url'>): boolean {
  const { pathname, search } = new URL(request.url)
  return (
    fault.times > 0 &&
    (fault.service ?? service) === service &&
    (fault.method ?? request.method) === request.method &&
    (fault.only === undefined || (fault.only === 'reads') === isRead(service, request)) &&
    `${pathname}${search}`.includes(fault.url ?? '')
  )
}

/** The first fault that affects this request; one of its uses is spent. Faults that let requests pass first count this one. */
export function faultFor(faults: Fault[], service: LogEntry['service'], request: Request): Fault | undefined {
  let met: Fault | undefined
  for (const fault of faults.filter((one) => concerns(one, service, request))) {
    if ((fault.skip ?? 0) > 0) fault.skip = (fault.skip ?? 0) - 1
    else if (fault.answer !== 'refuse') met ??= fault
  }
  if (met !== undefined) met.times -= 1
  return met
}

/** The fault that currently refuses connections to a service, if any. */
export const refusing = (faults: readonly Fault[], service: LogEntry['service']): Fault | undefined =>
  faults.find(
    ({ answer, times, skip = 0, ...fault }) =>
      answer === 'refuse' && times > 0 && skip === 0 && (fault.service ?? service) === service,
  )

/** The answer of a fault in place of the service's own; undefined to close the connection. */
export const faulty = ({ answer }: Fault, own: Response | undefined): Response | undefined => {
  if (answer === 'own') return own
  return typeof answer === 'string'
    ? undefined
    : new Response(answer.body ?? null, { status: answer.status, headers: { ...answer.headers } })
}

const services: readonly unknown[] = ['login', 'management', 'graph', 'keyVault', 'dataverse', 'exchange']
const silent: readonly unknown[] = ['own', 'drop', 'stall', 'refuse']

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0
const isText = (value: unknown): boolean => typeof value === 'string'

const fields: Record<keyof Fault, (value: unknown) => boolean> = {
  name: isText,
  service: (value) => services.includes(value),
  method: isText,
  url: isText,
  only: (value) => value === 'writes' || value === 'reads',
  skip: isCount,
  times: isCount,
  when: (value) => value === 'instead' || value === 'after',
  delay: isCount,
  answer: (value) => silent.includes(value) || isAnswer(value),
}

/** A fault as sent to the control host. */
export function isFault(value: unknown): value is Fault {
  if (typeof value !== 'object' || value === null || !('times' in value && 'when' in value && 'answer' in value)) return false
  if (value.answer === 'own' && value.when === 'instead') return false
  const checks: Record<string, ((value: unknown) => boolean) | undefined> = fields
  return Object.entries(value).every(([name, one]) => Object.hasOwn(fields, name) && checks[name]?.(one))
}

function isAnswer(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('status' in value)) return false
  const { status } = value
  const headers = 'headers' in value ? value.headers : {}
  const body = 'body' in value ? value.body : ''
  const texts = typeof headers === 'object' && headers !== null && Object.values(headers).every(isText)
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599 && texts && isText(body)
}
