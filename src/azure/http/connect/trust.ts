import type { Socket } from 'node:net'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import { isCertificateProblem } from '../connectionProblem.ts'
import { codeOf } from '../unreachable.ts'

const contexts = new Map<string, SecureContext>()

/**
 * One context for all connections that trust the same certificates, since creating it parses each of them. With none, Node.js's own
 * roots.
 */
function contextOf(pems: readonly string[]): SecureContext {
  const key = pems.join()
  const context = contexts.get(key) ?? createSecureContext(pems.length === 0 ? {} : { ca: [...pems] })
  contexts.set(key, context)
  return context
}

/** What a connection trusts. `rejectUnauthorized` is explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing. */
export interface Trust {
  readonly rejectUnauthorized: true
  readonly secureContext: SecureContext
}

const trust = (pems: readonly string[]): Trust => ({ rejectUnauthorized: true, secureContext: contextOf(pems) })

/** The roots that are trusted without being named in a configuration, as PEM. */
export type UsualRoots = () => readonly string[]

const roots: UsualRoots = () => rootCertificates

/** The usual roots plus these. */
export const trustWithRoots = (caPems: readonly string[], usual: UsualRoots = roots): Trust =>
  trust(caPems.length === 0 ? [] : [...usual(), ...caPems])

/** Opens a connection with this trust. */
type OpenTrusted = (trust: Trust) => Socket

/** Opens a connection and passes it on, at once or when it is open. Later errors are left to its user. */
type Connect = (host: string, begin: OpenTrusted, done: (error: Error | null, socket?: Socket) => void) => void

/**
 * Connects to hosts whose certificate chains to `caPems` or to the usual roots. Loading the 150 usual roots takes as long as ten
 * handshakes, and a private cloud seldom needs them, so they are tried only for a host that the named certificates do not cover.
 */
export function trustingConnect(caPems: readonly string[], usual: UsualRoots = roots): Connect {
  const uncovered = new Set<string>()
  const withAll = (begin: OpenTrusted) => begin(trustWithRoots(caPems, usual))
  return (host, begin, done) => {
    if (caPems.length === 0 || uncovered.has(host)) return done(null, withAll(begin))
    const socket = begin(trust(caPems))
    const failed = (error: Error): void => {
      const unknown = isCertificateProblem(codeOf(error))
      if (unknown) uncovered.add(host)
      if (unknown) done(null, withAll(begin))
      else done(error)
    }
    socket.once('error', failed)
    socket.once('secureConnect', () => done(null, socket.off('error', failed)))
  }
}
