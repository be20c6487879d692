import 'reflect-metadata'
import { createHash, webcrypto } from 'node:crypto'
import { cryptoProvider, X509CertificateGenerator } from '@peculiar/x509'

cryptoProvider.set(webcrypto)

const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 }

/** A key pair with a certificate that it signed itself. */
export interface SelfSigned {
  /** Base64 of the DER. */
  readonly der: string
  readonly pem: string
  /** SHA-1 of the DER, upper-case hex. */
  readonly thumbprint: string
  /** PKCS#8 PEM. */
  readonly privateKey: string
  readonly notBefore: Date
  readonly notAfter: Date
}

export async function selfSigned(subject: string, notBefore: Date, days: number): Promise<SelfSigned> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const notAfter = new Date(notBefore.getTime() + days * 86_400_000)
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...{ name: subject, notBefore, notAfter, keys, signingAlgorithm: algorithm },
  })
  const der = Buffer.from(certificate.rawData)
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return {
    der: der.toString('base64'),
    pem: certificate.toString('pem'),
    thumbprint: createHash('sha1').update(der).digest('hex').toUpperCase(),
    privateKey: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
    notBefore,
    notAfter,
  }
}
