import type { TLSSocket } from 'node:tls'
import type { Presented } from '../../exchange/port.ts'

/** What a server presented in this connection's handshake; undefined for a resumed session. */
export function presentedBy(socket: TLSSocket): Presented | undefined {
  const { issuer, valid_to: expires = '' } = socket.getPeerCertificate() ?? {}
  const protocol = socket.getProtocol()
  if (protocol === null || Number.isNaN(Date.parse(expires))) return undefined
  return { issuer: nameOf({ ...issuer }), expires: new Date(expires).toISOString(), protocol }
}

/** Some authorities have no common name, only an organization. */
const nameOf = (name: Readonly<Record<string, unknown>>): string => {
  const [first = ''] = [name.CN, name.O, name.OU].flatMap((part) => part ?? [])
  return String(first)
}
