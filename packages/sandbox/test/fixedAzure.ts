import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Azure, Caller, Seed, SeededPrincipal, TokenProblem } from '../src/azure.ts'
import { seed as seedDataverse } from '../src/dataverse/seed.ts'
import { seed as seedExchange } from '../src/exchange/seed.ts'
import { keylessWorld, promptly, publicHosts } from './support/plain.ts'

export const vaultTenant = '11111111-1111-1111-1111-111111111111'
export const exchangeTenant = '22222222-2222-2222-2222-222222222222'
export const environmentHost = 'contoso.crm4.dynamics.com'
export const exchangeHost = 'mail.contoso.com'
export const start = Date.parse('2026-03-01T10:00:00Z')

export const deployment: Seed['deployments'][number] = {
  name: 'contoso',
  vault: {
    tenantId: vaultTenant,
    subscriptionId: '33333333-3333-3333-3333-333333333333',
    resourceGroup: 'rg-mail',
    name: 'kv-contoso-mail',
    exists: true,
  },
  exchange: {
    tenantId: exchangeTenant,
    ewsUrl: `https://${exchangeHost}/EWS/Exchange.asmx`,
    resourceId: `https://${exchangeHost}`,
    testMailbox: 'svc-d365@contoso.com',
  },
  dynamics: { tenantId: exchangeTenant, environmentUrl: `https://${environmentHost}`, mailboxes: ['Anna@contoso.com'] },
  registrations: [],
}

const seedOf = (deployments: Seed['deployments']): Seed => ({ hosts: publicHosts, deployments })

export const principals: readonly SeededPrincipal[] = [
  {
    tenantId: exchangeTenant,
    clientId: 'aaaaaaaa-0000-4000-8000-000000000001',
    objectId: 'aaaaaaaa-0000-4000-8000-000000000002',
    rights: 'owner',
  },
  {
    tenantId: exchangeTenant,
    clientId: 'bbbbbbbb-0000-4000-8000-000000000001',
    objectId: 'bbbbbbbb-0000-4000-8000-000000000002',
    rights: 'reader',
  },
]

/** The identity behind a bearer token of the tests, and the host that it is for. */
export interface TestToken {
  readonly caller: Caller
  readonly host: string
}

/** An Azure whose clock stands still until it is moved, and whose tokens are listed. */
export interface FixedAzure extends Azure {
  readonly tokens: Map<string, TestToken | 'expired'>
  advance(milliseconds: number): void
}

export function fixedAzure(deployments: Seed['deployments'] = [deployment]): FixedAzure {
  const world = keylessWorld()
  const tokens = new Map<string, TestToken | 'expired'>()
  const azure: FixedAzure = {
    world,
    settings: { ...promptly },
    tokens,
    now: () => new Date(start + world.ahead),
    random: () => 0,
    authenticate: (request, audiences) => authenticate(tokens, request, audiences),
    advance: (milliseconds) => {
      world.ahead += milliseconds
    },
  }
  for (const { clientId, tenantId, objectId, rights } of principals)
    tokens.set(rights, { caller: { appId: clientId, tenantId, objectId, roles: [] }, host: environmentHost })
  reseed(azure, deployments)
  return azure
}

export function reseed(azure: Azure, deployments: Seed['deployments'] = [deployment]): void {
  seedDataverse(azure, seedOf(deployments), principals)
  seedExchange(azure, seedOf(deployments), principals)
}

function authenticate(
  tokens: ReadonlyMap<string, TestToken | 'expired'>,
  request: Request,
  audiences: readonly string[],
): Caller | TokenProblem {
  const name = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
  if (name === undefined) return 'missing'
  const token = tokens.get(name)
  if (token === undefined) return 'malformed'
  if (token === 'expired') return 'expired'
  const secure = audiences.filter((audience) => audience.startsWith('https:'))
  return secure.some((audience) => new URL(audience).hostname === token.host) ? token.caller : 'audience'
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export interface Asked {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Listening {
  /** Sends one request, for that host, to where the service listens. */
  ask(host: string, asked: Asked): Promise<Answer>
  close(): Promise<void>
}

/** Serves an application on a port of loopback, over plain HTTP. */
export async function listen(app: Hono): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    ask: (host, asked) => send(port, host, asked),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

const send = (port: number, host: string, { method = 'GET', path, headers = {}, body }: Asked): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: '127.0.0.1', port, method, path, headers: { Host: host, Connection: 'close', ...headers } },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The body of an answer as an object; anything else fails the test that asks for it. */
export function record(answer: Answer): Record<string, unknown> {
  const value: unknown = JSON.parse(answer.text)
  if (!isRecord(value)) throw new Error(`Not an object: ${answer.text}`)
  return value
}

/** Its list of rows. */
export function rows(answer: Answer): readonly Record<string, unknown>[] {
  const { value } = record(answer)
  if (!Array.isArray(value)) throw new Error(`Not a list: ${answer.text}`)
  return value.filter(isRecord)
}

/** Code and message of its error. */
export function error(answer: Answer): { code: unknown; message: unknown } {
  const { error: found } = record(answer)
  if (!isRecord(found)) throw new Error(`Not an error: ${answer.text}`)
  return { code: found.code, message: found.message }
}
