import type { Client, Context } from '@microsoft/microsoft-graph-client'
import type { Cloud } from '../cloud.ts'
import { type Channel, channel } from '../credentials/channel.ts'
import type { Credentials } from '../credentials/credentials.ts'
import { asking } from '../errors/ask.ts'
import type { HttpAnswer } from '../http/message.ts'
import { walkThrough } from '../http/pages.ts'
import { type Fields, fieldsOf } from '../http/shape.ts'
import type { Transport } from '../http/transport.ts'
import { once } from '../once.ts'

/** One call of Microsoft Graph v1.0. */
export interface GraphCall {
  readonly tenantId: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Path below `/v1.0` with its query, encoded. */
  readonly path: string
  readonly doing: string
  /** The Graph permission that the call needs (https://learn.microsoft.com/graph/permissions-reference). */
  readonly needs: string
  readonly body?: unknown
  readonly prefer?: string
  readonly replay?: ReplayMode
}

type ReplayMode = 'idempotent' | 'never'

const isReplay = (word: string | undefined): word is ReplayMode => word === 'idempotent' || word === 'never'

export interface GraphApi {
  /** The answer; without fields if there was no body. */
  call(wanted: GraphCall): Promise<Fields>
  /** Every object of a list, page after page. */
  list(wanted: GraphCall): Promise<readonly Fields[]>
}

export function graph(transport: Transport, credentials: Credentials, cloud: Cloud): GraphApi {
  const clients = new Map<string, Promise<Client>>()
  const clientOf = (tenantId: string): Promise<Client> => {
    const audience = { origin: cloud.graph, scope: `${cloud.graph}/.default` }
    const client = clients.get(tenantId) ?? connect(channel(transport, credentials, tenantId, audience), cloud)
    clients.set(tenantId, client)
    return client
  }
  const call = (wanted: GraphCall): Promise<Fields> =>
    asking({ service: 'graph', doing: wanted.doing, needs: `${wanted.needs}. ${consentPage(wanted.tenantId)}` }, async () =>
      fieldsOf((await request(await clientOf(wanted.tenantId), wanted)) ?? {}, 'the answer'),
    )
  return {
    call,
    async list(wanted) {
      const found: Fields[] = []
      const walk = walkThrough(wanted.doing)
      for (let path: string | undefined = wanted.path; path !== undefined; ) {
        const page: Fields = await call({ ...wanted, path })
        walk.turn()
        found.push(...page.objects('value'))
        path = below(cloud.graph, page.optionalString('@odata.nextLink'))
      }
      return found
    },
  }
}

/** Where a permission is granted. */
const consentPage = (tenantId: string): string =>
  `Give it in tenant ${tenantId}: in Entra under App registrations, API permissions, with admin consent`

/** The link to the next page, without host and version: a link to another host would carry the token there. */
const below = (host: string, link: string | undefined): string | undefined =>
  link === undefined ? undefined : link.replace(`${host}/v1.0`, '').replace(/^https?:\/\/[^/]+\/v1\.0/, '')

const loadLibrary = once(() => import('@microsoft/microsoft-graph-client'))

/**
 * The library's own middleware is left out: its retries repeat a POST, and it silently sends no token to hosts it
 * does not know (https://github.com/microsoftgraph/msgraph-sdk-javascript/tree/dev/docs).
 */
async function connect(signedIn: Channel, cloud: Cloud): Promise<Client> {
  const { Client, GraphClientError } = await loadLibrary()
  const execute = async (context: Context): Promise<void> => {
    try {
      Object.assign(context, { response: await exchange(signedIn, context) })
    } catch (error) {
      // The one kind of error that the library passes on unchanged, with its content.
      const carrier = new GraphClientError('see customError')
      carrier.customError = error
      throw carrier
    }
  }
  return Client.initWithMiddleware({ middleware: { execute }, baseUrl: `${cloud.graph}/` })
}

async function exchange(signedIn: Channel, { request: url, options }: Context): Promise<Received> {
  if (typeof url !== 'string') throw new TypeError('The address of a Graph request is not text')
  const headers = Object.entries(options?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)])
  const { 'x-hma-replay': replay, ...sent }: Record<string, string> = Object.fromEntries(headers)
  const body = typeof options?.body === 'string' ? { body: options.body } : {}
  const answer = await signedIn.send({
    method: options?.method ?? 'GET',
    url,
    headers: { ...sent, accept: 'application/json' },
    ...body,
    ...(isReplay(replay) && { replay }),
  })
  return received(answer)
}

/**
 * The part of a Response that the library uses. A real one would load all of Node's fetch and wrap an already buffered body in a stream,
 * only to read it again.
 */
type Received = Pick<Response, 'status' | 'ok' | 'json'> & { readonly headers: Pick<Headers, 'get'> }

const received = ({ status, body }: HttpAnswer): Received => ({
  status: body === '' ? 204 : status,
  ok: true,
  headers: { get: (name) => (name.toLowerCase() === 'content-type' ? 'application/json' : null) },
  json: async () => JSON.parse(body),
})

async function request(client: Client, wanted: GraphCall): Promise<unknown> {
  const { GraphClientError } = await loadLibrary()
  const built = client.api(wanted.path)
  if (wanted.prefer !== undefined) built.header('prefer', wanted.prefer)
  if (wanted.replay !== undefined) built.header('x-hma-replay', wanted.replay)
  try {
    switch (wanted.method) {
      case 'GET':
        return await built.get()
      case 'POST':
        return await built.post(wanted.body)
      case 'PATCH':
        return await built.patch(wanted.body)
      case 'DELETE':
        return await built.delete()
    }
  } catch (error) {
    throw error instanceof GraphClientError && error.customError !== undefined ? error.customError : error
  }
}
