import { Refusal } from './refusal.ts'
import type { Body } from './represent.ts'

const clause = /"([A-Za-z]+):((?:[^"\\\\]|\\\\.)*)"/y

/**
 * Reads `$search`: `"displayName:one" AND "description:two"`. A clause matches if each of its words begins a word of the property.
 * https://learn.microsoft.com/graph/search-query-parameter#using-search-on-directory-object-collections
 */
export function readSearch(text: string, properties: ReadonlySet<string>): (body: Body) => boolean {
  const alternatives = text
    .split(/\s+OR\s+/)
    .map((part) => part.split(/\s+AND\s+/).map((one) => readClause(one.trim(), properties)))
  return (body) => alternatives.some((clauses) => clauses.every((fits) => fits(body)))
}

function readClause(text: string, properties: ReadonlySet<string>): (body: Body) => boolean {
  clause.lastIndex = 0
  const [whole, property = '', sought = ''] = clause.exec(text) ?? []
  if (whole !== text)
    throw new Refusal(400, 'BadRequest', `Syntax error: the search clause ${text} is not of the form "property:value".`)
  if (!properties.has(property)) throw new Refusal(400, 'BadRequest', `Could not find a property named '${property}'.`)
  const words = wordsOf(sought)
  return (body) => {
    const present = wordsOf(String(body[property] ?? ''))
    return words.every((word) => present.some((one) => one.startsWith(word)))
  }
}

const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
