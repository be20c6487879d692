import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import { getRequestListener } from '@hono/node-server'
import type { Identity } from './authority.ts'
import { identityOf } from './exchange/identity.ts'
import type { Tls } from './exchange/state.ts'

export interface Listening {
  readonly port: number
  close(): Promise<void>
}

/**
 * Serves HTTPS on the loopback address. Each host name gets a certificate of its own; a name that is not known is refused in
 * the handshake, which a client meets as a connection that fails, as it does for a name without an address.
 */
export async function listen(options: {
  authority: Identity
  port: number
  knows(host: string): boolean
  /** How the handshake with a host goes. */
  tlsOf(host: string): Tls
  now(): Date
  /** Undefined ends the connection without an answer; `gone` waits until the client has ended it. */
  answer(arrival: { request: Request; gone: () => Promise<void> }): Promise<Response | undefined>
}): Promise<Listening> {
  const contextOf = contexts(options)
  const server = createServer(
    {
      SNICallback: (host, done) => {
        if (!options.knows(host) || options.tlsOf(host) === 'refused')
          return done(new Error(`There is no ${host} in the sandbox.`))
        contextOf(host.toLowerCase()).then((context) => done(null, context), done)
      },
    },
    // One answer for what nobody foresaw; @hono/node-server would print it.
    getRequestListener(
      async (request, { incoming }) => (await options.answer({ request, gone: () => goneOf(incoming) })) ?? hangUp(incoming),
      { errorHandler: () => new Response(null, { status: 500 }) },
    ),
  )
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  return { port: portOf(server.address()), close: () => close(server) }
}

/** The answer that is given back goes nowhere. */
function hangUp({ socket }: { socket?: { destroy(): void } }): Response {
  socket?.destroy()
  return new Response(null, { status: 500 })
}

const goneOf = ({ socket }: { socket?: { once(event: 'close', listener: () => void): unknown } }): Promise<void> =>
  new Promise((resolve) => socket?.once('close', resolve))

interface Handshakes {
  readonly authority: Identity
  tlsOf(host: string): Tls
  now(): Date
}

/** What was made once for a name is good for as long as this process lives, also where the same world is served again. */
const made = new Map<string, Promise<SecureContext>>()

function contexts({ authority, tlsOf, now }: Handshakes): (host: string) => Promise<SecureContext> {
  const make = async (host: string): Promise<SecureContext> => {
    const { key, certificate } = await identityOf(host, tlsOf(host), { authority, now: now() })
    return createSecureContext({ key, cert: certificate })
  }
  return (host) => {
    const name = JSON.stringify([authority.certificate, host, tlsOf(host)])
    const known = made.get(name) ?? make(host)
    made.set(name, known)
    return known
  }
}

const portOf = (address: AddressInfo | string | null): number =>
  typeof address === 'object' && address !== null ? address.port : 0

async function close(server: Server): Promise<void> {
  if (!server.listening) return
  server.closeAllConnections()
  await new Promise<void>((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)))
  })
}
