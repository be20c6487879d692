import { maskSecret } from '../../core/masking.ts'
import { webPage } from '../errors/webPage.ts'
import type { HttpAnswer, HttpRequest } from '../http/message.ts'
import { Refusal } from '../http/refusal.ts'
import { isJson, jsonIn } from '../http/shape.ts'
import type { Transport } from '../http/transport.ts'
import { Unreadable } from '../http/unreadable.ts'
import type { Credentials } from './credentials.ts'

/** Requests that carry a token. An answer of 400 or above is thrown as a `Refusal`. */
export interface Channel {
  send(request: HttpRequest): Promise<HttpAnswer>
}

/** Where a token is sent, and for what audience. */
export interface Audience {
  /** A URL; only its scheme, host and port count. */
  readonly origin: string
  readonly scope: string
}

/** Signs every request in for one audience of one tenant. A token that the service refuses is replaced once. */
export function channel(transport: Transport, credentials: Credentials, tenantId: string, { origin, scope }: Audience): Channel {
  const credential = credentials.forTenant(tenantId)
  const home = new URL(origin).origin
  const attempt = async (request: HttpRequest, claims?: string): Promise<{ token: string; answer: HttpAnswer }> => {
    const given = await credential.getToken(scope, claims === undefined ? {} : { claims })
    const token = given?.token ?? ''
    if (!token.startsWith('eyJ')) maskSecret(token)
    const headers = { ...withoutAuthorization(request.headers), authorization: `Bearer ${token}` }
    return { token, answer: await transport.send({ ...request, headers, tenantId }) }
  }
  return {
    async send(request) {
      if (new URL(request.url).origin !== home) throw new Unreadable(request.url, elsewhere)
      const first = await attempt(request)
      if (first.answer.status !== 401) return readable(request, accepted(request, first.answer))
      credentials.forget(tenantId, first.token)
      return readable(request, accepted(request, (await attempt(request, claimsOf(first.answer))).answer))
    },
  }
}

const elsewhere = 'the list continues on another host, to which hma does not send its token'

/** These services answer with a JSON object or with nothing. */
function readable(request: HttpRequest, answer: HttpAnswer): HttpAnswer {
  const empty = answer.body === '' && (request.method !== 'GET' || answer.status === 204)
  if (!empty && !isJson(jsonIn(answer.body)))
    throw new Unreadable(request.url, `the answer is ${webPage(answer.body) ?? 'not a JSON object'}`)
  return answer
}

export function accepted(request: HttpRequest, answer: HttpAnswer): HttpAnswer {
  if (answer.status >= 400) throw new Refusal(request.url, answer)
  return answer
}

const withoutAuthorization = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'))

/** The claims that a new token must have after Entra revoked the first one (https://learn.microsoft.com/entra/identity-platform/claims-challenge). */
function claimsOf(answer: HttpAnswer): string | undefined {
  const encoded = /\bclaims="([^"]+)"/.exec(answer.headers['www-authenticate'] ?? '')?.[1]
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8')
}
