import { createSecureContext, type SecureContext } from 'node:tls'
import { identityOf } from '../exchange/identity.ts'
import type { Tls } from '../exchange/state.ts'
import type { Identity } from './authority.ts'

export interface Handshakes {
  readonly authority: Identity
  /** The outcome of the handshake with a host. */
  tlsOf(host: string): Tls
  now(): Date
}

/** A certificate made for a name is kept as long as this process lives, even if the same world is served again. */
const made = new Map<string, Promise<SecureContext>>()

/** The certificate that a host presents: each has its own. */
export function contexts({ authority, tlsOf, now }: Handshakes): (host: string) => Promise<SecureContext> {
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
