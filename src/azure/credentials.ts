import type { AccessToken, TokenCredential } from '@azure/core-auth'
import { HmaError } from '../core/errors.ts'
import { type Auth, loginHints } from './auth.ts'
import { type Asked, AzureError, unreached } from './azureError.ts'
import type { Cloud } from './cloud.ts'
import { createCredential } from './credentialKinds.ts'
import type { HttpRequest } from './message.ts'
import { problemOf } from './problem.ts'
import { sdkHttpClient } from './sdkHttpClient.ts'
import { hintForSignIn } from './signInHint.ts'
import { type TokenCache, tokenCache } from './tokenCache.ts'
import type { Transport } from './transport.ts'
import { Unreachable } from './unreachable.ts'

/** Sign-in to each tenant with its own credential. Tenants are named by GUID. */
export interface Credentials {
  /** Tokens come from one cache: however many ask at once, there is one request for each audience. */
  forTenant(tenantId: string): TokenCredential
  /** Never hand out this token again: a service did not take it. */
  forget(tenantId: string, token: string): void
}

export interface CredentialOptions {
  readonly cloud: Cloud
  /** By tenant id; the default chain for a tenant that is not named. */
  readonly auth: ReadonlyMap<string, Auth>
  readonly transport: Transport
  /** The clock of the machine, in milliseconds: tokens tell by it when they expire, even where the program runs on another. */
  readonly now: () => number
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
    const found = tenants.get(key) ?? signedIn(key, auths.get(key) ?? { credential: 'default' }, options)
    tenants.set(key, found)
    return found
  }
  return {
    forTenant: (tenantId) => tenant(tenantId).credential,
    forget(tenantId, token) {
      const found = tenant(tenantId)
      // @azure/identity keeps tokens too, so a fresh credential is needed for a fresh token.
      if (found.cache.forget(token)) found.restart()
    },
  }
}

function signedIn(tenantId: string, auth: Auth, options: CredentialOptions): Tenant {
  const { cloud, transport, now } = options
  let failure: Unreachable | undefined
  let credential: Promise<TokenCredential> | undefined
  const send = (request: HttpRequest) =>
    transport.send(request).catch((error: unknown) => {
      // That a machine has no identity endpoint is no news; that Entra cannot be reached is.
      if (error instanceof Unreachable && request.url.startsWith(cloud.authorityHost)) failure = error
      throw error
    })
  const make = async (): Promise<TokenCredential> => {
    const probing = (timeout: number) => (timeout > 0 ? 'never' : 'always')
    const httpClient = await sdkHttpClient((request, { timeout }) => send({ ...request, replay: probing(timeout) }))
    return createCredential(auth, { cloud, tenantId, httpClient })
  }
  const fetched = async (scope: string, claims?: string): Promise<AccessToken> => {
    failure = undefined
    try {
      credential ??= make()
      const token = await (await credential).getToken(scope, { tenantId, ...(claims === undefined ? {} : { claims }) })
      if (token === null) throw new Error('no token was given')
      return token
    } catch (error) {
      credential = undefined
      throw signInError(tenantId, auth, failure ?? error)
    }
  }
  const cache = tokenCache((scope) => fetched(scope), now)
  const getToken: TokenCredential['getToken'] = (scopes, asked) => {
    const scope = typeof scopes === 'string' ? scopes : scopes.join(' ')
    // `enableCae` is dropped: it would make a second cache and a second request for every audience.
    return asked?.claims === undefined ? cache.token(scope) : fetched(scope, asked.claims)
  }
  return { credential: { getToken }, cache, restart: () => (credential = undefined) }
}

function signInError(tenantId: string, auth: Auth, error: unknown): Error {
  const asked: Asked = { service: 'login', doing: `sign in to tenant ${tenantId} (${auth.credential})` }
  if (error instanceof Unreachable) return unreached(asked, error)
  if (error instanceof HmaError || !(error instanceof Error) || error.name === 'AbortError')
    return error instanceof Error ? error : new Error(String(error))
  const code = /AADSTS\d+/.exec(error.message)?.[0]
  if (code === undefined) {
    if (/endpoints_resolution_error/.test(error.message))
      return new HmaError(`Could not ${asked.doing}: the authority knows no such tenant`, {
        hint: 'Check the tenant id, and cloud.authorityHost.',
        cause: error,
      })
    const [line = error.name] = error.message.split('\n')
    return new HmaError(`Could not ${asked.doing}: ${line.trim()}`, { hint: loginHints[auth.credential](tenantId), cause: error })
  }
  const description = error.message.slice(error.message.indexOf(code))
  const problem = problemOf('login', 400, JSON.stringify({ error_description: description }))
  return new AzureError(`Could not ${asked.doing}: ${problem.message}`, problem, {
    hint: hintForSignIn(code) ?? loginHints[auth.credential](tenantId),
    retryable: false,
    cause: error,
  })
}
