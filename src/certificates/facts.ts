import { X509Certificate } from 'node:crypto'

/** What a certificate says of itself. */
export interface CertificateFacts {
  /** Attributes joined by commas; empty where the certificate names nobody. */
  readonly subject: string
  /** Bits of the RSA key; undefined for a key of another sort. */
  readonly keySize: number | undefined
  readonly issuer: string
  /** Nobody else signed it: it names itself as its issuer, or hma, which signs with a key that anybody can derive from the request. */
  readonly ownWork: boolean
}

/** From base64 of the DER. */
export function factsOf(certificate: string): CertificateFacts {
  const read = new X509Certificate(Buffer.from(certificate, 'base64'))
  // A certificate without a subject, which only some tools make, has none here either.
  const [subject, issuer] = [read.subject ?? '', read.issuer ?? ''].map((name) => name.split('\n').join(', '))
  const { asymmetricKeyType, asymmetricKeyDetails } = read.publicKey
  return {
    subject: subject ?? '',
    keySize: asymmetricKeyType === 'rsa' ? asymmetricKeyDetails?.modulusLength : undefined,
    issuer: issuer ?? '',
    ownWork: issuer === subject || issuer === 'CN=hma',
  }
}
