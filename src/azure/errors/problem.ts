import { redacted } from '../../core/masking.ts'
import { fieldsOf, isJson, looseJson } from '../http/shape.ts'

export type Service = 'graph' | 'keyVault' | 'resourceManager' | 'dataverse' | 'login' | 'exchange'

/** A refusal in the service's own words. */
export interface Problem {
  readonly service: Service
  /** Undefined if there was no answer. */
  readonly status: number | undefined
  /** The most specific code: `ForbiddenByRbac`, `AADSTS7000215`, `ENOTFOUND`. Empty if there is none. */
  readonly code: string
  /** Every code in the answer, outermost first. */
  readonly codes: readonly string[]
  readonly message: string
}

/** Reads the body of a refusal. It may be empty, HTML, or anything else. */
export function problemOf(service: Service, status: number, body: string): Problem {
  const json = looseJson(body)
  if (isJson(json.error)) {
    const outer = text(json.error, 'code')
    const inner = ['innererror', 'innerError'].flatMap((name) => nested(json.error, name)).map((each) => text(each, 'code'))
    const details = nested(json.error, 'details').map((each) => text(each, 'code'))
    const codes = [outer, ...inner, ...details].filter((code) => code !== '')
    const tellsMore = service === 'keyVault' ? inner.find((code) => code !== '') : undefined
    return { service, status, code: tellsMore ?? outer, codes, message: tidy(text(json.error, 'message')) }
  }
  const description = text(json, 'error_description')
  const aadsts = /AADSTS\d+/.exec(description)?.[0]
  const code = aadsts ?? text(json, 'error')
  return { service, status, code, codes: [code].filter((each) => each !== ''), message: tidy(description) }
}

const text = (value: unknown, field: string): string => {
  const found = isJson(value) ? value[field] : undefined
  return typeof found === 'string' ? found.slice(0, field === 'code' || field === 'error' ? longestCode : undefined) : ''
}

/** No service has codes nearly as long. */
const longestCode = 120

/** The objects in a field, which may hold one or a list. */
function nested(value: unknown, field: string): readonly unknown[] {
  const found = isJson(value) ? value[field] : undefined
  const list: readonly unknown[] = Array.isArray(found) ? found : [found]
  return list.filter(isJson).map((each) => fieldsOf(each, field).raw)
}

/** What a vault or Entra appends for support, and what names the caller. */
const aside =
  /^(Caller|Assignment|Vault|Trace ID|Correlation ID|Timestamp): |^DecisionReason: 'DeniedWithNoValid|^DenyAssignmentId: null/

/** The message without what is appended for support, and without anything that could be a token. */
export function tidy(message: string): string {
  const lines = message
    .slice(0, 8000)
    .split(/\r?\n/)
    .map((line) => line.trim())
  const telling = lines.filter((line) => line !== '' && !aside.test(line) && !isFact(line))
  const facts = lines.filter(isFact)
  const text = telling.join(' ').replace(/\s*(Trace ID|Correlation ID|Timestamp): .*$/, '')
  const whole =
    facts.length === 0 ? text : telling.length === 0 ? facts.join(', ') : `${text.replace(/\.$/, '')} (${facts.join(', ')})`
  return redacted(whole.slice(0, 2000)).trim()
}

/** The lines in which a vault describes what it refused: https://learn.microsoft.com/azure/key-vault/general/rbac-guide */
const isFact = (line: string): boolean => /^(Action|Resource): '[^']*'/.test(line)
