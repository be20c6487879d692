import { type HttpAnswer, type HttpRequest, requestIdOf } from './message.ts'

/** One line per request: no headers, no body, and only the part of the address that names the object. */
export function traceLine(request: HttpRequest, outcome: HttpAnswer | string, milliseconds: number): string {
  const status = typeof outcome === 'string' ? outcome : String(outcome.status)
  const id = typeof outcome === 'string' ? undefined : requestIdOf(outcome.headers)
  return [request.method, cleanUrl(request.url), status, `${Math.round(milliseconds)} ms`, id ?? ''].join(' ').trimEnd()
}

const harmless = /^(\$\w+|api-version|request_id|includePending|maxresults|resource)$/i

/** A name in a filter may contain anything, and this goes to a terminal. */
const oneLine = (value: string): string => value.replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')

function cleanUrl(text: string): string {
  const url = new URL(text)
  const query = [...url.searchParams].map(([name, value]) => `${name}=${harmless.test(name) ? oneLine(value) : '…'}`).join('&')
  return `${url.origin}${url.pathname}${query === '' ? '' : `?${query}`}`
}
