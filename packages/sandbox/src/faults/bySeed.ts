import type { LogEntry } from '../azure.ts'
import type { Fault } from './faults.ts'
import { seededRandom } from './random.ts'

type Service = Exclude<LogEntry['service'], 'sandbox' | 'exchange'>

const services: readonly Service[] = ['login', 'management', 'graph', 'keyVault', 'dataverse']
const statuses = [500, 502, 503, 504] as const
const bodies = ['JSON', 'HTML', 'nothing'] as const

export type FaultKind =
  | 'connection refused'
  | 'reset before it arrived'
  | 'answer lost'
  | '429 with Retry-After'
  | '429 without Retry-After'
  | `${(typeof statuses)[number]} with ${(typeof bodies)[number]}`
  | 'error though it was done'
  | 'slow answer'
  | 'stall'

const broken = statuses.flatMap((status) => bodies.map((body) => [`${status} with ${body}`, status, body] as const))

/** Every kind of fault that can be drawn. */
export const faultKinds: readonly FaultKind[] = [
  ...([
    'connection refused',
    'reset before it arrived',
    'answer lost',
    '429 with Retry-After',
    '429 without Retry-After',
  ] as const),
  ...broken.map(([name]) => name),
  ...(['error though it was done', 'slow answer', 'stall'] as const),
]

/** Numbers and choices from one seed. */
export interface SeededChoice {
  /** A whole number from 0 to below `count`. */
  below(count: number): number
  of<Item>(items: readonly [Item, ...Item[]] | readonly Item[]): Item
}

export function seededChoice(random: () => number): SeededChoice {
  const below = (count: number): number => Math.floor(random() * count)
  return {
    below,
    of: (items) => {
      const found = items[below(items.length)]
      if (found === undefined) throw new Error('There is nothing to choose from.')
      return found
    },
  }
}

type What = Pick<Fault, 'when' | 'answer' | 'delay'>

/** One fault of the kind, at a random place, request and frequency. */
export function drawFault(sort: FaultKind, { below, of }: SeededChoice): Fault {
  const service = of(services)
  const where = { service, ...(below(2) === 0 && { only: of(['writes', 'reads'] as const) }) }
  return { name: sort, ...where, skip: below(6), times: 1 + below(3), ...what(sort, service, { below, of }) }
}

/** This many faults of any kind, the same for the same seed. */
export function faultsBySeed(seed: number, count: number): readonly Fault[] {
  const drawn = seededChoice(seededRandom(seed))
  return Array.from({ length: count }, () => drawFault(drawn.of(faultKinds), drawn))
}

function what(sort: FaultKind, service: Service, { below, of }: SeededChoice): What {
  switch (sort) {
    case 'connection refused':
      return { when: 'instead', answer: 'refuse' }
    case 'reset before it arrived':
      return { when: 'instead', answer: 'drop' }
    case 'answer lost':
      return { when: 'after', answer: 'drop' }
    case '429 with Retry-After':
      return { when: 'instead', answer: throttled(service, { 'Retry-After': String(1 + below(300)) }) }
    case '429 without Retry-After':
      return { when: 'instead', answer: throttled(service, {}) }
    case 'slow answer':
      return { when: 'after', answer: 'own', delay: 1000 * (1 + below(90)) }
    case 'stall':
      return { when: of(['instead', 'after'] as const), answer: 'stall' }
    case 'error though it was done':
      return { when: 'after', answer: failure(service, of(statuses), of(bodies)) }
    default:
      return { when: 'instead', answer: failure(service, ...kindOf(sort)) }
  }
}

function kindOf(sort: FaultKind): readonly [(typeof statuses)[number], (typeof bodies)[number]] {
  const [, status, body] = broken.find(([name]) => name === sort) ?? ['', 503, 'nothing']
  return [status, body]
}

const json = { 'Content-Type': 'application/json; charset=utf-8' }

function failure(service: Service, status: number, body: (typeof bodies)[number]): Exclude<Fault['answer'], string> {
  if (body === 'nothing') return { status }
  if (body === 'HTML')
    return { status, headers: { 'Content-Type': 'text/html' }, body: `<html><head><title>${status}</title></head></html>` }
  return { status, headers: json, body: refusal(service, 'ServiceUnavailable', 'The service cannot do this for now.') }
}

const throttled = (service: Service, headers: Readonly<Record<string, string>>): Exclude<Fault['answer'], string> => ({
  status: 429,
  headers: { ...json, ...headers },
  body: refusal(service, 'TooManyRequests', 'Too many requests. Please try again later.'),
})

/**
 * Entra's token endpoint has a form of its own (https://www.rfc-editor.org/rfc/rfc6749#section-5.2), and Dataverse numbers for codes
 * (https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes).
 */
const refusal = (service: Service, code: keyof typeof dataverseCodes, message: string): string =>
  JSON.stringify(
    service === 'login'
      ? { error: 'temporarily_unavailable', error_description: `AADSTS90033: ${message}`, error_codes: [90033] }
      : { error: { code: service === 'dataverse' ? dataverseCodes[code] : code, message } },
  )

const dataverseCodes = { TooManyRequests: '0x80072322', ServiceUnavailable: '0x80040216' } as const
