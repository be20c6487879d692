import type { LogEntry } from './azure.ts'

/** Something that goes wrong on purpose. What it does not name, it does not look at. */
export interface Fault {
  readonly service?: LogEntry['service']
  readonly method?: string
  /** Part of the path and query. */
  readonly url?: string
  /** Requests that it lets pass first, and those that it meets then. */
  skip?: number
  times: number
  /** `instead`: the request never arrives. `after`: it is carried out, and only its answer is another one. */
  readonly when: 'instead' | 'after'
  /** What the client gets; `drop` ends the connection without an answer. */
  readonly answer:
    | 'drop'
    | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
}

/** The first fault that meets this request, which uses it up by one. */
export function faultFor(faults: Fault[], service: LogEntry['service'], request: Request): Fault | undefined {
  const { pathname, search } = new URL(request.url)
  const address = `${pathname}${search}`
  const found = faults.find(
    (fault) =>
      fault.times > 0 &&
      (fault.service ?? service) === service &&
      (fault.method ?? request.method) === request.method &&
      address.includes(fault.url ?? ''),
  )
  if (found === undefined) return undefined
  if (found.skip !== undefined && found.skip > 0) {
    found.skip -= 1
    return undefined
  }
  found.times -= 1
  return found
}

/** The answer of a fault; undefined where the connection is to end. */
export const faulty = ({ answer }: Fault): Response | undefined =>
  answer === 'drop' ? undefined : new Response(answer.body ?? null, { status: answer.status, headers: { ...answer.headers } })

const services: readonly string[] = ['login', 'management', 'graph', 'keyVault', 'dataverse', 'exchange']

const fields: Record<keyof Fault, (value: unknown) => boolean> = {
  service: (value) => typeof value === 'string' && services.includes(value),
  method: (value) => typeof value === 'string',
  url: (value) => typeof value === 'string',
  skip: (value) => Number.isInteger(value),
  times: (value) => Number.isInteger(value),
  when: (value) => value === 'instead' || value === 'after',
  answer: (value) => value === 'drop' || isAnswer(value),
}

/** A fault as the control host is given it. */
export function isFault(value: unknown): value is Fault {
  if (typeof value !== 'object' || value === null || !('times' in value && 'when' in value && 'answer' in value)) return false
  const checks: Record<string, ((value: unknown) => boolean) | undefined> = fields
  return Object.entries(value).every(([name, one]) => Object.hasOwn(fields, name) && checks[name]?.(one))
}

function isAnswer(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('status' in value)) return false
  const { status } = value
  const headers = 'headers' in value ? value.headers : {}
  const body = 'body' in value ? value.body : ''
  const texts = typeof headers === 'object' && headers !== null && Object.values(headers).every((one) => typeof one === 'string')
  return (
    typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599 && texts && typeof body === 'string'
  )
}
