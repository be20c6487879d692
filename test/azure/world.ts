import { onTestFinished } from 'vitest'
import { type Clients, createClients } from '../../src/azure/clients.ts'
import { type Credentials, createCredentials } from '../../src/azure/credentials/credentials.ts'
import { createTransport } from '../../src/azure/http/transport.ts'
import { searchClient } from '../../src/azure/search/client.ts'
import type { Search } from '../../src/azure/search/port.ts'
import { Secret } from '../../src/core/secret.ts'
import { instantTimer } from '../support/timer.ts'
import { type Received, type Reply, serve, type TestServer } from './server.ts'

export const tenant = '11111111-1111-1111-1111-111111111111'
export const vault = 'https://kv-contoso.vault.lab.localhost'

export const lab = {
  name: 'lab',
  authorityHost: 'https://login.lab.localhost',
  resourceManager: 'https://management.lab.localhost',
  graph: 'https://graph.lab.localhost',
  keyVaultSuffix: 'vault.lab.localhost',
} as const

export interface World {
  readonly server: TestServer
  readonly clients: Clients
  readonly search: Search
  readonly credentials: Credentials
  readonly waits: number[]
  readonly lines: string[]
  /** Requests other than those for tokens. */
  readonly asked: () => string[]
  clock: number
}

const isLogin = (request: Received): boolean => request.host === 'login.lab.localhost'

/** Entra's answers to a client that asks for tokens; every token is another. */
export function login(request: Received, issued: number): Reply {
  const base = 'https://login.lab.localhost'
  if (request.method === 'GET')
    return {
      status: 200,
      body: {
        issuer: `${base}/${tenant}/v2.0`,
        authorization_endpoint: `${base}/${tenant}/oauth2/v2.0/authorize`,
        token_endpoint: `${base}/${tenant}/oauth2/v2.0/token`,
        jwks_uri: `${base}/${tenant}/discovery/v2.0/keys`,
      },
    }
  const payload = Buffer.from(JSON.stringify({ oid: 'the-caller' })).toString('base64url')
  return { status: 200, body: { token_type: 'Bearer', expires_in: 3600, access_token: `eyJh.${payload}.hush-${issued}` } }
}

/** Clients signed in with a client secret, against a server that answers as `reply` says. */
export async function world(
  reply: (request: Received, count: number) => Reply | Promise<Reply>,
  options: { tenantOf?: (uri: string) => string | undefined; login?: typeof login } = {},
): Promise<World> {
  let count = 0
  const server = await serve((request, all) =>
    isLogin(request) ? (options.login ?? login)(request, all) : reply(request, ++count),
  )
  const [waits, lines]: [number[], string[]] = [[], []]
  const transport = createTransport({
    caPems: [server.caPem],
    route: server.route,
    timer: instantTimer(waits),
    trace: (line) => lines.push(line),
  })
  onTestFinished(() => transport.close())
  const auth = { credential: 'clientSecret', clientId: 'client', clientSecret: new Secret('hush-secret') } as const
  const made = { clock: Date.now() }
  const credentials = createCredentials({ cloud: lab, auth: new Map([[tenant, auth]]), transport, now: () => made.clock })
  const clients = createClients({ cloud: lab, credentials, transport, tenantOf: options.tenantOf ?? (() => tenant) })
  const search = searchClient({ cloud: lab, credentials, transport })
  const asked = () =>
    server.received.filter((each) => !isLogin(each)).map(({ method, path }) => `${method} ${decodeURIComponent(path)}`)
  return Object.assign(made, { server, clients, search, credentials, waits, lines, asked })
}

export const tokenRequests = ({ server }: World): number =>
  server.received.filter((each) => isLogin(each) && each.method === 'POST').length
