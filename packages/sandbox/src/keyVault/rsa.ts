import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, webcrypto } from 'node:crypto'
import { promisify } from 'node:util'
import type { Azure } from '../azure.ts'

const generate = promisify(generateKeyPair)

/** A new RSA key, PKCS#8 in PEM. */
export async function newKey(bits: number): Promise<string> {
  const { privateKey } = await generate('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return privateKey
}

const pool = new Map<string, Promise<string>>()

/** A key for a world: a new one, or the next of the pool that the settings allow. */
export function keyFor({ world, settings }: Pick<Azure, 'world' | 'settings'>, bits: number): Promise<string> {
  const { keyPool = 0 } = settings
  if (keyPool === 0) return newKey(bits)
  const turn = world.keysTaken ?? 0
  world.keysTaken = turn + 1
  const name = `${bits} ${turn % keyPool}`
  const key = pool.get(name) ?? newKey(bits)
  pool.set(name, key)
  return key
}

/** A private key in any PEM that Node reads, encrypted or not, as PKCS#8 in PEM; undefined where it is none, or no RSA key. */
export function readKey(pem: string, password: string): string | undefined {
  try {
    const key = createPrivateKey({ key: pem, passphrase: password })
    return key.asymmetricKeyType === 'rsa' ? key.export({ type: 'pkcs8', format: 'pem' }).toString() : undefined
  } catch {
    return undefined
  }
}

export const sizeOf = (privateKey: string): number => createPrivateKey(privateKey).asymmetricKeyDetails?.modulusLength ?? 0

/** DER of the public key, by which keys are compared. */
export const spkiOf = (key: string | KeyObject): Buffer => createPublicKey(key).export({ type: 'spki', format: 'der' })

/** Modulus and exponent, base64url. */
export function publicNumbers(privateKey: string): { n: string; e: string } {
  const { n = '', e = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  return { n, e }
}

/** The key pair as WebCrypto wants it for SHA-256 signatures. */
export async function signingKeys(privateKey: string) {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const { subtle } = webcrypto
  const pkcs8 = createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'der' })
  return {
    privateKey: await subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']),
    publicKey: await subtle.importKey('spki', spkiOf(privateKey), algorithm, true, ['verify']),
  }
}
