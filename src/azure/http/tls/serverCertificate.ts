import type { TLSSocket } from 'node:tls'
import type { Presented } from '../../exchange/port.ts'

/** What a server showed in the handshake of this connection; undefined where a former session was taken up again. */
export function presentedBy(socket: TLSSocket): Presented | undefined {
  const { issuer, valid_to: expires = '' } = socket.getPeerCertificate() ?? {}
  const protocol = socket.getProtocol()
  if (protocol === null || Number.isNaN(Date.parse(expires))) return undefined
  return { issuer: nameOf({ ...issuer }), expires: new Date(expires).toISOString(), protocol }
}

/** Some authorities have no common name, and go by their organisation. */
const nameOf = (name: Readonly<Record<string, unknown>>): string => {
  const [first = ''] = [name.CN, name.O, name.OU].flatMap((part) => part ?? [])
  return String(first)
}
