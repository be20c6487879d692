/** Why there was no answer. */
export type ConnectionProblem =
  | 'proxy'
  | 'name'
  | 'refused'
  | 'silent'
  | 'cut'
  | 'certificate'
  | 'certificateName'
  | 'certificateExpired'
  | 'certificateNotYetValid'
  | 'certificateWeak'
  | 'noTls'
  | 'tlsVersion'
  | 'tlsName'
  | 'tlsOutdated'
  | 'tlsRefused'
  | 'tooLong'
  | 'deadline'

const lists = {
  proxy: ['PROXY', 'PROXY_CLOSED'],
  name: ['ENOTFOUND', 'EAI_AGAIN'],
  refused: ['ECONNREFUSED'],
  silent: ['TIMED_OUT', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'CONNECT_TIMED_OUT'],
  cut: [
    ...['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'],
    ...['ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC', 'ERR_SSL_SSL/TLS_ALERT_BAD_RECORD_MAC'],
  ],
  tooLong: ['ANSWER_TOO_LONG'],
  deadline: ['DEADLINE'],
  certificateName: ['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH'],
  certificateExpired: ['CERT_HAS_EXPIRED'],
  certificateNotYetValid: ['CERT_NOT_YET_VALID'],
  // OpenSSL has codes for these; Node names some of them only in later versions.
  certificateWeak: ['UNSPECIFIED', 'EE_KEY_TOO_SMALL', 'CA_KEY_TOO_SMALL', 'CA_MD_TOO_WEAK', 'ERR_SSL_EE_KEY_TOO_SMALL'],
  // https://nodejs.org/api/tls.html#x509-certificate-error-codes
  certificate: [
    ...[
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'INVALID_CA',
      'OUT_OF_MEM',
    ],
    ...[
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
      'UNABLE_TO_GET_CRL',
    ],
    ...[
      'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
      'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
      'CERT_SIGNATURE_FAILURE',
      'CRL_SIGNATURE_FAILURE',
    ],
    ...['CRL_NOT_YET_VALID', 'CRL_HAS_EXPIRED', 'ERROR_IN_CERT_NOT_BEFORE_FIELD', 'ERROR_IN_CERT_NOT_AFTER_FIELD'],
    ...['ERROR_IN_CRL_LAST_UPDATE_FIELD', 'ERROR_IN_CRL_NEXT_UPDATE_FIELD', 'CERT_CHAIN_TOO_LONG', 'CERT_REVOKED'],
    ...['PATH_LENGTH_EXCEEDED', 'INVALID_PURPOSE', 'CERT_UNTRUSTED', 'CERT_REJECTED', 'ERR_TLS_CERT_ALTNAME_FORMAT'],
    ...['ERR_TLS_CERT_SIGNATURE_ALGORITHM_UNSUPPORTED', 'ERR_SSL_CERTIFICATE_VERIFY_FAILED'],
  ],
  noTls: [
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_SSL_PACKET_LENGTH_TOO_LONG',
    'ERR_SSL_HTTP_REQUEST',
    'ERR_SSL_HTTPS_PROXY_REQUEST',
  ],
} as const satisfies Partial<Record<ConnectionProblem, readonly string[]>>

/** What OpenSSL reports about a handshake, by parts of the name: names change between versions. */
const handshakes: readonly (readonly [RegExp, ConnectionProblem])[] = [
  [/UNRECOGNIZED_NAME/, 'tlsName'],
  [
    /DH_KEY_TOO_SMALL|UNSAFE_LEGACY_RENEGOTIATION|MD_TOO_WEAK|WRONG_SIGNATURE_TYPE|BAD_ECPOINT|NO_SUITABLE_SIGNATURE/,
    'tlsOutdated',
  ],
  [/PROTOCOL|VERSION|HANDSHAKE_FAILURE|CIPHER|INSUFFICIENT_SECURITY|INAPPROPRIATE_FALLBACK/, 'tlsVersion'],
]

const problems = [
  ...(['proxy', 'name', 'refused', 'silent', 'cut', 'tooLong', 'deadline', 'noTls'] as const),
  ...(['certificate', 'certificateName', 'certificateExpired', 'certificateNotYetValid', 'certificateWeak'] as const),
] satisfies readonly (keyof typeof lists)[]

/** The meaning of a code of Node.js, OpenSSL or the transport; unknown ones count as a cut connection. */
export function connectionProblem(code: string): ConnectionProblem {
  const found = problems.find((problem) => new Set<string>(lists[problem]).has(code))
  if (found !== undefined) return found
  if (/^ERR_SSL_|^ERR_TLS_|^EPROTO$/.test(code)) return handshakes.find(([pattern]) => pattern.test(code))?.[1] ?? 'tlsRefused'
  return 'cut'
}

/** The connection is known to have been cut; other codes only count as that. */
export const wasCut = (code: string): boolean => new Set<string>(lists.cut).has(code)

export const isCertificateProblem = (code: string): boolean => connectionProblem(code).startsWith('certificate')
export const isHandshakeProblem = (code: string): boolean => /^(tls|noTls)/.test(connectionProblem(code))
