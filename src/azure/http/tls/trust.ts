import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import { buildConnector } from 'undici'
import { limits as times } from '../../../core/limits.ts'
import { once } from '../../once.ts'
import { isCertificateProblem } from '../connectionProblem.ts'
import { codeOf } from '../unreachable.ts'

// Set explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing.
const strict = { rejectUnauthorized: true } as const

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

/** What TLS trusts: the usual roots plus these. */
export const trusting = (caPems: readonly string[], usual: readonly string[] = rootCertificates) => ({
  ...strict,
  secureContext: contextOf(caPems.length === 0 ? [] : [...usual, ...caPems]),
})

/**
 * Connects to hosts whose certificate chains to `caPems` or to the usual roots. Loading the 150 usual roots takes as long as ten
 * handshakes, and a private cloud seldom needs them, so they are tried only for a host that the named certificates do not cover.
 */
export function trustingConnector(
  caPems: readonly string[],
  usual: readonly string[] = rootCertificates,
): buildConnector.connector {
  const timeout = times.connect
  const all = once(() => buildConnector({ ...trusting(caPems, usual), timeout }))
  if (caPems.length === 0) return (options, callback) => all()(options, callback)
  const named = once(() => buildConnector({ ...strict, secureContext: contextOf(caPems), timeout }))
  const strangers = new Set<string>()
  return (options, callback) => {
    const host = options.servername ?? options.hostname
    if (strangers.has(host)) return all()(options, callback)
    named()(options, (...result) => {
      const [error] = result
      if (error === null || !isCertificateProblem(codeOf(error))) return callback(...result)
      strangers.add(host)
      all()(options, callback)
    })
  }
}
