import { sets, tables } from './columns.ts'
import { type Exchange, type Finding, general, type Judge, pathOf, queryOf, type Scope, shown, type Verdict } from './exchange.ts'
import { type Fields, parsed } from './json.ts'
import { askedColumns } from './queries.ts'
import { ofPart } from './rowParts.ts'
import { rowName, rowSchema, type Use } from './rows.ts'
import { type Check, plainChecks } from './schemas.ts'
import type { Read } from './specs.ts'

/** An error of the Web API (https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors#parse-errors-from-the-response). */
const refusal: Fields = {
  type: 'object',
  required: ['error'],
  additionalProperties: false,
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: { code: { type: 'string', pattern: '^0x[0-9a-f]{8}$' }, message: { type: 'string', minLength: 1 } },
      patternProperties: { '^@Microsoft\\.PowerApps\\.CDS\\.': { type: 'string' } },
      additionalProperties: false,
    },
  },
}

const page = (row: Fields): Fields => ({
  type: 'object',
  required: ['value'],
  properties: { value: { type: 'array', items: row } },
  patternProperties: { '^@(odata|OData|Microsoft)\\.': {} },
  additionalProperties: false,
})

/** Which statuses a method answers with where it succeeds. */
const statuses: Readonly<Record<string, readonly number[]>> = {
  GET: [200],
  POST: [201, 204],
  PATCH: [200, 201, 204],
  DELETE: [204],
}

/** Checks by a table and what of it is meant, made when they are first needed. */
function checksOf(described: ReturnType<typeof tables>) {
  const { schema, check } = plainChecks()
  for (const table of described.values()) schema(rowName(table.name), rowSchema(table, 'read'))
  const made = new Map<string, Check>()
  const once = (name: string, wanted: () => Fields): Check => {
    const known = made.get(name) ?? check(wanted())
    made.set(name, known)
    return known
  }
  return {
    sent: (name: string, use: Use): Check =>
      once(`${name} ${use}`, () => rowSchema(described.get(name) ?? { name, columns: [] }, use)),
    row: (name: string): Check => once(name, () => ({ $ref: rowName(name) })),
    rows: (name: string): Check => once(`${name} list`, () => page({ $ref: rowName(name) })),
    refusal: once('', () => refusal),
  }
}

/** Judges the Web API by the columns of its tables; anything else has no description. */
export function dataverse(read: Read): Judge {
  const described = tables(read)
  const checks = checksOf(described)
  const known = (name: string) => described.get(name)?.columns ?? []
  return (exchange, scope) => {
    const [, set = '', id, part] = /^\/api\/data\/v9\.\d\/(\w+)(\([^/]*\))?(?:\/(.*))?$/.exec(pathOf(exchange)) ?? []
    if (!isSet(set)) return elsewhere(exchange, scope, checks.refusal)
    const table = sets[set]
    const operation = `${exchange.method} ${set}${id === undefined ? '' : '(id)'}${part === undefined ? '' : `/${part}`}`
    if (part !== undefined)
      return { operation, findings: ofPart(exchange, scope, { part, columns: known(table), refusal: checks.refusal }) }
    const asked = askedColumns(queryOf(exchange), table, known).map(
      ({ option, name }): Finding => ({ of: 'request', pointer: option, expected: 'a column that can be read', found: name }),
    )
    const list = id === undefined && exchange.method === 'GET'
    return {
      operation,
      findings: [
        ...(scope.request ? [...asked, ...requestOf(exchange, checks.sent(table, useOf(exchange)))] : []),
        ...(scope.answer ? answerOf(exchange, list ? checks.rows(table) : checks.row(table), checks.refusal) : []),
      ],
    }
  }
}

const isSet = (name: string): name is keyof typeof sets => name in sets

function elsewhere(exchange: Exchange, scope: Scope, refusal: Check): Verdict {
  const refused = !scope.request && exchange.status >= 400
  const findings = scope.answer ? answerOf(exchange, refusal, refusal) : []
  return { operation: `${exchange.method} ${general(exchange)}`, findings: refused ? findings : undefined }
}

function useOf({ method, request }: Exchange): Use {
  if (method === 'GET') return 'read'
  if (method === 'POST' || request.headers['if-none-match'] === '*') return 'create'
  return request.headers['if-match'] === undefined ? 'upsert' : 'update'
}

function requestOf({ method, request }: Exchange, check: Check): readonly Finding[] {
  if (method === 'POST' || method === 'PATCH') return check(parsed(request.body), 'request')
  return request.body === '' ? [] : [{ of: 'request', pointer: '', expected: 'no body', found: shown(request.body) }]
}

function answerOf({ method, status, answer }: Exchange, check: Check, refusal: Check): readonly Finding[] {
  const fine = statuses[method] ?? []
  if (status < 400 && !fine.includes(status))
    return [{ of: 'answer', pointer: 'status', expected: `one of ${fine.join(', ')}`, found: String(status) }]
  // Without a token there is a challenge, and nothing else.
  if (status === 204 || status === 401)
    return answer.body === '' ? [] : [{ of: 'answer', pointer: '', expected: 'no body', found: shown(answer.body) }]
  return (status >= 400 ? refusal : check)(parsed(answer.body), 'answer')
}
