import { badQuery } from '../wire/refusal.ts'

type Json = Record<string, unknown>

const clause = /^(\w+)\s+(eq|ne)\s+('(?:[^']|'')*'|true|false|\d+|null)$/

/** `$filter` of `EntityDefinitions` and their parts: comparisons joined by `and` or by `or`. */
export function definitionFilter(text: string | null): (json: Json) => boolean {
  if (text === null) return () => true
  const joined = /\sor\s/.test(text) ? 'or' : 'and'
  const tests = text.split(new RegExp(`\\s+${joined}\\s+`)).map((part) => clauseTest(part.trim().replace(/^\((.*)\)$/, '$1')))
  return (json) => (joined === 'or' ? tests.some((test) => test(json)) : tests.every((test) => test(json)))
}

function clauseTest(text: string): (json: Json) => boolean {
  const [, name = '', operator, literal = ''] = clause.exec(text) ?? []
  if (operator === undefined) throw badQuery(`Syntax error at position 0 in '${text}'.`)
  const value: unknown = literal.startsWith("'") ? literal.slice(1, -1).replaceAll("''", "'") : JSON.parse(literal)
  return (json) => {
    if (!(name in json))
      throw badQuery(`Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.MetadataBase'.`)
    return (json[name] === value) === (operator === 'eq')
  }
}
