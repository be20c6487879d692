import { badParameter } from './errors.ts'
import { queryOf, type RequestContext } from './requestContext.ts'

const largestPage = 25

/** One page of a list, in the order of the names, with the address of the next. */
export function page<T>(asked: RequestContext, items: readonly T[]): { value: T[]; nextLink: string | null } {
  const query = queryOf(asked)
  const size = Number(query.get('maxresults') ?? largestPage)
  if (!Number.isInteger(size) || size < 1 || size > largestPage) {
    throw badParameter(`'maxresults' has to be a whole number from 1 to ${largestPage}.`)
  }
  const from = offsetOf(query.get('$skiptoken'))
  const to = from + size
  return { value: items.slice(from, to), nextLink: to < items.length ? linkTo(asked, query, to) : null }
}

function offsetOf(token: string | null): number {
  if (token === null) return 0
  const offset = Number(Buffer.from(token, 'base64url').toString('utf8'))
  if (Number.isInteger(offset) && offset >= 0) return offset
  throw badParameter("'$skiptoken' is not one that this vault has given.")
}

function linkTo(asked: RequestContext, query: URLSearchParams, offset: number): string {
  const next = new URLSearchParams(query)
  next.set('$skiptoken', Buffer.from(String(offset)).toString('base64url'))
  const path = new URL(asked.req.url).pathname
  return `${asked.var.base}${path}?${next.toString().replaceAll('%24skiptoken', '$skiptoken')}`
}

export const byName = <T extends { name: string }>(objects: Record<string, T>): T[] =>
  Object.values(objects).sort((left, right) => left.name.localeCompare(right.name))
