import { type Exception, exceptions, type Undescribed, undescribed } from './exceptions.ts'
import type { Exchange, Finding } from './exchange.ts'
import type { Judged, Service } from './services.ts'

/** One kind of failure, however often it occurred. */
export interface Failure extends Finding {
  readonly service: Service
  readonly operation: string
  /** The test file in which it occurred first. */
  readonly first: string
  /** Of the answer, then. */
  readonly status: number
  times: number
}

interface Line {
  requests: number
  answers: number
  readonly operations: Set<string>
  /** Requests and answers without a description. */
  unjudged: number
}

export interface Tally {
  readonly lines: ReadonlyMap<Service, Line>
  readonly failures: readonly Failure[]
  readonly used: ReadonlyMap<Exception | Undescribed, number>
}

/** Counts what was judged and separates exceptions. */
export function tally(all: Iterable<{ exchange: Exchange; judged: Judged }>): Tally {
  const lines = new Map<Service, Line>()
  const failures = new Map<string, Failure>()
  const used = new Map<Exception | Undescribed, number>()
  const except = (one: Exception | Undescribed): void => void used.set(one, (used.get(one) ?? 0) + 1)
  for (const { exchange, judged } of all) {
    const line = lines.get(judged.service) ?? { requests: 0, answers: 0, operations: new Set<string>(), unjudged: 0 }
    lines.set(judged.service, line)
    count(line, judged)
    const { findings = isUndescribed(exchange, judged, except) } = judged
    for (const finding of findings) {
      const exception = exceptions.find((each) => excepts(each, judged, finding, exchange))
      if (exception !== undefined) except(exception)
      else
        add(failures, {
          ...finding,
          service: judged.service,
          operation: judged.operation,
          first: exchange.in,
          status: exchange.status,
          times: 1,
        })
    }
  }
  return { lines, failures: [...failures.values()], used }
}

function count(line: Line, { scope, operation, findings }: Judged): void {
  const [requests, answers] = [Number(scope.request), Number(scope.answer)]
  if (findings === undefined) line.unjudged += requests + answers
  else {
    line.requests += requests
    line.answers += answers
    line.operations.add(operation)
  }
}

function isUndescribed(
  { status, in: file }: Exchange,
  { service, operation, scope }: Judged,
  except: (one: Undescribed) => void,
): readonly Finding[] {
  // A test that asks for something that does not exist and is refused.
  if (!scope.request && status >= 400) return []
  const known = undescribed.find(
    (each) => each.service === service && each.operation.test(operation) && (each.in?.test(file) ?? true),
  )
  if (known === undefined) return [{ of: 'request', pointer: 'path', expected: 'to be described', found: operation }]
  except(known)
  return []
}

const excepts = (exception: Exception, { service, operation }: Judged, finding: Finding, exchange: Exchange): boolean =>
  (exception.service ?? service) === service &&
  (exception.operation?.test(operation) ?? true) &&
  (exception.of ?? finding.of) === finding.of &&
  exception.pointer.test(finding.pointer) &&
  (exception.expected?.test(finding.expected) ?? true) &&
  (exception.found?.test(finding.found) ?? true) &&
  (exception.status?.test(String(exchange.status)) ?? true) &&
  (exception.in?.test(exchange.in) ?? true)

function add(failures: Map<string, Failure>, failure: Failure): void {
  const { service, operation, of, pointer, expected } = failure
  const key = [service, operation, of, pointer, expected].join(' ')
  const known = failures.get(key)
  if (known === undefined) failures.set(key, failure)
  else known.times++
}
