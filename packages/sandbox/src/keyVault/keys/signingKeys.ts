import { createPrivateKey, sign, webcrypto } from 'node:crypto'
import { type KeySpec, specOf, spkiOf } from './keyPairs.ts'

/** How a key signs certificates and requests. WebCrypto's name for P-256K is K-256, as @peculiar/x509 has it. */
function signingAlgorithm({ crv, key_size }: KeySpec) {
  if (crv === undefined) return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
  const namedCurve = crv === 'P-256K' ? 'K-256' : crv
  return { name: 'ECDSA', namedCurve, hash: key_size > 384 ? 'SHA-512' : `SHA-${key_size}` } as const
}

/**
 * A key as @peculiar/x509 wants it: a pair, the algorithm of its signatures, and the Crypto that makes them. Node's own WebCrypto knows
 * nothing of P-256K, so that the signatures come from node:crypto, which does.
 */
export function signingKeys(pem: string) {
  const algorithm = signingAlgorithm(specOf(pem) ?? { kty: 'RSA', key_size: 2048 })
  const key = createPrivateKey(pem)
  const subtle = {
    exportKey: async () => spkiOf(key),
    digest: (name: string, data: ArrayBuffer) => webcrypto.subtle.digest(name, data),
    sign: async (_algorithm: object, _key: object, data: ArrayBuffer) =>
      sign(algorithm.hash, Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }),
  }
  const crypto: webcrypto.Crypto = Object.create(webcrypto, { subtle: { value: subtle } })
  return { algorithm, crypto, privateKey: cryptoKey('private', algorithm), publicKey: cryptoKey('public', algorithm) }
}

const cryptoKey = (type: 'private' | 'public', algorithm: { readonly name: string }): webcrypto.CryptoKey => ({
  type,
  algorithm,
  extractable: true,
  usages: [type === 'private' ? 'sign' : 'verify'],
})
