import { createServer, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { nameOf } from './hostName.ts'

export interface Tunnels {
  /** May a client of the proxy connect to this host? Refusals are logged. */
  connects(host: string): boolean
  /** Takes over a connection as if it had arrived directly. */
  enter(connection: Duplex): void
}

const established = 'HTTP/1.1 200 Connection established\r\n\r\n'
const unreachable = 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
const other = 'This port speaks HTTPS, and HTTP CONNECT to clients that use it as their proxy (HTTPS_PROXY).\n'

/**
 * The sandbox as an HTTPS proxy: hosts that it simulates are connected to it, whatever the port, and any other is refused. So clients
 * reach it under Microsoft's own names. https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6
 */
export function proxy({ connects, enter }: Tunnels): Server {
  const server = createServer((_request, response) => {
    response.writeHead(400, { 'Content-Type': 'text/plain', Connection: 'close' }).end(other)
  })
  server.on('connect', ({ url = '' }, connection, head) => {
    if (!connects(nameOf(url))) return void connection.end(unreachable)
    connection.write(established)
    if (head.length > 0) connection.unshift(head)
    enter(connection)
  })
  return server
}
