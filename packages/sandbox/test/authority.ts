import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { BasicConstraintsExtension, cryptoProvider, Pkcs10CertificateRequest, X509CertificateGenerator } from '@peculiar/x509'

cryptoProvider.set(webcrypto)

const day = 86_400_000

/** Signs a request as a company's authority does, with an elliptic curve. DER of the certificate and of its issuer. */
export async function signRequest(csr: Uint8Array): Promise<{ leaf: Uint8Array; issuer: Uint8Array }> {
  const request = new Pkcs10CertificateRequest(Buffer.from(csr))
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const dates = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 180 * day) }
  const issuer = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Contoso CA',
    keys,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true)],
    ...dates,
  })
  const leaf = await X509CertificateGenerator.create({
    subject: request.subjectName,
    issuer: issuer.subjectName,
    publicKey: request.publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: algorithm,
    ...dates,
  })
  return { leaf: new Uint8Array(leaf.rawData), issuer: new Uint8Array(issuer.rawData) }
}
