import { Agent, request } from 'node:https'
import type { Principal, Seed } from '../../src/azure.ts'
import { type Sandbox, type Start, start } from '../../src/sandbox.ts'
import { publicHosts } from './plain.ts'
import { emptyWorld, pooled } from './worlds.ts'

/** The tenants of the sandbox below: one has the vault, the other Exchange and Dynamics. */
export const vaultTenant = '11111111-1111-1111-1111-111111111111'
export const mailTenant = '22222222-2222-2222-2222-222222222222'

export const seed: Seed = {
  hosts: publicHosts,
  deployments: [
    {
      name: 'contoso',
      vault: {
        tenantId: vaultTenant,
        subscriptionId: '33333333-3333-3333-3333-333333333333',
        resourceGroup: 'rg-mail',
        name: 'kv-contoso-mail',
        exists: true,
      },
      exchange: {
        tenantId: mailTenant,
        ewsUrl: 'https://mail.contoso.com/EWS/Exchange.asmx',
        resourceId: 'https://mail.contoso.com',
        testMailbox: 'svc-d365@contoso.com',
      },
      dynamics: {
        tenantId: mailTenant,
        environmentUrl: 'https://contoso.crm4.dynamics.com',
        mailboxes: ['sales@contoso.com'],
      },
      registrations: [],
    },
  ],
}

/** A sandbox with the two tenants, without replication lag unless the test asks for it. Close it after the test. */
export async function startSandbox(options: Partial<Start> = {}): Promise<Sandbox> {
  const world = options.file === undefined && { world: await emptyWorld() }
  return start({ seed, ...world, ...options, settings: { replicationLag: 0, strict: true, ...pooled, ...options.settings } })
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** The body as JSON; an empty object where there is none. */
  readonly json: Record<string, unknown>
}

export interface Ask {
  readonly method?: string
  readonly headers?: Record<string, string>
  /** An object is sent as JSON. */
  readonly body?: string | object
}

/** Connections are kept, one pool for each sandbox: a handshake for each request would take most of the time of a test. */
const pools = new Map<string, Agent>()

function poolOf(caPem: string): Agent {
  const pool = pools.get(caPem) ?? new Agent({ keepAlive: true })
  pools.set(caPem, pool)
  return pool
}

/** One HTTPS request that goes to the sandbox, whatever host the URL names. Rejects where the connection fails. */
export function ask({ port, caPem }: Sandbox, url: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Answer> {
  const { hostname, host, pathname, search } = new URL(url)
  const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body)
  const type = typeof body === 'object' ? { 'content-type': 'application/json' } : {}
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{
          host: '127.0.0.1',
          port,
          servername: hostname,
          ca: caPem,
          method,
          path: `${pathname}${search}`,
          agent: poolOf(caPem),
        },
        headers: { host, ...type, ...(text !== undefined && { 'content-length': Buffer.byteLength(text) }), ...headers },
      },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('error', reject)
        response.on('end', () => {
          const received = Buffer.concat(parts).toString('utf8')
          const { statusCode = 0, headers: answered } = response
          resolve({ status: statusCode, headers: answered, text: received, json: jsonIn(received) })
        })
      },
    )
    sent.on('error', reject)
    sent.end(text)
  })
}

function jsonIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

export function principal({ principals }: Sandbox, tenantId: string, rights: Principal['rights'] = 'owner'): Principal {
  const found = principals.find((one) => one.tenantId === tenantId && one.rights === rights)
  if (found === undefined) throw new Error(`There is no ${rights} in the tenant ${tenantId}.`)
  return found
}

/** A token request with any fields. */
export const askForToken = (sandbox: Sandbox, tenantId: string, fields: Record<string, string>): Promise<Answer> =>
  ask(sandbox, `${sandbox.endpoints.authorityHost}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  })

/** The value of an Authorization header for a client and a resource. */
export async function bearer(
  sandbox: Sandbox,
  client: { tenantId: string; clientId: string; clientSecret: string },
  resource: string,
): Promise<string> {
  const { json, text } = await askForToken(sandbox, client.tenantId, {
    grant_type: 'client_credentials',
    client_id: client.clientId,
    client_secret: client.clientSecret,
    scope: `${resource}/.default`,
  })
  if (typeof json.access_token !== 'string') throw new Error(text)
  return `Bearer ${json.access_token}`
}
