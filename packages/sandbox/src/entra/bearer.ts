import type { Caller, TokenProblem } from '../azure.ts'
import { checkToken, readJson, type SigningKey } from './tokens.ts'

const tokenIn = (request: Request): string | undefined =>
  /^Bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1]

/** The caller named by a request's bearer token, or what is wrong with the token. */
export function callerOf(key: SigningKey, request: Request, audiences: readonly string[], now: Date): Caller | TokenProblem {
  const token = tokenIn(request)
  return token === undefined ? 'missing' : checkToken(key, token, audiences, now)
}

/** Who the request claims to come from, unchecked. */
export function claimed(request: Request): { readonly caller: string | undefined; readonly tenant: string | undefined } {
  const claims = readJson(tokenIn(request)?.split('.')[1] ?? '')
  const text = (claim: unknown): string | undefined => (typeof claim === 'string' ? claim : undefined)
  return { caller: text(claims?.appid), tenant: text(claims?.tid)?.toLowerCase() }
}
