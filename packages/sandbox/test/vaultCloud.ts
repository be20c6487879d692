import type { TokenCredential } from '@azure/core-auth'
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { request } from 'undici'
import type { Azure, Caller, Seed, SeededPrincipal, World } from '../src/azure.ts'
import { clockOf } from '../src/clock.ts'
import { keyVault } from '../src/keyVault/routes.ts'
import { seed as seedVaults } from '../src/keyVault/seed.ts'
import { resourceManager } from '../src/resourceManager/routes.ts'
import { seed as seedResources } from '../src/resourceManager/seed.ts'
import { keylessWorld, plainPrincipal, plainTenant, promptly, publicHosts } from './support/plain.ts'

export const tenant = '11111111-1111-1111-1111-111111111111'
export const otherTenant = '22222222-2222-2222-2222-222222222222'
export const subscription = '33333333-3333-3333-3333-333333333333'
export const group = 'rg-mail'
export const vaultName = 'kv-contoso-mail'
export const vaultUrl = `https://${vaultName}.vault.azure.net`
export const armUrl = 'https://management.azure.com'
export const vaultScope = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.KeyVault/vaults/${vaultName}`

const seedOf = (exists: boolean): Seed => ({
  hosts: publicHosts,
  deployments: [
    {
      name: 'contoso',
      vault: { tenantId: tenant, subscriptionId: subscription, resourceGroup: group, name: vaultName, exists },
      exchange: {
        tenantId: tenant,
        ewsUrl: 'https://mail.contoso.com/EWS/Exchange.asmx',
        resourceId: 'https://mail.contoso.com',
      },
      registrations: [],
    },
  ],
})

const ids = (letter: string) => ({
  clientId: `${letter.repeat(8)}-0000-4000-8000-000000000001`,
  objectId: `${letter.repeat(8)}-0000-4000-8000-000000000002`,
})

/** Who the tokens of the tests stand for: a token is `{name}@{audience}`. */
export const people = {
  owner: { tenantId: tenant, ...ids('a'), rights: 'owner' },
  reader: { tenantId: tenant, ...ids('b'), rights: 'reader' },
  /** A program without any right. */
  app: { tenantId: tenant, ...ids('c'), rights: 'reader' },
  stranger: { tenantId: otherTenant, ...ids('d'), rights: 'owner' },
} as const satisfies Record<string, SeededPrincipal>

export type Person = keyof typeof people
const isPerson = (name: string): name is Person => name in people

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Readonly<Record<string, unknown>>
  /** Code, inner code and message of an error. */
  readonly error: { readonly code?: unknown; readonly message?: unknown; readonly innererror?: { readonly code?: unknown } }
}

export interface Cloud {
  readonly azure: Azure
  /** Sends a request as this principal; without one, without a token. */
  ask(as: Person | undefined, method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  credential(as: Person): TokenCredential
  readonly httpClient: HttpClient
  advance(milliseconds: number): void
  close(): Promise<void>
}

function worldWithPrincipals(): World {
  const world = keylessWorld()
  const [createdDateTime, mine] = ['2026-01-01T00:00:00Z', Object.values(people).filter((one) => one.tenantId === tenant)]
  const principals = mine.map(({ objectId: id, clientId: appId, tenantId: appOwnerOrganizationId }) =>
    plainPrincipal({ id, appId, createdDateTime, appOwnerOrganizationId }),
  )
  world.directory.tenants[tenant] = plainTenant({ id: tenant, displayName: 'Contoso', createdDateTime }, principals)
  return world
}

function authenticate(asked: Request, audiences: readonly string[]): ReturnType<Azure['authenticate']> {
  const token = /^Bearer (.+)$/.exec(asked.headers.get('authorization') ?? '')?.[1]
  if (token === undefined) return 'missing'
  if (token === 'expired') return 'expired'
  const [name = '', audience = ''] = token.split('@')
  if (!isPerson(name)) return 'malformed'
  const bare = (text: string) => text.replace(/\/+$/, '')
  if (!audiences.map(bare).includes(bare(audience))) return 'audience'
  const { tenantId, clientId: appId, objectId } = people[name]
  const caller: Caller = { tenantId, appId, objectId, roles: [] }
  return caller
}

/** Both services on a port of loopback, over plain HTTP, selected by the host that a client requests. */
export async function startCloud(settings: Partial<Azure['settings']> = {}, vaultExists = true): Promise<Cloud> {
  const world = worldWithPrincipals()
  const azure: Azure = {
    world,
    settings: { ...promptly, ...settings },
    now: clockOf(world).now,
    random: () => 0,
    authenticate,
  }
  const seed = seedOf(vaultExists)
  for (const sow of [seedResources, seedVaults]) sow(azure, seed, [people.owner, people.reader])
  const { port, close } = await listen(azure)
  return {
    azure,
    ask: (as, method, url, body, headers) => ask(port, as, method, url, body, headers),
    credential: (as) => ({
      getToken: async (scopes) => {
        const [scope = ''] = [scopes].flat()
        return { token: `${as}@${scope.replace('/.default', '')}`, expiresOnTimestamp: Date.now() + 3_600_000 }
      },
    }),
    httpClient: redirected(port),
    advance: (milliseconds) => {
      world.ahead += milliseconds
    },
    close,
  }
}

async function listen(azure: Azure): Promise<{ port: number; close: () => Promise<void> }> {
  const [arm, vaults] = [resourceManager(azure), keyVault(azure)]
  const app = new Hono().all('*', async (asked) => {
    const service = asked.req.header('host')?.startsWith('management.') ? arm : vaults
    return service.fetch(await secure(asked.req.raw))
  })
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

/** The request as it would come over HTTPS, so that the answers contain the real addresses. */
async function secure(asked: Request): Promise<Request> {
  const body = await asked.arrayBuffer()
  const { method, headers } = asked
  return new Request(asked.url.replace(/^http:/, 'https:'), { method, headers, ...(body.byteLength > 0 && { body }) })
}

/** Sends the SDKs' requests for real host names to where the cloud listens. */
function redirected(port: number): HttpClient {
  const client = createDefaultHttpClient()
  return {
    sendRequest: async (asked) => {
      const url = new URL(asked.url)
      const original = asked.url
      asked.headers.set('host', url.host)
      asked.url = `http://127.0.0.1:${port}${url.pathname}${url.search}`
      asked.allowInsecureConnection = true
      const answer = await client.sendRequest(asked)
      asked.url = original
      return { ...answer, request: asked }
    },
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

async function ask(
  port: number,
  as: Person | undefined,
  method: string,
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { host, hostname, pathname, search } = new URL(url)
  const audience = hostname.startsWith('management.') ? armUrl : `https://${hostname.slice(hostname.indexOf('.') + 1)}`
  const answer = await request(`http://127.0.0.1:${port}${pathname}${search}`, {
    method,
    headers: {
      host,
      ...(as && { authorization: `Bearer ${as}@${audience}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await answer.body.text()
  const parsed: unknown = text === '' ? {} : JSON.parse(text)
  const shown = isObject(parsed) ? parsed : {}
  return { status: answer.statusCode, headers: answer.headers, body: shown, error: isObject(shown.error) ? shown.error : {} }
}
