import { createHash } from 'node:crypto'
import type { KeyCredential } from '../directory/state.ts'
import type { Client } from './client.ts'
import { SignInRefusal } from './refusal.ts'
import { isInTime, isSignedBy, readSignedToken, type SignedToken } from './signedToken.ts'

interface Given {
  readonly assertion: string
  /** `client_assertion_type` */
  readonly type: string
  /** The audiences that an assertion may name. */
  readonly endpoints: readonly string[]
}

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/**
 * Checks an assertion that a client signed with the private key of a certificate it has registered.
 * https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export function checkAssertion(now: Date, client: Client, { assertion, type, endpoints }: Given): void {
  if (type !== jwtBearer)
    throw new SignInRefusal(
      90023,
      'invalid_request',
      `The client_assertion_type '${type}' is not supported; it has to be '${jwtBearer}'.`,
    )
  const token = readSignedToken(assertion)
  if (token === undefined) throw malformed('the token is not in the form of a signed JWT')
  checkSignature(client, registered(now, client, token.header), token)
  checkClaims(now, client, token, endpoints)
}

const malformed = (why: string): SignInRefusal =>
  new SignInRefusal(50027, 'invalid_client', `JWT token is invalid or malformed: ${why}.`)

function notRegistered({ appId }: Client, reason: string): SignInRefusal {
  const where = `Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${appId}'`
  const what = 'The certificate with identifier used to sign the client assertion is not registered on application.'
  return new SignInRefusal(700027, 'invalid_client', `${what} [Reason - ${reason}, ${where}.]`)
}

/** The registered certificate that the header names by its hash. */
function registered(now: Date, client: Client, header: Record<string, unknown>): KeyCredential {
  const { 'x5t#S256': sha256, x5t: sha1 } = header
  const [algorithm, hash] = typeof sha256 === 'string' ? (['sha256', sha256] as const) : (['sha1', sha1] as const)
  if (typeof hash !== 'string') throw malformed("its header has neither 'x5t#S256' nor 'x5t'")
  const wanted = Buffer.from(hash, 'base64url')
  const known = client.certificates.filter(({ key }) =>
    createHash(algorithm).update(Buffer.from(key, 'base64')).digest().equals(wanted),
  )
  const used = `Thumbprint of key used by client: '${wanted.toString('hex').toUpperCase()}'`
  const valid = known.find((one) => now >= new Date(one.startDateTime) && now < new Date(one.endDateTime))
  if (valid !== undefined) return valid
  const [expired] = known
  if (expired === undefined) throw notRegistered(client, `The key was not found., ${used}`)
  const times = `Found key 'Start=${expired.startDateTime}, End=${expired.endDateTime}'`
  throw notRegistered(client, `The key used is expired., ${used}, ${times}`)
}

function checkSignature(client: Client, { key, thumbprint }: KeyCredential, token: SignedToken): void {
  const { alg } = token.header
  if (alg !== 'RS256' && alg !== 'PS256') throw malformed(`its algorithm '${String(alg)}' is none of RS256 and PS256`)
  if (isSignedBy(token, key)) return
  const used = `Thumbprint of key used by client: '${thumbprint}'`
  throw notRegistered(client, `The key was found, but use of the key to verify the signature failed., ${used}`)
}

function checkClaims(now: Date, { appId }: Client, token: SignedToken, endpoints: readonly string[]): void {
  const { aud, iss, sub, jti } = token.claims
  if (typeof iss !== 'string' || iss.toLowerCase() !== appId || iss !== sub)
    throw new SignInRefusal(
      700021,
      'invalid_client',
      `Client assertion application identifier doesn't match 'client_id' parameter.`,
    )
  if (typeof aud !== 'string' || !endpoints.includes(aud.toLowerCase().replace(/\/+$/, '')))
    throw new SignInRefusal(700023, 'invalid_client', 'Client assertion audience claim does not match Realm issuer.')
  if (!isInTime(now, token))
    throw new SignInRefusal(
      700024,
      'invalid_client',
      `Client assertion is not within its valid time range. Current time: ${now.toISOString()}.`,
    )
  if (typeof jti !== 'string' || jti === '') throw malformed("it has no claim 'jti'")
}
