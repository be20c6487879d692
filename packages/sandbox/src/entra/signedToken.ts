import { constants, verify, X509Certificate } from 'node:crypto'
import { machineNow } from '../clock.ts'
import { readJson } from './tokens.ts'

/** A JWT that a client has signed with the private key of a certificate, parsed but not yet verified. */
export interface SignedToken {
  readonly header: Record<string, unknown>
  readonly claims: Record<string, unknown>
  readonly signed: string
  readonly signature: string
}

export function readSignedToken(text: string): SignedToken | undefined {
  const [head = '', body = '', signature = '', ...rest] = text.split('.')
  const [header, claims] = [readJson(head), readJson(body)]
  if (header === undefined || claims === undefined || signature === '' || rest.length > 0) return undefined
  return { header, claims, signed: `${head}.${body}`, signature }
}

/** Is that the signature of the key of this certificate, base64 of its DER? */
export function isSignedBy({ header: { alg }, signed, signature }: SignedToken, certificate: string): boolean {
  const { publicKey } = new X509Certificate(Buffer.from(certificate, 'base64'))
  const padding = alg === 'RS256' ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_PSS_PADDING
  const options = { key: publicKey, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  if (publicKey.asymmetricKeyType !== 'rsa' || (alg !== 'RS256' && alg !== 'PS256')) return false
  return verify('sha256', Buffer.from(signed), options, Buffer.from(signature, 'base64url'))
}

/** Clocks of clients may differ from Entra's by this much, in seconds. */
const skew = 300

/** Libraries put the machine's time into a token, however far the sandbox's clock has been advanced. */
export const isInTime = (now: Date, { claims: { exp, nbf } }: SignedToken): boolean =>
  [now, machineNow()].some((clock) => {
    const seconds = clock.getTime() / 1000
    const ended = typeof exp !== 'number' || exp + skew <= seconds
    return !ended && (nbf === undefined || (typeof nbf === 'number' && nbf - skew <= seconds))
  })
