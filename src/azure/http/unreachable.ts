/** What stands between us and an answer: a name that nobody knows, a refused or broken connection, a certificate. */
export type UnreachableCode = string

/** No answer came. `processed` tells whether the service may have done what it was asked. */
export class Unreachable extends Error {
  readonly code: UnreachableCode
  readonly host: string
  readonly processed: 'no' | 'maybe'

  constructor(code: UnreachableCode, host: string, cause: unknown) {
    super(`${host}: ${cause instanceof Error && cause.message !== '' ? cause.message : code}`, { cause })
    this.name = 'Unreachable'
    this.code = code
    this.host = host
    this.processed = neverSent.has(code) || code === 'PROXY' || isCertificateProblem(code) ? 'no' : 'maybe'
  }
}

const neverSent = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])

const passing = new Set([
  ...neverSent,
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

/** The cause may pass by itself. */
export const mayPass = (failure: Unreachable): boolean => passing.has(failure.code)

/** OpenSSL's and Node's names of what can be wrong with a server's certificate. */
export const isCertificateProblem = (code: string): boolean =>
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERROR_IN_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/.test(code)

/** The code of a failed connection, wherever undici put it. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN'
  if (/^Proxy response \(\d+\)/.test(error.message)) return 'PROXY'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.cause === undefined ? error.name : codeOf(error.cause)
}
