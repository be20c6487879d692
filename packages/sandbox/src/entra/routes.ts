import { type Context, Hono } from 'hono'
import type { Azure } from '../azure.ts'
import type { Tenant } from '../directory/state.ts'
import { nameOf } from '../hosts.ts'
import { metadata, publishedKeys } from './metadata.ts'
import { refused, SignInRefusal } from './refusal.ts'
import { signIn } from './signIn.ts'
import { issuerOf, issueToken, signingKey } from './tokens.ts'

/** Entra's login host: where tokens come from, and what clients read about it first. */
export function entra(azure: Azure): Hono {
  const app = new Hono()
  const key = signingKey(azure.world)
  app.get('/common/discovery/instance', discovery)
  app.get('/:tenant/v2.0/.well-known/openid-configuration', (context) => context.json(metadata(issuing(azure, context), 2)))
  app.get('/:tenant/.well-known/openid-configuration', (context) => context.json(metadata(issuing(azure, context), 1)))
  app.get('/:tenant/discovery/v2.0/keys', (context) => context.json(publishedKeys(key)))
  app.get('/:tenant/discovery/keys', (context) => context.json(publishedKeys(key)))
  app.post('/:tenant/oauth2/v2.0/token', async (context) => {
    const { tenantId, origin } = issuing(azure, context)
    const tenant = knownTenant(azure, tenantId)
    const grant = signIn(azure, tenant, await formOf(context.req.raw), endpointsOf(azure, origin, tenant.id))
    const { tokenLifetime: lifetime = 3600 } = azure.settings
    const token = issueToken(key, grant, azure.now(), lifetime)
    const body = { token_type: 'Bearer', expires_in: lifetime - 1, ext_expires_in: lifetime - 1, access_token: token }
    return context.json(body, 200, { 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache' })
  })
  app.notFound(() => new Response(null, { status: 404 }))
  app.onError((error, context) => {
    if (error instanceof SignInRefusal) return refused(error, context.req.raw, azure.now())
    throw error
  })
  return app
}

const everybodys = ['common', 'organizations', 'consumers']

/** The tenant of the path; what is common to all has metadata, but gives no tokens to applications. */
function issuing(azure: Azure, context: Context): { tenantId: string; origin: string } {
  const asked = context.req.param('tenant')?.toLowerCase() ?? ''
  const tenantId = everybodys.includes(asked) ? asked : knownTenant(azure, asked).id
  return { tenantId, origin: new URL(context.req.url).origin }
}

function knownTenant(azure: Azure, id: string): Tenant {
  const tenant = azure.world.directory.tenants[id]
  if (tenant !== undefined) return tenant
  if (everybodys.includes(id)) {
    const message = 'No tenant-identifying information found in either the request or implied by any provided credentials.'
    throw new SignInRefusal(50059, 'invalid_request', message)
  }
  if (!/^[0-9a-f-]{36}$|\./.test(id)) {
    const message = `Specified tenant identifier '${id}' is neither a valid DNS name, nor a valid external domain.`
    throw new SignInRefusal(900023, 'invalid_request', message)
  }
  const advice =
    'Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.'
  throw new SignInRefusal(90002, 'invalid_request', `Tenant '${id}' not found. ${advice}`)
}

/** What a client assertion may name as its audience: the token endpoint or the issuer, by any name of the login host. */
function endpointsOf(azure: Azure, origin: string, tenantId: string): readonly string[] {
  const named = [origin, `https://${azure.world.resources.hosts.login}`]
  const origins = [...named, ...named.map((one) => `https://${nameOf(new URL(one).host)}`)]
  const paths = ['oauth2/v2.0/token', 'oauth2/token', 'v2.0', '']
  const urls = origins.flatMap((one) => paths.map((path) => `${one}/${tenantId}/${path}`))
  return [...urls, issuerOf(tenantId)].map((url) => url.toLowerCase().replace(/\/+$/, ''))
}

async function formOf(request: Request): Promise<ReadonlyMap<string, string>> {
  const form = new URLSearchParams(await request.text())
  const basic = /^Basic +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (basic === undefined) return new Map(form)
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(/:(.*)/s)
  const plain = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))
  try {
    return new Map([...form, ['client_id', plain(id)], ['client_secret', plain(secret)]])
  } catch {
    throw new SignInRefusal(
      900144,
      'invalid_request',
      'The Authorization header of the request is not of the form that Basic has.',
    )
  }
}

/** Which hosts belong to one cloud: here, the one that was asked. */
function discovery(context: Context): Response {
  const asked = context.req.query('authorization_endpoint') ?? ''
  const url = URL.canParse(asked) ? new URL(asked) : new URL(context.req.url)
  const tenant = url.pathname.split('/')[1] || 'common'
  return context.json({
    tenant_discovery_endpoint: `${url.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: url.host, preferred_cache: url.host, aliases: [url.host] }],
  })
}
