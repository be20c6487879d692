import { randomUUID } from 'node:crypto'
import { type Azure, type Caller, isCaller, type TokenProblem } from '../azure.ts'
import { isGuid, same } from './json.ts'
import { canonical, scopeOf } from './path.ts'
import { refuse } from './refusal.ts'
import { originOf, queryOf, type RequestContext } from './requestContext.ts'
import { checkedVersion } from './versions.ts'

const audiences = [
  'https://management.azure.com',
  'https://management.core.windows.net',
  'https://management.usgovcloudapi.net',
  'https://management.core.usgovcloudapi.net',
  'https://management.chinacloudapi.cn',
  'https://management.core.chinacloudapi.cn',
]

const problems: Record<TokenProblem, { code: string; message: string }> = {
  missing: { code: 'AuthenticationFailed', message: "Authentication failed. The 'Authorization' header is missing." },
  malformed: { code: 'InvalidAuthenticationToken', message: 'The access token is invalid.' },
  expired: { code: 'ExpiredAuthenticationToken', message: 'The access token expiry time is earlier than the current time.' },
  audience: {
    code: 'InvalidAuthenticationTokenAudience',
    message: `The access token has been obtained for wrong audience or resource. It should exactly match with one of the allowed audiences '${audiences.join(',')}'.`,
  },
}

/** Admits a request that carries a token of the right tenant and an api-version, and identifies the caller. */
export function admit(azure: Azure, asked: RequestContext): void {
  const path = canonical(new URL(asked.req.url).pathname)
  const caller = identify(azure, asked)
  asked.set('azure', azure)
  asked.set('caller', caller)
  asked.set('version', checkedVersion(path, queryOf(asked).get('api-version'), azure.now()))
  const { subscriptionId } = scopeOf(path)
  if (subscriptionId !== undefined) checkSubscription(azure, caller, subscriptionId)
}

function identify(azure: Azure, asked: RequestContext): Caller {
  const caller = azure.authenticate(asked.req.raw, [
    originOf(asked),
    `https://${azure.world.resources.hosts.management}`,
    ...audiences,
  ])
  if (isCaller(caller)) return caller
  const { code, message } = problems[caller]
  const description = caller === 'missing' ? "The authentication failed because of missing 'Authorization' header." : message
  throw refuse(401, code, message, {
    'WWW-Authenticate': `Bearer authorization_uri="https://${azure.world.resources.hosts.login}/", error="invalid_token", error_description="${description}"`,
  })
}

function checkSubscription(azure: Azure, caller: Caller, id: string): void {
  if (!isGuid(id)) {
    throw refuse(400, 'InvalidSubscriptionId', `The provided subscription identifier '${id}' is malformed or invalid.`)
  }
  const subscription = azure.world.resources.subscriptions[id.toLowerCase()]
  if (!subscription) throw refuse(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`)
  const { tenantId } = subscription
  if (same(tenantId, caller.tenantId)) return
  throw refuse(
    401,
    'InvalidAuthenticationTokenTenant',
    `The access token is from the wrong issuer 'https://sts.windows.net/${caller.tenantId}/'. It must match the tenant 'https://sts.windows.net/${tenantId}/' associated with this subscription. Please use the authority (URL) 'https://login.windows.net/${tenantId}' to get the token. Note, if the subscription is transferred to another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just transferred your subscription and see this error message, please try back later.`,
    { 'WWW-Authenticate': `Bearer authorization_uri="https://login.windows.net/${tenantId}", error="invalid_token"` },
  )
}

const allowance: Record<string, [kind: string, remaining: string]> = {
  GET: ['reads', '249'],
  HEAD: ['reads', '249'],
  DELETE: ['deletes', '199'],
}

/** The headers that every answer carries. */
export function stamp(azure: Azure, asked: RequestContext): void {
  const [kind, remaining] = allowance[asked.req.method] ?? ['writes', '199']
  const id = asked.req.header('x-ms-correlation-request-id') ?? randomUUID()
  const moment = azure
    .now()
    .toISOString()
    .replace(/[-:]|\.\d+/g, '')
  const headers = {
    'Cache-Control': 'no-cache',
    Pragma: 'no-cache',
    Expires: '-1',
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'X-Content-Type-Options': 'nosniff',
    [`x-ms-ratelimit-remaining-subscription-${kind}`]: remaining,
    'x-ms-request-id': randomUUID(),
    'x-ms-correlation-request-id': id,
    'x-ms-routing-request-id': `WESTEUROPE:${moment}:${randomUUID()}`,
  }
  for (const [name, value] of Object.entries(headers)) asked.header(name, value)
  if (/\/providers\/microsoft\.keyvault\//i.test(asked.req.url)) asked.header('x-ms-keyvault-service-version', '1.5.1455.0')
  const clientId = asked.req.header('x-ms-client-request-id')
  if (clientId && asked.req.header('x-ms-return-client-request-id') === 'true') asked.header('x-ms-client-request-id', clientId)
}
