import type { IncomingMessage } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { getRequestListener } from '@hono/node-server'
import { contexts, type Handshakes } from './handshakes.ts'
import { proxy } from './proxy.ts'

export interface Listening {
  readonly port: number
  close(): Promise<void>
}

export interface Serving extends Handshakes {
  readonly port: number
  /** A second port, for clients without a proxy, which connect to 443. */
  readonly alsoPort?: number | undefined
  knows(host: string): boolean
  /** May a client of the proxy connect to this host? Refusals are logged. */
  connects(host: string): boolean
  /** Undefined ends the connection without an answer; `gone` waits until the client has ended it. */
  answer(arrival: { request: Request; gone: () => Promise<void> }): Promise<Response | undefined>
}

/** The first byte of a TLS connection: https://www.rfc-editor.org/rfc/rfc8446#section-5.1 */
const handshake = 0x16

/**
 * Serves on the loopback address: HTTPS, and HTTP CONNECT for clients that use it as a proxy and address the services by their own names.
 * The first byte of a connection tells them apart.
 */
export async function listen(serving: Serving): Promise<Listening> {
  const https = encrypted(serving)
  const plain = proxy({ connects: serving.connects, enter: (connection) => void https.emit('connection', connection) })
  const sockets = new Set<Socket>()
  const enter = (socket: Socket): void => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // A client may hang up before it has sent anything.
    socket.on('error', () => {})
    socket.once('data', (first) => {
      socket.pause()
      socket.unshift(first)
      const server = first[0] === handshake ? https : plain
      server.emit('connection', socket)
      process.nextTick(() => socket.resume())
    })
  }
  const { alsoPort } = serving
  const doors = await openAll(enter, [serving.port, ...(alsoPort === undefined ? [] : [alsoPort])])
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    await closeAll(doors)
  }
  return { port: portOf(doors[0]?.address() ?? null), close }
}

/**
 * Each host name gets its own certificate; an unknown name is refused in the handshake, which a client experiences as a
 * failed connection, much like a name that does not resolve.
 */
function encrypted(serving: Serving): HttpsServer {
  const contextOf = contexts(serving)
  // Any unexpected error becomes a plain 500; @hono/node-server would also print it.
  const respond = getRequestListener(
    async (request, { incoming }) => (await serving.answer({ request, gone: () => goneOf(incoming) })) ?? hangUp(incoming),
    { errorHandler: () => new Response(null, { status: 500 }) },
  )
  const server = createHttpsServer(
    {
      SNICallback: (host, done) => {
        if (!serving.knows(host) || serving.tlsOf(host) === 'refused')
          return done(new Error(`There is no ${host} in the sandbox.`))
        contextOf(host.toLowerCase()).then((context) => done(null, context), done)
      },
    },
    (incoming, outgoing) => {
      nameHost(incoming)
      return respond(incoming, outgoing)
    },
  )
  server.keepAliveTimeout = 60_000
  return server
}

/** Some clients, such as dynamics-web-api, name the proxy in the Host header; the TLS handshake has the real name. */
function nameHost(incoming: IncomingMessage): void {
  const { headers, rawHeaders, socket } = incoming
  if (!/^127\.0\.0\.1(:|$)/.test(headers.host ?? '') || !(socket instanceof TLSSocket) || !socket.servername) return
  headers.host = socket.servername
  incoming.rawHeaders = rawHeaders.map((value, at) =>
    rawHeaders[at - 1]?.toLowerCase() === 'host' && at % 2 === 1 ? `${headers.host}` : value,
  )
}

/** The returned answer is never sent. */
function hangUp({ socket }: { socket?: { destroy(): void } }): Response {
  socket?.destroy()
  return new Response(null, { status: 500 })
}

const goneOf = ({ socket }: { socket?: { once(event: 'close', listener: () => void): unknown } }): Promise<void> =>
  new Promise((resolve) => socket?.once('close', resolve))

/** If one of the ports is taken, none is left open. */
async function openAll(enter: (socket: Socket) => void, ports: readonly number[]): Promise<readonly Server[]> {
  const doors: Server[] = []
  try {
    for (const port of ports) doors.push(await open(enter, port))
  } catch (error) {
    await closeAll(doors)
    throw error
  }
  return doors
}

const open = (enter: (socket: Socket) => void, port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    // Without this, an answer in two segments waits 40 ms for the client's acknowledgement of the first.
    const server = createServer({ noDelay: true }, enter)
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })

const portOf = (address: AddressInfo | string | null): number =>
  typeof address === 'object' && address !== null ? address.port : 0

const closeAll = async (doors: readonly Server[]): Promise<void> => {
  const open = doors.filter(({ listening }) => listening)
  await Promise.all(open.map((server) => new Promise((resolve) => server.close(resolve))))
}
