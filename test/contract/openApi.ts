import { type Exchange, type Finding, general, type Judge, pathOf, queryOf, type Scope, shown, type Verdict } from './exchange.ts'
import { isFields, parsed, textIn } from './json.ts'
import { type Found, find, type Operation } from './operations.ts'
import type { Place } from './references.ts'
import { type Check, type Checks, checks, type Purpose } from './schemas.ts'
import type { Read } from './specs.ts'

export interface Description {
  readonly operations: readonly Operation[]
  /** What a path begins with that the templates do not say. */
  readonly prefix: string
  /** The body of a refusal of something without a description. */
  readonly refusal: Place
}

/** Judges by a description in Swagger 2.0 or OpenAPI 3. */
export function judgeBy(read: Read, { operations, prefix, refusal }: Description): Judge {
  const by: Record<Purpose, Checks> = {
    create: checks(read, 'create'),
    update: checks(read, 'update'),
    read: checks(read, 'read'),
  }
  return (exchange, scope) => {
    const path = decodeURI(pathOf(exchange))
    const found = path.startsWith(prefix) ? find(operations, exchange.method, path.slice(prefix.length)) : undefined
    if (found === undefined) return undescribed(exchange, scope, by.read(refusal))
    const { operation } = found
    return {
      operation: operation.name,
      findings: [
        ...(scope.request ? [...parameters(found, exchange, by.create), ...requestBody(operation, exchange, by)] : []),
        ...(scope.answer ? answer(operation, exchange, by.read) : []),
      ],
    }
  }
}

/** If a test asks for something that does not exist, the sandbox has to refuse as the service would. */
function undescribed(exchange: Exchange, scope: Scope, refusal: Check): Verdict {
  const operation = `${exchange.method} ${general(exchange)}`
  const refused = !scope.request && exchange.status >= 400
  return { operation, findings: refused ? (scope.answer ? body(exchange, refusal) : []) : undefined }
}

/** Parameters of path, query and headers: known ones only, with values that fit, and none left out. */
function parameters({ operation, values }: Found, exchange: Exchange, check: Checks): readonly Finding[] {
  const query = queryOf(exchange)
  const described = operation.parameters.filter(({ value }) => value.in !== 'body')
  const known = new Set(
    described.filter(({ value }) => value.in === 'query').map(({ value }) => textIn(value.name).toLowerCase()),
  )
  const strange = [...query.keys()].filter((name) => !known.has(name.toLowerCase()))
  return [
    ...strange.map(
      (name) => ({ of: 'request', pointer: `?${name}`, expected: 'to be described', found: query.get(name) ?? '' }) as const,
    ),
    ...described.flatMap((place) => {
      const name = textIn(place.value.name)
      const given = {
        path: values.get(name),
        query: query.get(name) ?? undefined,
        header: exchange.request.headers[name.toLowerCase()],
      }
      const where = textIn(place.value.in)
      const value = where === 'path' || where === 'query' || where === 'header' ? given[where] : undefined
      const pointer = where === 'query' ? `?${name}` : `${where} ${name}`
      if (name === 'api-version') return version(operation, value)
      if (value === undefined)
        return place.value.required === true
          ? [{ of: 'request', pointer, expected: 'to be given', found: 'nothing' } as const]
          : []
      return check(typed(place))(meant(place, value), 'request').map((finding) => ({ ...finding, pointer }))
    }),
  ]
}

const version = ({ version }: Operation, value: string | undefined): readonly Finding[] =>
  value === version ? [] : [{ of: 'request', pointer: '?api-version', expected: version, found: value ?? 'nothing' }]

/** OpenAPI has the schema of a parameter in a place of its own. */
const typed = ({ file, value }: Place): Place => ({ file, value: isFields(value.schema) ? value.schema : value })

/** Values in a URL are text, whatever they mean. */
function meant(place: Place, value: string): unknown {
  const { type } = typed(place).value
  if (type === 'integer' || type === 'number') return Number(value)
  return type === 'boolean' && ['true', 'false'].includes(value) ? value === 'true' : value
}

function requestBody(operation: Operation, { method, request }: Exchange, by: Record<Purpose, Checks>): readonly Finding[] {
  if (operation.body === undefined)
    return request.body === '' ? [] : [{ of: 'request', pointer: '', expected: 'no body', found: shown(request.body) }]
  const check = by[method === 'PATCH' ? 'update' : 'create'](operation.body)
  return [...check(parsed(request.body), 'request'), ...json(request, 'request')]
}

function answer(operation: Operation, exchange: Exchange, check: Checks): readonly Finding[] {
  const { answers } = operation
  const { status } = exchange
  const key = [String(status), ...(status >= 400 ? [`${String(status)[0]}XX`, 'default'] : [])].find((each) => answers.has(each))
  if (key === undefined)
    return [{ of: 'answer', pointer: 'status', expected: `one of ${[...answers.keys()].join(', ')}`, found: String(status) }]
  const place = answers.get(key)
  if (place !== undefined) return body(exchange, check(place))
  const { body: text } = exchange.answer
  return text === '' ? [] : [{ of: 'answer', pointer: '', expected: 'no body', found: shown(text) }]
}

function body({ answer }: Exchange, check: Check): readonly Finding[] {
  return [...check(parsed(answer.body), 'answer'), ...json(answer, 'answer')]
}

const json = ({ headers }: Exchange['answer'], of: Finding['of']): readonly Finding[] => {
  const type = headers['content-type'] ?? 'nothing'
  return /^application\/json\b/i.test(type)
    ? []
    : [{ of, pointer: 'header content-type', expected: 'application/json', found: type }]
}
