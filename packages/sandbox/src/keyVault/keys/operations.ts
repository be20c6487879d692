import { constants, createPublicKey, privateDecrypt, privateEncrypt, publicDecrypt, publicEncrypt } from 'node:crypto'
import { textAt } from '../../resourceManager/json.ts'
import { badParameter, refuse } from '../errors.ts'
import { bodyOf, nameOf, type RequestContext } from '../requestContext.ts'
import { requirePermission } from '../requirePermission.ts'
import { signDigest, verifyDigest } from './ecdsa.ts'
import { specOf } from './keyPairs.ts'
import { openPkcs1 } from './pkcs1.ts'
import { encodePss, isPss } from './pss.ts'
import { keyIdOf, requiredKey, type UsableKey } from './versions.ts'

const paddings: Readonly<Record<string, { readonly padding: number; readonly oaepHash?: string }>> = {
  RSA1_5: { padding: constants.RSA_PKCS1_PADDING },
  'RSA-OAEP': { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
  'RSA-OAEP-256': { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
}

/** Signing algorithms: the bytes of their hash, and for a curve which one. */
const signing: Readonly<Record<string, { readonly bytes: 32 | 48 | 64; readonly crv?: string }>> = {
  RS256: { bytes: 32 },
  RS384: { bytes: 48 },
  RS512: { bytes: 64 },
  PS256: { bytes: 32 },
  PS384: { bytes: 48 },
  PS512: { bytes: 64 },
  ES256: { bytes: 32, crv: 'P-256' },
  ES256K: { bytes: 32, crv: 'P-256K' },
  ES384: { bytes: 48, crv: 'P-384' },
  ES512: { bytes: 64, crv: 'P-521' },
}

/** The prefix of a hash that is signed with PKCS#1 1.5: https://www.rfc-editor.org/rfc/rfc8017#section-9.2 */
const prefixes = {
  32: '3031300d060960864801650304020105000420',
  48: '3041300d060960864801650304020205000430',
  64: '3051300d060960864801650304020305000440',
} as const

type Operation = 'encrypt' | 'decrypt' | 'wrapkey' | 'unwrapkey' | 'sign' | 'verify'

/** `POST /keys/{name}/{version}/{operation}`: https://learn.microsoft.com/rest/api/keyvault/keys/encrypt/encrypt */
export async function useKey(asked: RequestContext, operation: Operation): Promise<Response> {
  const name = nameOf(asked)
  const body = await bodyOf(asked)
  requirePermission(asked, 'keys', operation, name)
  const key = requiredKey(asked, name)
  checkUsable(asked, key, operation)
  const algorithm = textAt(body, 'alg') ?? ''
  const value = Buffer.from(textAt(body, operation === 'verify' ? 'digest' : 'value') ?? '', 'base64url')
  if (operation === 'verify') {
    const signature = Buffer.from(textAt(body, 'value') ?? textAt(body, 'signature') ?? '', 'base64url')
    return asked.json({ value: isSigned(key, algorithm, value, signature) })
  }
  const result = operation === 'sign' ? signed(key, algorithm, value) : ciphered(key, algorithm, value, operation)
  return asked.json({ kid: keyIdOf(asked, key), value: result.toString('base64url') })
}

function checkUsable(asked: RequestContext, key: UsableKey, operation: Operation): void {
  const allowed = key.operations.map((one) => one.toLowerCase())
  if (!allowed.includes(operation))
    throw refuse(403, 'Forbidden', `Operation ${operation} is not permitted on this key.`, 'KeyOperationForbidden')
  const { enabled, nbf = 0, exp = Number.POSITIVE_INFINITY } = key.attributes
  const now = asked.var.azure.now().getTime() / 1000
  if (!enabled) throw refuse(403, 'Forbidden', `Operation ${operation} is not allowed on a disabled key.`, 'KeyDisabled')
  const undoing = operation === 'decrypt' || operation === 'unwrapkey' || operation === 'verify'
  if (!undoing && (now < nbf || now >= exp))
    throw refuse(403, 'Forbidden', `Operation ${operation} is not allowed on an expired or not yet valid key.`)
}

const unsupported = (algorithm: string, { kty }: UsableKey) =>
  badParameter(`Property 'alg' has invalid value: the algorithm '${algorithm}' is not supported for a key of type '${kty}'.`)

function ciphered(key: UsableKey, algorithm: string, value: Buffer, operation: Operation): Buffer {
  const padding = paddings[algorithm]
  if (padding === undefined || !key.kty.startsWith('RSA')) throw unsupported(algorithm, key)
  try {
    if (operation === 'encrypt' || operation === 'wrapkey')
      return publicEncrypt({ key: createPublicKey(key.privateKey), ...padding }, value)
    return algorithm === 'RSA1_5' ? openPkcs1(key.privateKey, value) : privateDecrypt({ key: key.privateKey, ...padding }, value)
  } catch {
    throw badParameter('The value is too long for the key, or was not encrypted with it.')
  }
}

function algorithmOf(key: UsableKey, algorithm: string, digest: Buffer) {
  const found = signing[algorithm]
  if (found === undefined || found.crv !== specOf(key.privateKey)?.crv) throw unsupported(algorithm, key)
  if (digest.length === found.bytes) return found
  throw badParameter(`Invalid length of 'value': ${digest.length} bytes. ${algorithm} requires ${found.bytes} bytes.`)
}

function signed(key: UsableKey, algorithm: string, digest: Buffer): Buffer {
  const { bytes, crv } = algorithmOf(key, algorithm, digest)
  if (crv !== undefined) return signDigest(key.privateKey, digest) ?? Buffer.alloc(0)
  if (algorithm.startsWith('RS'))
    return privateEncrypt(
      { key: key.privateKey, padding: constants.RSA_PKCS1_PADDING },
      Buffer.concat([Buffer.from(prefixes[bytes], 'hex'), digest]),
    )
  const encoded = encodePss(digest, bytes, (specOf(key.privateKey)?.key_size ?? 2048) / 8)
  return privateEncrypt({ key: key.privateKey, padding: constants.RSA_NO_PADDING }, encoded)
}

function isSigned(key: UsableKey, algorithm: string, digest: Buffer, signature: Buffer): boolean {
  const { bytes, crv } = algorithmOf(key, algorithm, digest)
  if (crv !== undefined) return verifyDigest(key.privateKey, digest, signature)
  const publicKey = createPublicKey(key.privateKey)
  try {
    if (algorithm.startsWith('RS'))
      return publicDecrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, signature).equals(
        Buffer.concat([Buffer.from(prefixes[bytes], 'hex'), digest]),
      )
    return isPss(digest, bytes, publicDecrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, signature))
  } catch {
    return false
  }
}
