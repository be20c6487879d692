import { createHash, randomBytes } from 'node:crypto'

/** The hashes of PS256, PS384 and PS512, by their bytes. */
const names = { 32: 'sha256', 48: 'sha384', 64: 'sha512' } as const

export type HashBytes = keyof typeof names

const hash = (bytes: HashBytes, ...parts: readonly Buffer[]): Buffer =>
  createHash(names[bytes]).update(Buffer.concat(parts)).digest()

/** https://www.rfc-editor.org/rfc/rfc8017#appendix-B.2.1 */
function mask(bytes: HashBytes, seed: Buffer, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / bytes) }, (_, index) => {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(index)
    return hash(bytes, seed, counter)
  })
  return Buffer.concat(blocks).subarray(0, length)
}

const xor = (left: Buffer, right: Buffer): Buffer => Buffer.from(left.map((byte, index) => byte ^ (right[index] ?? 0)))

/** A digest as PSS encodes it for a key whose size is a multiple of eight: https://www.rfc-editor.org/rfc/rfc8017#section-9.1.1 */
export function encodePss(digest: Buffer, bytes: HashBytes, size: number, salt: Buffer = randomBytes(bytes)): Buffer {
  const hashed = hash(bytes, Buffer.alloc(8), digest, salt)
  const block = Buffer.concat([Buffer.alloc(size - salt.length - bytes - 2), Buffer.from([1]), salt])
  const masked = xor(block, mask(bytes, hashed, block.length))
  masked[0] = (masked[0] ?? 0) & 0x7f
  return Buffer.concat([masked, hashed, Buffer.from([0xbc])])
}

/** Is this the encoding of the digest? The salt in it is found, and the encoding made again. */
export function isPss(digest: Buffer, bytes: HashBytes, encoded: Buffer): boolean {
  const end = encoded.length - bytes - 1
  const block = xor(encoded.subarray(0, end), mask(bytes, encoded.subarray(end, -1), end))
  return encodePss(digest, bytes, encoded.length, block.subarray(-bytes)).equals(encoded)
}
