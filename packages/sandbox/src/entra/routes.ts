import { type Context, Hono } from 'hono'
import type { Azure } from '../azure.ts'
import { aliasesOf } from '../clouds.ts'
import { nameOf } from '../front/hostName.ts'
import { formOf } from './form.ts'
import { type Issuing, metadata, publishedKeys } from './metadata.ts'
import { refused, SignInRefusal } from './refusal.ts'
import { resourceScope } from './resource.ts'
import { signIn } from './signIn.ts'
import { knownTenant, multiTenantNames } from './tenants.ts'
import { issuerOf, issueToken, type SigningKey, signingKey } from './tokens.ts'
import { authorize, deviceCode, pollDeviceCode } from './userFlows.ts'

/** Entra's login host: where tokens come from, and what clients read about it first. */
export function entra(azure: Azure): Hono {
  const app = new Hono()
  const key = signingKey(azure.world)
  published(app, azure, key)
  tokens(app, azure, key)
  people(app, azure)
  app.notFound(() => new Response(null, { status: 404 }))
  app.onError((error, context) => {
    if (error instanceof SignInRefusal) return refused(error, context.req.raw, azure.now())
    throw error
  })
  return app
}

function published(app: Hono, azure: Azure, key: SigningKey): void {
  app.get('/common/discovery/instance', discovery)
  for (const version of [1, 2] as const) {
    const within = version === 2 ? '/v2.0' : ''
    app.get(`/:tenant${within}/.well-known/openid-configuration`, (context) =>
      context.json(metadata(described(azure, context), version)),
    )
    app.get(`/:tenant/discovery${within}/keys`, (context) => context.json(publishedKeys(key, issuing(azure, context), version)))
  }
}

/** The two endpoints: v2.0 takes a scope, the first version a resource, and answers with numbers as text. */
function tokens(app: Hono, azure: Azure, key: SigningKey): void {
  app.post('/:tenant/oauth2/v2.0/token', async (context) => {
    const { token_type, expires_in, ext_expires_in, access_token } = await tokenFor(azure, key, context, 2)
    return context.json({ token_type, expires_in, ext_expires_in, access_token }, 200, notStored)
  })
  app.post('/:tenant/oauth2/token', async (context) => {
    const { resource, issuedAt, expires_in, ...given } = await tokenFor(azure, key, context, 1)
    const times = { expires_in, ext_expires_in: expires_in, expires_on: issuedAt + expires_in, not_before: issuedAt }
    const texts = Object.fromEntries(Object.entries(times).map(([name, value]) => [name, String(value)]))
    const { token_type, access_token } = given
    return context.json({ token_type, ...texts, resource, access_token }, 200, notStored)
  })
  for (const path of ['/:tenant/oauth2/v2.0/token', '/:tenant/oauth2/token']) app.all(path, postOnly)
}

const notStored = { 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache' }

const postOnly = ({ req }: Context): never => {
  const message = `The endpoint only accepts POST, OPTIONS requests. Received a ${req.method} request.`
  throw new SignInRefusal(900561, 'invalid_request', message)
}

async function tokenFor(azure: Azure, key: SigningKey, context: Context, version: 1 | 2) {
  const { tenantId, origin } = issuing(azure, context)
  const tenant = knownTenant(azure, tenantId)
  const given = await formOf(context.req.raw)
  if (/device_code$/.test(given.get('grant_type') ?? '')) pollDeviceCode(azure, tenant, given)
  const form = version === 1 ? new Map([...given, ['scope', resourceScope(given)]]) : given
  const grant = signIn(azure, tenant, form, endpointsOf(azure, origin, tenant.id))
  const { tokenLifetime: lifetime = 3600 } = azure.settings
  const token = issueToken(key, grant, azure.now(), lifetime)
  const times = { expires_in: lifetime - 1, ext_expires_in: lifetime - 1, issuedAt: Math.floor(azure.now().getTime() / 1000) }
  return { token_type: 'Bearer', ...times, resource: grant.audience, access_token: token }
}

/** Requests of a person's browser or terminal. */
function people(app: Hono, azure: Azure): void {
  const tenantOf = (context: Context) => knownTenant(azure, issuing(azure, context).tenantId)
  for (const version of ['/v2.0', '']) {
    const code = `/:tenant/oauth2${version}/devicecode`
    app.post(code, async (context) => context.json(deviceCode(azure, tenantOf(context), await formOf(context.req.raw))))
    app.all(code, postOnly)
    app.get(`/:tenant/oauth2${version}/authorize`, (context) => authorize(tenantOf(context), context))
  }
}

/** The tenant in the path. `common` and the like have metadata, but issue no tokens to applications. */
function issuing(azure: Azure, context: Context): Issuing {
  const asked = context.req.param('tenant')?.toLowerCase() ?? ''
  const tenantId = multiTenantNames.includes(asked) ? asked : knownTenant(azure, asked).id
  return { tenantId, origin: new URL(context.req.url).origin }
}

/** An unknown tenant is refused with another code for metadata than for tokens. */
function described(azure: Azure, context: Context): Issuing {
  try {
    return issuing(azure, context)
  } catch (error) {
    if (!(error instanceof SignInRefusal) || error.code !== 90002) throw error
    throw new SignInRefusal(error.code, 'invalid_tenant', error.message)
  }
}

/** What a client assertion may name as its audience: the token endpoint or the issuer, by any name of the login host. */
function endpointsOf(azure: Azure, origin: string, tenantId: string): readonly string[] {
  const named = [origin, `https://${azure.world.resources.hosts.login}`]
  const hosts = named.flatMap((one) => [one, ...aliasesOf(new URL(one).host).map((alias) => `https://${alias}`)])
  const origins = [...hosts, ...hosts.map((one) => `https://${nameOf(new URL(one).host)}`)]
  const paths = ['oauth2/v2.0/token', 'oauth2/token', 'v2.0', '']
  const urls = origins.flatMap((one) => paths.map((path) => `${one}/${tenantId}/${path}`))
  return [...urls, issuerOf(tenantId)].map((url) => url.toLowerCase().replace(/\/+$/, ''))
}

/** Which hosts belong to one cloud. */
function discovery(context: Context): Response {
  const asked = context.req.query('authorization_endpoint') ?? ''
  const url = URL.canParse(asked) ? new URL(asked) : new URL(context.req.url)
  const tenant = url.pathname.split('/')[1] || 'common'
  return context.json({
    tenant_discovery_endpoint: `${url.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: url.host, preferred_cache: url.host, aliases: [...aliasesOf(url.host)] }],
  })
}
