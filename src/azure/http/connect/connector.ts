import type { Agent } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { limits } from '../../../core/limits.ts'
import type { Presented } from '../../exchange/port.ts'
import { type Route, type Target, unknownName } from './route.ts'
import { presentedBy } from './serverCertificate.ts'
import type { Trust, trustingConnect } from './trust.ts'
import type { Tunnel } from './tunnel.ts'

/** Opens a connection as Node.js would, with these settings instead. */
type OpenSocket = (settings: Partial<Target & Trust & { socket: Duplex }>) => Socket

/** Called with a connection, or with the error. */
type Opened = (error: Error | null, socket?: Duplex) => void

/** How an agent gets a connection to a host. */
export type Connector = (to: Target, begin: OpenSocket, opened: Opened) => void

/** Makes an agent use this connector. */
export function withConnector<Kept extends Agent>(agent: Kept, way: Connector): Kept {
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (options, opened = () => {}) => {
    const begin: OpenSocket = (settings) => {
      const socket = connect({ ...options, ...settings })
      if (!(socket instanceof Socket)) throw new TypeError('Node.js no longer connects with sockets')
      return endIfSlow(socket)
    }
    const to = { host: options.host ?? '', port: Number(options.port) }
    // The callback takes a socket even with an error, and does not use it then.
    way(to, begin, (error, socket = new Socket()) => opened(error, socket))
    return undefined
  }
  return agent
}

/** Gives up on a connection that is not open in time. What has arrived by then is read first: this process may have been the slow one. */
function endIfSlow(socket: Socket): Socket {
  let open = false
  const end = (): void => {
    if (!open) socket.destroy(Object.assign(new Error('no connection in time'), { code: 'CONNECT_TIMED_OUT' }))
  }
  const timer = setTimeout(() => setImmediate(end), limits.connect)
  const stop = (): void => {
    open = true
    clearTimeout(timer)
  }
  return socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', stop).once('close', stop)
}

/** Connects where `route` says, but still requires the certificate of the named host. */
export const directConnector =
  (
    route: Route,
    trust: ReturnType<typeof trustingConnect> | undefined,
    shows: (host: string, presented: () => Presented | undefined) => void,
  ): Connector =>
  ({ host, port }, begin, opened) => {
    const target = route(host, port)
    if (target === undefined) return opened(unknownName(host))
    if (trust === undefined) return opened(null, begin(target))
    const beginSecure = (trust: Trust): Socket => {
      const socket = begin({ ...target, ...trust })
      if (socket instanceof TLSSocket) socket.once('secureConnect', () => shows(`${host}:${port}`, () => presentedBy(socket)))
      return socket
    }
    trust(host, beginSecure, opened)
  }

/** Connects through a proxy. */
export const proxyConnector =
  (tunnel: Tunnel, trust: Trust | undefined): Connector =>
  (to, begin, opened) => {
    tunnel(to).then((socket) => opened(null, trust === undefined ? socket : begin({ socket, ...trust })), opened)
  }
