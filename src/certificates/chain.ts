import { type KeyObject, X509Certificate } from 'node:crypto'

export const base64Of = (certificate: X509Certificate): string => certificate.raw.toString('base64')

/** The certificate in DER or PEM; undefined if the bytes are not one. */
export function x509In(bytes: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(bytes)
  } catch {
    return undefined
  }
}

/** The first certificate that is not followed by its issuer, and what follows instead. */
export function firstGap(chain: readonly X509Certificate[]): readonly [X509Certificate, X509Certificate] | undefined {
  for (const [index, one] of chain.entries()) {
    const next = chain[index + 1]
    if (next && !one.checkIssued(next)) return [one, next]
  }
  return undefined
}

/** The key's certificate and as many of its issuers as are present; empty if none belongs to the key. */
export function chainOf(key: KeyObject, certificates: readonly X509Certificate[]): readonly X509Certificate[] {
  const leaf = certificates.find((one) => one.checkPrivateKey(key))
  if (!leaf) return []
  const chain = [leaf]
  for (;;) {
    const next = certificates.find((one) => !chain.includes(one) && chain.at(-1)?.checkIssued(one))
    if (!next) return chain
    chain.push(next)
  }
}

/** A distinguished name in one line. */
export const nameOf = ({ subject }: X509Certificate): string => subject.split('\n').join(', ')
