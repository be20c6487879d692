import { createECDH, createPrivateKey, randomBytes } from 'node:crypto'
import { curves, specOf } from './keyPairs.ts'

/** Node signs what it hashes itself; a vault is given the hash. The arithmetic is that of https://www.rfc-editor.org/rfc/rfc6979#section-2.4 */
const orders: Readonly<Record<string, bigint>> = {
  'P-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  'P-256K': 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  'P-384': 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  'P-521':
    0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
}

const toBig = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex') || '0'}`)
const toBytes = (value: bigint, size: number): Buffer => Buffer.from(value.toString(16).padStart(size * 2, '0'), 'hex')

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [((value % modulus) + modulus) % modulus, modulus, 1n, 0n]
  while (a !== 0n) {
    const quotient = b / a
    ;[a, b] = [b - quotient * a, a]
    ;[x, y] = [y - quotient * x, x]
  }
  return ((y % modulus) + modulus) % modulus
}

interface Parts {
  readonly named: string
  readonly order: bigint
  readonly secret: bigint
  readonly hash: bigint
  /** Bytes of a coordinate. */
  readonly size: number
}

function partsOf(privateKey: string, digest: Buffer): Parts | undefined {
  const { crv = '', key_size: bits = 0 } = specOf(privateKey) ?? {}
  const [order, named] = [orders[crv], curves[crv]?.named]
  if (order === undefined || named === undefined) return undefined
  const { d = '' } = createPrivateKey(privateKey).export({ format: 'jwk' })
  const excess = BigInt(Math.max(0, digest.length * 8 - bits))
  return { named, order, secret: toBig(Buffer.from(d, 'base64url')), hash: toBig(digest) >> excess, size: Math.ceil(bits / 8) }
}

/** The first coordinate of the base point times a number, as it counts in a signature. */
function coordinate({ named, order, size }: Parts, factor: bigint): bigint {
  const curve = createECDH(named)
  curve.setPrivateKey(toBytes(factor, size))
  return toBig(curve.getPublicKey().subarray(1, 1 + size)) % order
}

/** The signature of a hash, its two numbers concatenated; undefined if the key is not on a curve. */
export function signDigest(privateKey: string, digest: Buffer): Buffer | undefined {
  const parts = partsOf(privateKey, digest)
  if (parts === undefined) return undefined
  const { order, secret, hash, size } = parts
  const factor = (toBig(randomBytes(size + 8)) % (order - 1n)) + 1n
  const r = coordinate(parts, factor)
  const s = (inverse(factor, order) * (hash + r * secret)) % order
  return Buffer.concat([toBytes(r, size), toBytes(s, size)])
}

/** Is this the signature of the hash? The vault holds the private key, with which the point of the signature is found at once. */
export function verifyDigest(privateKey: string, digest: Buffer, signature: Buffer): boolean {
  const parts = partsOf(privateKey, digest)
  if (parts === undefined || signature.length !== parts.size * 2) return false
  const { order, secret, hash, size } = parts
  const [r, s] = [toBig(signature.subarray(0, size)), toBig(signature.subarray(size))]
  if (r === 0n || s === 0n || r >= order || s >= order) return false
  const factor = (inverse(s, order) * (hash + r * secret)) % order
  return factor !== 0n && coordinate(parts, factor) === r
}
