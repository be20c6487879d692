import { createHash, webcrypto, X509Certificate } from 'node:crypto'
import { day } from '../core/time.ts'
import { derivedKey } from './derivedKey.ts'

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64')

const hash = (algorithm: string, data: Uint8Array): string => createHash(algorithm).update(data).digest('hex').toUpperCase()

/** SHA-1 of a certificate (base64 of the DER) in upper-case hex, as Entra and Windows name it. */
export const thumbprint = (certificate: string): string => hash('sha1', bytes(certificate))

/** Enough for the deployments that are in progress at once. */
const mostRecent = 256

/** Remembers what was last read: several kinds read the same certificate or request repeatedly. */
function memoized<Read>(read: (base64: string) => Read): (base64: string) => Read {
  const recent = new Map<string, Read>()
  return (base64) => {
    const one = recent.get(base64) ?? read(base64)
    recent.set(base64, one)
    const [oldest] = recent.keys()
    if (recent.size > mostRecent && oldest !== undefined) recent.delete(oldest)
    return one
  }
}

const read = memoized((base64) => {
  const certificate = new X509Certificate(bytes(base64))
  return { certificate, publicKey: hash('sha256', certificate.publicKey.export({ type: 'spki', format: 'der' })) }
})

/** SHA-256 of the certificate's public key, in upper-case hex: the same for a request and for what was signed from it. */
export const publicKeyOfCertificate = (certificate: string): string => read(certificate).publicKey

export interface SigningRequest {
  readonly publicKey: string
  readonly subject: string
  /** Bits of the RSA modulus. */
  readonly keySize: number
}

/** The content of a certificate signing request (base64 of the DER). */
export const readRequest = memoized(async (csr): Promise<SigningRequest> => {
  const { Pkcs10CertificateRequest } = await import('./x509Library.ts')
  const request = new Pkcs10CertificateRequest(bytes(csr))
  const spki = Buffer.from(request.publicKey.rawData)
  return { publicKey: hash('sha256', spki), subject: request.subject, keySize: modulusLength(request.publicKey.algorithm) }
})

const modulusLength = (algorithm: object): number =>
  'modulusLength' in algorithm && typeof algorithm.modulusLength === 'number' ? algorithm.modulusLength : 0

/** Bits of a certificate's RSA key. */
export const keySizeOf = (certificate: string): number =>
  read(certificate).certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? 0

/** The subject of a certificate, attributes joined by commas as the vault writes them. */
export const subjectOf = (certificate: string): string => read(certificate).certificate.subject.split('\n').join(', ')

/** The validity period of a certificate. */
export function validityOf(certificate: string): { notBefore: Date; notAfter: Date } {
  const { validFrom, validTo } = read(certificate).certificate
  return { notBefore: new Date(validFrom), notAfter: new Date(validTo) }
}

/**
 * Equal distinguished names can be written differently: the case of the attribute types and the white space
 * between them do not matter. Key Vault writes `S` for the state (`ST`).
 */
export const sameName = (one: string, other: string): boolean => normalize(one) === normalize(other)

const normalize = (name: string): string =>
  name
    .split(/(?<!\\)[,+]/)
    .map((part) => {
      const [type = '', ...value] = part.trim().split('=')
      const attribute = type.trim().toUpperCase()
      return `${attribute === 'S' ? 'ST' : attribute}=${value.join('=').trim()}`
    })
    .sort()
    .join(',')

const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }

const signed = new Map<string, Promise<string>>()

/** Every run signs with this key, which anyone can derive. Made once: finding its primes takes a tenth of a second. */
let signing: Promise<webcrypto.CryptoKey> | undefined
const signingKey = (): Promise<webcrypto.CryptoKey> => (signing ??= derivedKey(Buffer.from('hma')))

/**
 * Signs a request with the same key in every run: two concurrent runs that sign the same request for the same time make the same
 * certificate, and neither removes what the other made HMA-App trust. Entra compares the key of the credential with the
 * key of the assertion and does not look at the chain, so the issuer is never trusted
 * (https://learn.microsoft.com/entra/identity-platform/certificate-credentials).
 * Returns base64 of the DER.
 */
export function sign(csr: string, notBefore: Date, notAfter: Date): Promise<string> {
  const name = [csr, notBefore.toISOString(), notAfter.toISOString()].join(' ')
  const made = signed.get(name) ?? issue(csr, notBefore, notAfter).then(remembered)
  signed.set(name, made)
  return made
}

/** A certificate signed by this process, for answers that name a certificate only by its thumbprint. */
export const signedHere = (thumbprint: string | undefined): string | undefined => made.get(thumbprint ?? '')

const made = new Map<string, string>()

function remembered(certificate: string): string {
  made.set(thumbprint(certificate), certificate)
  return certificate
}

async function issue(csr: string, notBefore: Date, notAfter: Date): Promise<string> {
  const x509 = await import('./x509Library.ts')
  const request = new x509.Pkcs10CertificateRequest(bytes(csr))
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: `01${hash('sha256', bytes(csr)).slice(0, 30)}`,
      subject: request.subject,
      issuer: 'CN=hma',
      notBefore,
      notAfter,
      publicKey: request.publicKey,
      signingKey: await signingKey(),
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, false),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
        await x509.SubjectKeyIdentifierExtension.create(request.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  )
  return Buffer.from(certificate.rawData).toString('base64')
}

/**
 * When a certificate of this many months ends: on the same day of the month, or its last day. A leap day is subtracted: a tenant's policy
 * that allows a year says `P365D` (https://learn.microsoft.com/graph/api/resources/keycredentialconfiguration), and means so many days.
 */
export function validUntil(start: Date, months: number): Date {
  const later = new Date(start)
  later.setUTCMonth(later.getUTCMonth() + months, 1)
  const lastDay = new Date(Date.UTC(later.getUTCFullYear(), later.getUTCMonth() + 1, 0)).getUTCDate()
  later.setUTCDate(Math.min(start.getUTCDate(), lastDay))
  return new Date(Math.min(later.getTime(), start.getTime() + Math.ceil((months * 365) / 12) * day))
}
