import type { Contents } from './certificates/pkcs12.ts'
import { readKey } from './keys/keyPairs.ts'

const block = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]+?-----END \1-----/g

/** The certificates of a PEM text, base64 of DER. */
export const certificatesIn = (text: string): string[] =>
  [...text.matchAll(block)]
    .filter(([, label]) => label === 'CERTIFICATE')
    .map(([body]) => body.replace(/-----[^-]+-----|\s/g, ''))

/**
 * The content of a PEM text; undefined if there is none, or the password does not open the key. A vault reads RSA keys only as PKCS #8:
 * https://learn.microsoft.com/azure/key-vault/certificates/certificate-scenarios#formats-of-import-we-support
 */
export function fromPem(text: string, password: string): Contents | undefined {
  const [key, label] = [...text.matchAll(block)].find(([, found]) => found?.endsWith('PRIVATE KEY')) ?? []
  if (label === 'RSA PRIVATE KEY') return undefined
  const privateKey = key === undefined ? undefined : readKey(key, password)
  const certificates = certificatesIn(text)
  if ((key !== undefined && privateKey === undefined) || certificates.length === 0) return undefined
  return { privateKey, certificates }
}

const wrapped = (base64: string): string => base64.replace(/(.{64})(?=.)/g, '$1\n')

/** Private key, then the chain, with line feeds. */
export function toPem(chain: readonly string[], privateKey: string | undefined): string {
  const certificates = chain.map((one) => `-----BEGIN CERTIFICATE-----\n${wrapped(one)}\n-----END CERTIFICATE-----\n`)
  return [privateKey ?? '', ...certificates].join('')
}
