import { walkThrough } from '../http/pages.ts'
import type { Fields } from '../http/shape.ts'
import type { Organization } from './port.ts'

/** One request to an environment. */
export interface Call {
  readonly method: 'GET' | 'PATCH' | 'DELETE'
  /** Path below `/api/data/v9.2/`, or a full URL of this environment. */
  readonly path: string
  readonly doing: string
  readonly body?: Readonly<Record<string, unknown>>
  /** The row must exist: without it a PATCH is an upsert. */
  readonly existing?: true
}

export type Send = (organization: Organization, wanted: Call) => Promise<Fields>

/** The rows of every page. */
export async function pages(get: (path: string) => Promise<Fields>, first: string): Promise<Fields[]> {
  const found: Fields[] = []
  const walk = walkThrough('read every page')
  for (let path: string | undefined = first; path !== undefined; ) {
    const page: Fields = await get(path)
    walk.turn()
    found.push(...page.objects('value'))
    path = page.optionalString('@odata.nextLink')
  }
  return found
}

/** A string literal of OData. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
