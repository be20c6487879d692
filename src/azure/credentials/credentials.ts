import type { AccessToken, TokenCredential } from '@azure/core-auth'
import { HmaError } from '../../core/errors.ts'
import type { Cloud } from '../cloud.ts'
import { unusable } from '../errors/ask.ts'
import type { HttpRequest } from '../http/message.ts'
import type { Transport } from '../http/transport.ts'
import type { Auth } from './auth.ts'
import { createCredential } from './kinds.ts'
import { fetchedOnce, isMisreadByMsal } from './metadata.ts'
import { sdkHttpClient } from './sdkHttpClient.ts'
import { type SignInWords, signInError, wordsOf } from './signInError.ts'
import { type TokenCache, tokenCache } from './tokenCache.ts'

/** Sign-in to each tenant with its own credential. Tenants are named by GUID. */
export interface Credentials {
  /** Tokens come from one cache: concurrent callers share one request for each audience. */
  forTenant(tenantId: string): TokenCredential
  /** Fetches a token that will be needed soon. Errors are left to the caller that needs it, and there is no prompt. */
  prefetch(tenantId: string, scope: string): void
  /** Never use this token again: a service refused it. */
  forget(tenantId: string, token: string): void
}

export interface CredentialOptions {
  readonly cloud: Cloud
  /** By tenant id; other tenants use the default chain. */
  readonly auth: ReadonlyMap<string, Auth>
  /** Allow only the tenants that `auth` names. */
  readonly closed?: boolean
  readonly transport: Transport
  /** The machine's clock, in milliseconds: token expiry is measured by it, even if the program runs on another clock. */
  readonly now: () => number
  /** Called when a sign-in to a tenant starts; the returned function is called when it ends. */
  readonly signingIn?: (tenantId: string) => () => void
  /** How to report a failure, if it is not an identity of `auth` that signs in. */
  readonly words?: SignInWords
}

interface Tenant {
  readonly credential: TokenCredential
  readonly cache: TokenCache
  restart(): void
}

export function createCredentials(options: CredentialOptions): Credentials {
  const auths = new Map([...options.auth].map(([tenantId, auth]) => [tenantId.toLowerCase(), auth]))
  const tenants = new Map<string, Tenant>()
  const tenant = (tenantId: string): Tenant => {
    const key = tenantId.toLowerCase()
    if (options.closed && !auths.has(key)) throw unknownTenant(key, [...auths.keys()])
    const found = tenants.get(key) ?? signedIn(key, auths.get(key) ?? { credential: 'default' }, options)
    tenants.set(key, found)
    return found
  }
  return {
    forTenant: (tenantId) => ({ getToken: async (...asked) => tenant(tenantId).credential.getToken(...asked) }),
    prefetch(tenantId, scope) {
      if (auths.get(tenantId.toLowerCase())?.credential === 'deviceCode') return
      if (options.closed && !auths.has(tenantId.toLowerCase())) return
      tenant(tenantId)
        .cache.token(scope)
        .catch(() => {})
    },
    forget(tenantId, token) {
      const found = tenant(tenantId)
      // @azure/identity keeps tokens too, so a fresh credential is needed for a fresh token.
      if (found.cache.forget(token)) found.restart()
    },
  }
}

const unknownTenant = (tenantId: string, known: readonly string[]): HmaError =>
  new HmaError('HMA203', `The sandbox has no tenant ${tenantId}`, {
    hint: `It has ${known.join(' and ')}: those that the configuration names. With --sandbox, hma signs in nowhere else.`,
  })

function signedIn(tenantId: string, auth: Auth, options: CredentialOptions): Tenant {
  const { cloud, transport, now, signingIn = () => () => {}, words = wordsOf(auth, tenantId) } = options
  let failure: Error | undefined
  let credential: Promise<TokenCredential> | undefined
  const send = async (request: HttpRequest) => {
    // A machine without an identity endpoint is normal. An unreachable Entra, or a host that hma refuses to send to, must be reported.
    const isEntra = request.url.startsWith(cloud.authorityHost)
    try {
      const answer = await transport.send({ ...request, tenantId })
      if (isEntra && isMisreadByMsal(request, answer)) failure = unusable({ service: 'login', ...words }, request.url, answer)
      return answer
    } catch (error) {
      if (error instanceof HmaError || (error instanceof Error && isEntra)) failure = error
      throw error
    }
  }
  const sendOnce = fetchedOnce(cloud.authorityHost, send)
  const make = async (): Promise<TokenCredential> => {
    const probing = (timeout: number) => (timeout > 0 ? 'never' : 'always')
    const httpClient = await sdkHttpClient((request, { timeout }) => sendOnce({ ...request, replay: probing(timeout) }))
    return createCredential(auth, { cloud, tenantId, httpClient })
  }
  const fetched = async (scope: string, claims?: string): Promise<AccessToken> => {
    failure = undefined
    const ended = signingIn(tenantId)
    try {
      credential ??= make()
      const token = await (await credential).getToken(scope, { tenantId, ...(claims === undefined ? {} : { claims }) })
      // MSAL does not check that the answer contains a token.
      if (token === null || typeof token.token !== 'string') throw new Error('no token was given')
      return token
    } catch (error) {
      credential = undefined
      throw signInError(words, failure ?? error)
    } finally {
      ended()
    }
  }
  const cache = tokenCache((scope) => fetched(scope), now)
  const getToken: TokenCredential['getToken'] = (scopes, asked) => {
    const scope = typeof scopes === 'string' ? scopes : scopes.join(' ')
    // `enableCae` is dropped: it would lead to a second cache and a second request for every audience.
    return asked?.claims === undefined ? cache.token(scope) : fetched(scope, asked.claims)
  }
  return { credential: { getToken }, cache, restart: () => (credential = undefined) }
}
