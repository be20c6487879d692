import type { Column } from './columns.ts'
import type { Exchange, Finding, Scope } from './exchange.ts'
import { parsed } from './json.ts'
import { isLookup, readName } from './rows.ts'
import type { Check } from './schemas.ts'

interface Part {
  /** The path after the row: `name`, `name/$value`, `lookup/$ref`, or after the set: `$count`. */
  readonly part: string
  readonly columns: readonly Column[]
  readonly refusal: Check
}

/**
 * A column or a link of a row by itself: it has to be one that there is, and to be of use for what is done
 * (https://learn.microsoft.com/power-apps/developer/data-platform/webapi/update-delete-entities-using-web-api#update-a-single-property-value).
 */
export function ofPart({ method, status, answer }: Exchange, scope: Scope, { part, columns, refusal }: Part): readonly Finding[] {
  if (status >= 400 && !scope.request) return scope.answer && answer.body !== '' ? refusal(parsed(answer.body), 'answer') : []
  const [name = '', form] = part.split('/')
  const column = columns.find((each) => each.name === name || readName(each) === name)
  const usable = part === '$count' || (column !== undefined && fits(column, method, form))
  return usable ? [] : [{ of: 'request', pointer: 'path', expected: `a column that ${method} is for`, found: part }]
}

function fits(column: Column, method: string, form: string | undefined): boolean {
  if (form === '$ref' && !isLookup(column)) return false
  return method === 'GET' ? column.read : column.update
}
