import crypto, { webcrypto } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

/**
 * How much cryptography is in progress in other threads. Code that waits for it is not idle, though nothing else shows that: so it is
 * counted, by a layer around the methods of WebCrypto and around the search for primes.
 */
let underWay = 0

export const computing = (): number => underWay

const { subtle } = webcrypto

for (const name of ['generateKey', 'importKey', 'exportKey', 'sign', 'verify', 'digest'] as const) {
  const own: (...given: never[]) => Promise<unknown> = Reflect.get(subtle, name).bind(subtle)
  const counted = async (...given: never[]): Promise<unknown> => {
    underWay += 1
    try {
      return await own(...given)
    } finally {
      underWay -= 1
    }
  }
  Object.defineProperty(subtle, name, { value: counted, configurable: true })
}

const { checkPrime } = crypto
crypto.checkPrime = (candidate: crypto.LargeNumberLike, ...rest: unknown[]): void => {
  const told = rest.at(-1)
  underWay += 1
  checkPrime(candidate, (error, result) => {
    underWay -= 1
    if (typeof told === 'function') told(error, result)
  })
}
syncBuiltinESMExports()
