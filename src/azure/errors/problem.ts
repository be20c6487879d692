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

/** What a vault says on lines of its own, of what was refused: https://learn.microsoft.com/azure/key-vault/general/rbac-guide */
const facts = (message: string): string =>
  (message.match(/^(Action|Resource): '[^']*'/gm) ?? []).map((fact) => fact.trim()).join(', ')

/** The first line, without the ids that Entra appends to it, and without what could be a token. */
export function tidy(message: string): string {
  const line = (message.split(/\r?\n/, 1)[0] ?? '').slice(0, 2000).replace(/\s*(Trace ID|Correlation ID|Timestamp): .*$/, '')
  const told = line.startsWith('Action:') ? '' : facts(message)
  return covered((told === '' ? line : `${line.replace(/\.$/, '')} (${told})`).slice(0, 600)).trim()
}
