import { refuse } from './refusal.ts'
import { originOf, queryOf, type RequestContext } from './requestContext.ts'

/** One page of a list: as many as `$top` asks for, and the address of the next page, if any. */
export function page<T>(asked: RequestContext, items: readonly T[]): { value: readonly T[]; nextLink?: string } {
  const query = queryOf(asked)
  const size = sizeOf(query.get('$top'))
  const from = Number(Buffer.from(query.get('$skiptoken') ?? '', 'base64url').toString('utf8'))
  if (!Number.isInteger(from)) throw refuse(400, 'InvalidSkipToken', "The '$skiptoken' is not one that was given before.")
  const to = from + size
  return { value: items.slice(from, to), ...(to < items.length && { nextLink: linkTo(asked, query, to) }) }
}

function sizeOf(top: string | null): number {
  if (top === null) return Number.POSITIVE_INFINITY
  const size = Number(top)
  if (Number.isInteger(size) && size > 0) return size
  throw refuse(400, 'InvalidQueryParameter', `The value '${top}' of the query parameter '$top' has to be a whole number above 0.`)
}

/** The next page is asked for with the same parameters and a token. */
function linkTo(asked: RequestContext, query: URLSearchParams, from: number): string {
  const next = new URLSearchParams(query)
  next.set('$skiptoken', Buffer.from(String(from)).toString('base64url'))
  return `${originOf(asked)}${new URL(asked.req.url).pathname}?${next.toString().replaceAll('%24', '$')}`
}
