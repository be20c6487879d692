import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomUUID, sign, verify } from 'node:crypto'
import type { Caller, TokenProblem, World } from '../azure.ts'
import { certificateOf } from './tokenCertificate.ts'

/** The claims of an access token for an application. */
export interface Grant {
  readonly tenantId: string
  readonly appId: string
  /** Object id of the service principal. */
  readonly objectId: string
  readonly audience: string
  readonly roles: readonly string[]
  /** A token of a trusted issuer counts as a certificate. */
  readonly signedInWith: 'secret' | 'certificate'
}

/** The key pair that signs tokens, and its name among the published keys. */
export interface SigningKey {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly kid: string
  /** Base64 of the DER; `kid` is its SHA-1. */
  readonly certificate: string
}

export function signingKey(world: World): SigningKey {
  const privateKey = createPrivateKey(world.keys.tokens)
  const certificate = certificateOf(world.keys.tokens)
  const kid = createHash('sha1').update(Buffer.from(certificate, 'base64')).digest('base64url')
  return { privateKey, publicKey: createPublicKey(privateKey), kid, certificate }
}

export const issuerOf = (tenantId: string): string => `https://sts.windows.net/${tenantId}/`

/**
 * An access token of version 1.0, which is what Microsoft's own APIs ask for and what Exchange Server accepts; `lifetime` is in
 * seconds.
 */
export function issueToken(key: SigningKey, grant: Grant, now: Date, lifetime: number): string {
  const seconds = Math.floor(now.getTime() / 1000)
  const issuer = issuerOf(grant.tenantId)
  const claims = {
    aud: grant.audience,
    iss: issuer,
    iat: seconds,
    nbf: seconds,
    exp: seconds + lifetime,
    appid: grant.appId,
    appidacr: grant.signedInWith === 'secret' ? '1' : '2',
    idp: issuer,
    idtyp: 'app',
    oid: grant.objectId,
    ...(grant.roles.length > 0 && { roles: grant.roles }),
    sub: grant.objectId,
    tid: grant.tenantId,
    uti: randomUUID(),
    ver: '1.0',
  }
  const signed = `${encode({ typ: 'JWT', alg: 'RS256', x5t: key.kid, kid: key.kid })}.${encode(claims)}`
  return `${signed}.${sign('sha256', Buffer.from(signed), key.privateKey).toString('base64url')}`
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The claims of a token, if it is ours, not expired and for one of these audiences; a trailing slash does not count. */
export function checkToken(
  key: SigningKey,
  token: string,
  audiences: readonly string[],
  now: Date,
): Caller | Exclude<TokenProblem, 'missing'> {
  const claims = signedClaims(key, token)
  if (claims === undefined) return 'malformed'
  const { aud, exp, nbf, tid, appid, oid, roles } = claims
  if (typeof tid !== 'string' || typeof appid !== 'string' || typeof oid !== 'string') return 'malformed'
  const seconds = now.getTime() / 1000
  if (typeof exp !== 'number' || typeof nbf !== 'number' || seconds >= exp || seconds < Math.floor(nbf)) return 'expired'
  if (typeof aud !== 'string' || !audiences.some((one) => unslashed(one) === unslashed(aud))) return 'audience'
  return { tenantId: tid, appId: appid, objectId: oid, roles: Array.isArray(roles) ? roles.map(String) : [] }
}

/** Tokens already verified, by key. Every request carries one, and verifying it takes longer than most answers. */
const seen = new WeakMap<SigningKey, Map<string, Claims>>()
const mostSeen = 1000

type Claims = Readonly<Record<string, unknown>>

function signedClaims(key: SigningKey, token: string): Claims | undefined {
  const known = seen.get(key) ?? new Map<string, Claims>()
  const claims = known.get(token) ?? verified(key, token)
  if (claims === undefined) return undefined
  if (known.size >= mostSeen) known.clear()
  seen.set(key, known.set(token, claims))
  return claims
}

/** The claims of a token, if this key signed it. */
function verified({ publicKey }: SigningKey, token: string): Claims | undefined {
  const [header = '', payload = '', signature = '', ...rest] = token.split('.')
  if (rest.length > 0 || readJson(header)?.alg !== 'RS256') return undefined
  const signed = verify('sha256', Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'))
  return signed ? readJson(payload) : undefined
}

const unslashed = (audience: string): string => audience.toLowerCase().replace(/\/+$/, '')

/** The JSON object in one part of a JWT. */
export function readJson(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
