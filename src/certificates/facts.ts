import { X509Certificate } from 'node:crypto'

/** What a certificate says about itself. */
export interface CertificateFacts {
  /** Attributes joined by commas; empty if the certificate has no subject. */
  readonly subject: string
  /** Bits of the RSA key; undefined for another type of key. */
  readonly keySize: number | undefined
  readonly issuer: string
  /** Self-signed in effect: its issuer is itself, or hma, which signs with a key that anyone can derive. */
  readonly isSelfSigned: boolean
}

/** From base64 of the DER. */
export function factsOf(certificate: string): CertificateFacts {
  const read = new X509Certificate(Buffer.from(certificate, 'base64'))
  // Some tools create certificates without a subject; it is empty then.
  const [subject, issuer] = [read.subject ?? '', read.issuer ?? ''].map((name) => name.split('\n').join(', '))
  const { asymmetricKeyType, asymmetricKeyDetails } = read.publicKey
  return {
    subject: subject ?? '',
    keySize: asymmetricKeyType === 'rsa' ? asymmetricKeyDetails?.modulusLength : undefined,
    issuer: issuer ?? '',
    isSelfSigned: issuer === subject || issuer === 'CN=hma',
  }
}
