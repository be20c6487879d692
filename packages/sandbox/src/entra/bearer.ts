import type { Caller, TokenProblem } from '../azure.ts'
import { checkToken, readJson, type SigningKey } from './tokens.ts'

const tokenIn = (request: Request): string | undefined =>
  /^Bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1]

/** The caller named by a request's bearer token, or what is wrong with the token. */
export function callerOf(key: SigningKey, request: Request, audiences: readonly string[], now: Date): Caller | TokenProblem {
  const token = tokenIn(request)
  return token === undefined ? 'missing' : checkToken(key, token, audiences, now)
}

/** Who the request claims to come from, unchecked: for the log. */
export function claimedCaller(request: Request): string | undefined {
  const appId = readJson(tokenIn(request)?.split('.')[1] ?? '')?.appid
  return typeof appId === 'string' ? appId : undefined
}
