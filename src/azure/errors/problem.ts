import { covered } from '../../core/masking.ts'
import { fieldsOf, isJson, looseJson } from '../http/shape.ts'

export type Service = 'graph' | 'keyVault' | 'resourceManager' | 'dataverse' | 'login' | 'exchange'

/** A refusal, in the words of the service that made it. */
export interface Problem {
  readonly service: Service
  /** Undefined where no answer came. */
  readonly status: number | undefined
  /** The most telling of the codes: `ForbiddenByRbac`, `AADSTS7000215`, `ENOTFOUND`. Empty where none was given. */
  readonly code: string
  /** Every code that was given, outer first. */
  readonly codes: readonly string[]
  readonly message: string
}

/** Read the body of a refusal. It may be empty, HTML, or of no shape at all. */
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

/** No code of any service is nearly as long. */
const longestCode = 120

/** The objects below a field, whether it holds one or a list of them. */
function nested(value: unknown, field: string): readonly unknown[] {
  const found = isJson(value) ? value[field] : undefined
  const list: readonly unknown[] = Array.isArray(found) ? found : [found]
  return list.filter(isJson).map((each) => fieldsOf(each, field).raw)
}

/** What a vault or Entra appends for its own support, and what names the caller. */
const aside =
  /^(Caller|Assignment|Vault|Trace ID|Correlation ID|Timestamp): |^DecisionReason: 'DeniedWithNoValid|^DenyAssignmentId: null/

/** What a message says: without what is appended for support, and without what could be a token. */
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
  return covered(whole.slice(0, 2000)).trim()
}

/** What a vault says on lines of its own, of what was refused: https://learn.microsoft.com/azure/key-vault/general/rbac-guide */
const isFact = (line: string): boolean => /^(Action|Resource): '[^']*'/.test(line)
