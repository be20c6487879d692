import { constants, createHash, verify, X509Certificate } from 'node:crypto'
import { machineNow } from '../clock.ts'
import type { KeyCredential } from '../directory/state.ts'
import type { Client } from './client.ts'
import { SignInRefusal } from './refusal.ts'
import { readJson } from './tokens.ts'

interface Given {
  readonly assertion: string
  /** `client_assertion_type` */
  readonly type: string
  /** What the assertion may be meant for. */
  readonly endpoints: readonly string[]
}

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Clocks of clients may differ from Entra's by this much, in seconds. */
const skew = 300

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
  const [head = '', body = '', signature = '', ...rest] = assertion.split('.')
  const header = readJson(head)
  const claims = readJson(body)
  if (header === undefined || claims === undefined || signature === '' || rest.length > 0)
    throw malformed('the token is not in the form of a signed JWT')
  const credential = registered(now, client, header)
  checkSignature(client, credential, { alg: header.alg, signed: `${head}.${body}`, signature })
  checkClaims(now, client, claims, endpoints)
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

function checkSignature(
  client: Client,
  { key, thumbprint }: KeyCredential,
  { alg, signed, signature }: { alg: unknown; signed: string; signature: string },
): void {
  if (alg !== 'RS256' && alg !== 'PS256') throw malformed(`its algorithm '${String(alg)}' is none of RS256 and PS256`)
  const { publicKey } = new X509Certificate(Buffer.from(key, 'base64'))
  const padding = alg === 'RS256' ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_PSS_PADDING
  const options = { key: publicKey, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  if (
    publicKey.asymmetricKeyType === 'rsa' &&
    verify('sha256', Buffer.from(signed), options, Buffer.from(signature, 'base64url'))
  )
    return
  const used = `Thumbprint of key used by client: '${thumbprint}'`
  throw notRegistered(client, `The key was found, but use of the key to verify the signature failed., ${used}`)
}

function checkClaims(now: Date, { appId }: Client, claims: Record<string, unknown>, endpoints: readonly string[]): void {
  const { aud, iss, sub, exp, nbf, jti } = claims
  if (typeof iss !== 'string' || iss.toLowerCase() !== appId || iss !== sub)
    throw new SignInRefusal(
      700021,
      'invalid_client',
      `Client assertion application identifier doesn't match 'client_id' parameter.`,
    )
  if (typeof aud !== 'string' || !endpoints.includes(aud.toLowerCase().replace(/\/+$/, '')))
    throw new SignInRefusal(700023, 'invalid_client', 'Client assertion audience claim does not match Realm issuer.')
  if (![now, machineNow()].some((clock) => isInTime(clock, exp, nbf)))
    throw new SignInRefusal(
      700024,
      'invalid_client',
      `Client assertion is not within its valid time range. Current time: ${now.toISOString()}.`,
    )
  if (typeof jti !== 'string' || jti === '') throw malformed("it has no claim 'jti'")
}

/** Libraries write the machine's time into an assertion, however far the sandbox's clock has been advanced. */
function isInTime(clock: Date, exp: unknown, nbf: unknown): boolean {
  const seconds = clock.getTime() / 1000
  const ended = typeof exp !== 'number' || exp + skew <= seconds
  return !ended && (nbf === undefined || (typeof nbf === 'number' && nbf - skew <= seconds))
}
