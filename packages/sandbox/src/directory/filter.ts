import { isList } from './json.ts'
import { Refusal } from './refusal.ts'
import type { Body } from './represent.ts'
import type { Json } from './state.ts'

/** A parsed filter. Advanced ones are answered by an index and need a header: https://learn.microsoft.com/graph/aad-advanced-queries */
export interface Filter {
  readonly advanced: boolean
  test(body: Body): boolean
}

const invalid = (text: string): Refusal =>
  new Refusal(400, 'BadRequest', `Invalid filter clause: the syntax of '${text}' is not valid.`)

const token =
  /\s*(?:('(?:[^']|'')*')|([0-9a-fA-F]{8}-[0-9a-fA-F-]{27})|(\d{4}-\d\d-\d\dT[\d:.]+Z|-?\d+)|([A-Za-z_][\w/]*)|([(),:]))/y

function tokens(text: string): string[] {
  const found: string[] = []
  const rest = text.trimEnd()
  token.lastIndex = 0
  while (token.lastIndex < rest.length) {
    const match = token.exec(rest)
    if (match === null) throw invalid(text)
    found.push(match[0].trim())
  }
  return found
}

/** Reads `$filter` over the properties of a kind. */
export function readFilter(text: string, properties: ReadonlySet<string>): Filter {
  const reader = new Reader(text, properties)
  const filter = reader.whole()
  return filter
}

/** A descent through the grammar: or, and, not, comparison or function. */
class Reader {
  readonly #text: string
  readonly #tokens: string[]
  readonly #properties: ReadonlySet<string>
  #at = 0

  constructor(text: string, properties: ReadonlySet<string>) {
    this.#text = text
    this.#tokens = tokens(text)
    this.#properties = properties
  }

  whole(): Filter {
    const filter = this.#or()
    if (this.#at < this.#tokens.length) throw invalid(this.#text)
    return filter
  }

  #or(): Filter {
    let left = this.#and()
    while (this.#take('or')) left = either(left, this.#and())
    return left
  }

  #and(): Filter {
    let left = this.#one()
    while (this.#take('and')) left = both(left, this.#one())
    return left
  }

  #one(): Filter {
    if (this.#take('not')) return negated(this.#one())
    if (this.#take('(')) return this.#closed(this.#or())
    const name = this.#next()
    if (this.#take('(')) return this.#call(name)
    if (name.endsWith('/any')) throw invalid(this.#text)
    return this.#comparison(this.#property(name))
  }

  #call(name: string): Filter {
    if (name.endsWith('/any')) return this.#any(name.slice(0, -'/any'.length))
    const property = this.#property(this.#next())
    this.#expect(',')
    const value = literal(this.#next())
    if (typeof value !== 'string') throw invalid(this.#text)
    const lower = value.toLowerCase()
    const text = (body: Body): string => String(body[property] ?? '').toLowerCase()
    if (name === 'startswith' || name === 'startsWith')
      return this.#closed({ advanced: false, test: (body) => text(body).startsWith(lower) })
    if (name === 'endswith' || name === 'endsWith')
      return this.#closed({ advanced: true, test: (body) => text(body).endsWith(lower) })
    throw invalid(this.#text)
  }

  /** `tags/any(t:t eq 'x')` */
  #any(name: string): Filter {
    const property = this.#property(name)
    const variable = this.#next()
    this.#expect(':')
    if (this.#next() !== variable || this.#next() !== 'eq') throw invalid(this.#text)
    const value = literal(this.#next())
    const test = (body: Body): boolean => {
      const list = body[property]
      return isList(list) && list.some((one) => equal(one, value))
    }
    return this.#closed({ advanced: false, test })
  }

  #comparison(property: string): Filter {
    const operator = this.#next()
    if (operator === 'in') return this.#oneOf(property)
    const value = literal(this.#next())
    const order = orders[operator]
    if (order !== undefined && typeof value === 'string')
      return { advanced: false, test: (body) => order(String(body[property] ?? ''), value) }
    if (operator === 'eq') return { advanced: false, test: (body) => equal(body[property] ?? null, value) }
    if (operator === 'ne') return { advanced: true, test: (body) => !equal(body[property] ?? null, value) }
    throw invalid(this.#text)
  }

  /** `displayName in ('a', 'b')` */
  #oneOf(property: string): Filter {
    this.#expect('(')
    const values = [literal(this.#next())]
    while (this.#take(',')) values.push(literal(this.#next()))
    return this.#closed({ advanced: false, test: (body) => values.some((value) => equal(body[property] ?? null, value)) })
  }

  #closed(filter: Filter): Filter {
    this.#expect(')')
    return filter
  }

  #property(name: string): string {
    if (this.#properties.has(name)) return name
    throw new Refusal(400, 'BadRequest', `Invalid filter clause: Could not find a property named '${name}'.`)
  }

  #next(): string {
    const next = this.#tokens[this.#at]
    this.#at += 1
    if (next === undefined) throw invalid(this.#text)
    return next
  }

  #take(word: string): boolean {
    if (this.#tokens[this.#at] !== word) return false
    this.#at += 1
    return true
  }

  #expect(word: string): void {
    if (!this.#take(word)) throw invalid(this.#text)
  }
}

/** Instants in the same format can be compared as text. */
const orders: Record<string, ((left: string, right: string) => boolean) | undefined> = {
  ge: (left, right) => left >= right,
  gt: (left, right) => left > right,
  le: (left, right) => left !== '' && left <= right,
  lt: (left, right) => left !== '' && left < right,
}

const both = (left: Filter, right: Filter): Filter => ({
  advanced: left.advanced || right.advanced,
  test: (body) => left.test(body) && right.test(body),
})

const either = (left: Filter, right: Filter): Filter => ({
  advanced: left.advanced || right.advanced,
  test: (body) => left.test(body) || right.test(body),
})

const negated = (filter: Filter): Filter => ({ advanced: true, test: (body) => !filter.test(body) })

function literal(text: string): Json {
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'")
  if (text === 'null') return null
  if (text === 'true' || text === 'false') return text === 'true'
  return text
}

/** Entra ignores case when it compares text. */
const equal = (left: Json, right: Json): boolean =>
  typeof left === 'string' && typeof right === 'string' ? left.toLowerCase() === right.toLowerCase() : left === right
