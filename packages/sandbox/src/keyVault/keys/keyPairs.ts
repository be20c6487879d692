import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { Azure } from '../../azure.ts'

const generate = promisify(generateKeyPair)

/** What key pair is wanted: RSA of a size, or a curve of the JSON Web Key names. */
export interface KeySpec {
  readonly kty: string
  readonly key_size: number
  readonly crv?: string
}

/** The curves of a vault by their JSON Web Key names, as OpenSSL calls them, with their size in bits. */
export const curves: Readonly<Record<string, { readonly named: string; readonly bits: number }>> = {
  'P-256': { named: 'prime256v1', bits: 256 },
  'P-256K': { named: 'secp256k1', bits: 256 },
  'P-384': { named: 'secp384r1', bits: 384 },
  'P-521': { named: 'secp521r1', bits: 521 },
}

/** A new private key, PKCS#8 in PEM. */
export async function newKey({ key_size, crv }: Omit<KeySpec, 'kty'>): Promise<string> {
  const curve = crv === undefined ? undefined : curves[crv]
  const { privateKey } = curve
    ? await generate('ec', { namedCurve: curve.named })
    : await generate('rsa', { modulusLength: key_size })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

const pool = new Map<string, Promise<string>>()

/** A key for a world: a new one, or the next of the pool that the settings allow. */
export function keyFor({ world, settings }: Pick<Azure, 'world' | 'settings'>, spec: KeySpec): Promise<string> {
  const { keyPool = 0 } = settings
  if (keyPool === 0) return newKey(spec)
  const turn = world.keysTaken ?? 0
  world.keysTaken = turn + 1
  const name = `${spec.crv ?? spec.key_size} ${turn % keyPool}`
  const key = pool.get(name) ?? newKey(spec)
  pool.set(name, key)
  return key
}

/** A private key in any PEM that Node reads, encrypted or not, as PKCS#8 in PEM; undefined if a vault does not accept it. */
export function readKey(pem: string, password: string): string | undefined {
  try {
    const key = createPrivateKey({ key: pem, passphrase: password })
    return specOf(key) && key.export({ type: 'pkcs8', format: 'pem' }).toString()
  } catch {
    return undefined
  }
}

/** The type of a key; undefined for one that no vault accepts. */
export function specOf(key: string | KeyObject): KeySpec | undefined {
  const { asymmetricKeyType, asymmetricKeyDetails } = typeof key === 'string' ? createPublicKey(key) : key
  if (asymmetricKeyType === 'rsa') return { kty: 'RSA', key_size: asymmetricKeyDetails?.modulusLength ?? 0 }
  const named = asymmetricKeyDetails?.namedCurve
  const [crv, curve] = Object.entries(curves).find(([, one]) => one.named === named) ?? []
  return asymmetricKeyType === 'ec' && crv !== undefined && curve ? { kty: 'EC', key_size: curve.bits, crv } : undefined
}

/** DER of the public key, by which keys are compared. */
export const spkiOf = (key: string | KeyObject): Buffer => createPublicKey(key).export({ type: 'spki', format: 'der' })

/** The public parameters as in a JSON Web Key, base64url. */
export function publicNumbers(key: string | KeyObject): { n: string; e: string } | { crv: string; x: string; y: string } {
  const jwk = createPublicKey(key).export({ format: 'jwk' })
  if (jwk.kty === 'RSA') return { n: jwk.n ?? '', e: jwk.e ?? '' }
  return { crv: specOf(key)?.crv ?? '', x: jwk.x ?? '', y: jwk.y ?? '' }
}
