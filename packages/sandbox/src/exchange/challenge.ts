import { type Azure, type Caller, isCaller } from '../azure.ts'
import { hostName } from './server.ts'
import type { ExchangeServer } from './state.ts'

const exchangeOnline = '00000002-0000-0ff1-ce00-000000000000'
const accessControl = '00000001-0000-0000-c000-000000000000'

/** What an Exchange Server sends with 401. With Hybrid Modern Authentication the Bearer challenge names where tokens come from. */
function challengeOf(server: ExchangeServer, request: Request, error: string): string {
  const basic = `Basic realm="${hostName(server.ewsUrl)}"`
  if (!server.oauthEnabled) return basic
  const bearer = [
    `client_id="${exchangeOnline}"`,
    `trusted_issuers="${accessControl}@${server.trustedTenantId}"`,
    'token_types="app_asserted_user_v1 service_asserted_app_v1"',
    ...(server.hmaEnabled ? [`authorization_uri="${authorizationUri(server, request)}"`] : []),
    ...(error === '' ? [] : [`error="${error}"`]),
  ]
  return `Bearer ${bearer.join(', ')},${basic}`
}

/** A client that used the sandbox's own host names is redirected to those. */
function authorizationUri(server: ExchangeServer, request: Request): string {
  const { hostname, port } = new URL(request.url)
  if (!hostname.endsWith('.sandbox.localhost')) return server.authorizationUri
  return `https://login.sandbox.localhost${port === '' ? '' : `:${port}`}/common/oauth2/authorize`
}

const challenge = (server: ExchangeServer, request: Request): Response =>
  new Response(null, { status: 401, headers: { 'WWW-Authenticate': challengeOf(server, request, '') } })

function refuse(server: ExchangeServer, request: Request, code: number, reason: string, category: string): Response {
  return new Response(null, {
    status: 401,
    headers: {
      'WWW-Authenticate': challengeOf(server, request, 'invalid_token'),
      'x-ms-diagnostics': `${code};reason="${reason}";error_category="${category}"`,
    },
  })
}

/**
 * The application behind a request, or the 401 that it gets: the plain challenge, if there is no token or an empty one.
 * Diagnostics 2000003 and 2000008 have been seen on servers; the numbers of the others are not known.
 */
export function callerOf(azure: Azure, server: ExchangeServer, request: Request): Caller | Response {
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (token === undefined || !server.oauthEnabled) return challenge(server, request)
  const caller = azure.authenticate(request, audiencesOf(server, request))
  if (caller === 'audience') {
    const problem = `The hostname component of the audience claim value is invalid. ${audiences(server, token)}`
    return refuse(server, request, 2000003, problem, 'invalid_resource')
  }
  if (caller === 'expired') return refuse(server, request, 2000001, 'The token has expired.', 'invalid_lifetime')
  if (!isCaller(caller))
    return refuse(server, request, 2000002, 'The token is malformed or its signature is invalid.', 'invalid_signature')
  if (caller.tenantId.toLowerCase() !== server.trustedTenantId.toLowerCase()) {
    const issuer = `https://sts.windows.net/${caller.tenantId}/`
    return refuse(server, request, 2000005, `The issuer of the token is unknown. Issuer was '${issuer}'.`, 'invalid_issuer')
  }
  if (caller.roles.includes('full_access_as_app')) return caller
  const reason = 'The token contains no permissions, or permissions can not be understood.'
  return refuse(server, request, 2000008, reason, 'invalid_grant')
}

/** A server behind a device that terminates TLS believes the request came over http, and accepts no other audience. */
function audiencesOf(server: ExchangeServer, request: Request): readonly string[] {
  const names = [
    server.resourceId,
    new URL(server.ewsUrl).origin,
    `https://${hostName(server.ewsUrl)}`,
    new URL(request.url).origin,
  ]
  return server.sslOffload ? names.map((name) => name.replace(/^https:/, 'http:')) : names
}

function audiences(server: ExchangeServer, token: string): string {
  const expected = server.sslOffload ? server.resourceId.replace(/^https:/, 'http:') : server.resourceId
  return `Expected '${claim(token, 'aud')}'. Actual '${expected}'.`
}

function claim(token: string, name: string): string {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
  const value = new RegExp(`"${name}"\\s*:\\s*"([^"]*)"`).exec(payload)?.[1]
  return value ?? ''
}
