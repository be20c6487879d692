import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import { getRequestListener } from '@hono/node-server'
import { type Identity, issue } from './authority.ts'

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
  /** Undefined ends the connection without an answer. */
  answer(request: Request): Promise<Response | undefined>
}): Promise<Listening> {
  const contextOf = contexts(options.authority)
  const server = createServer(
    {
      SNICallback: (host, done) => {
        if (!options.knows(host)) return done(new Error(`There is no ${host} in the sandbox.`))
        contextOf(host.toLowerCase()).then((context) => done(null, context), done)
      },
    },
    // One answer for what nobody foresaw; @hono/node-server would print it.
    getRequestListener(async (request, { incoming }) => (await options.answer(request)) ?? hangUp(incoming), {
      errorHandler: () => new Response(null, { status: 500 }),
    }),
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

function contexts(authority: Identity): (host: string) => Promise<SecureContext> {
  const made = new Map<string, Promise<SecureContext>>()
  const make = async (host: string): Promise<SecureContext> => {
    const { key, certificate } = await issue(authority, host)
    return createSecureContext({ key, cert: certificate })
  }
  return (host) => {
    const known = made.get(host) ?? make(host)
    made.set(host, known)
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
