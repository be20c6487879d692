import { checkPrime, createHash, webcrypto } from 'node:crypto'

const bytesOfPrime = 128
const exponent = 65537n

/** In another thread: it takes a tenth of a second, during which all other deployments would wait. */
const isPrime = (candidate: bigint): Promise<boolean> =>
  new Promise((resolve, reject) => checkPrime(candidate, (error, prime) => (error ? reject(error) : resolve(prime))))

/**
 * A 2048-bit RSA key pair derived from a seed, so that everyone who signs the same thing makes the same signature. It is not
 * secret: anyone with the seed can derive it. So it is used only where the signature is not checked.
 */
export async function derivedKey(seed: Uint8Array): Promise<webcrypto.CryptoKey> {
  const [p, q] = await Promise.all([prime(seed, 'p'), prime(seed, 'q')])
  const d = inverse(exponent, (p - 1n) * (q - 1n))
  const numbers = { n: p * q, e: exponent, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) }
  const texts = Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, base64url(number)]))
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  return webcrypto.subtle.importKey('jwk', { kty: 'RSA', ...texts }, algorithm, false, ['sign'])
}

/** The first prime at or after the seed's number, with its two highest bits set, so that the product has the full 2048. */
async function prime(seed: Uint8Array, name: string): Promise<bigint> {
  const hash = (part: number) => createHash('sha512').update(seed).update(`${name}${part}`).digest()
  const bytes = Buffer.concat([hash(0), hash(1)]).subarray(0, bytesOfPrime)
  bytes.writeUInt8(bytes.readUInt8(0) | 0b1100_0000, 0)
  const start = BigInt(`0x${bytes.toString('hex')}`) | 1n
  const remainders = divisors().map((divisor) => [divisor, Number(start % BigInt(divisor))] as const)
  for (let offset = 0; ; offset += 2) {
    // Seven in eight candidates have a small divisor, which is found a hundred times faster.
    if (remainders.some(([divisor, remainder]) => (remainder + offset) % divisor === 0)) continue
    const candidate = start + BigInt(offset)
    if ((candidate - 1n) % exponent !== 0n && (await isPrime(candidate))) return candidate
  }
}

function oddPrimes(below: number): readonly number[] {
  const found: number[] = []
  for (let number = 3; number < below; number += 2) if (!found.some((prime) => number % prime === 0)) found.push(number)
  return found
}

let known: readonly number[] | undefined

/** Found when they are first needed: most runs make no key. */
const divisors = (): readonly number[] => (known ??= oddPrimes(4096))

/** The modular inverse, by the extended Euclidean algorithm. */
function inverse(number: bigint, modulus: bigint): bigint {
  let [rest, next, factor, nextFactor] = [modulus, number % modulus, 0n, 1n]
  while (next !== 0n) {
    const times = rest / next
    ;[rest, next] = [next, rest - times * next]
    ;[factor, nextFactor] = [nextFactor, factor - times * nextFactor]
  }
  return ((factor % modulus) + modulus) % modulus
}

function base64url(number: bigint): string {
  const hex = number.toString(16)
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url')
}
