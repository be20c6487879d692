import { type KeyObject, X509Certificate } from 'node:crypto'
import { pemBlocks } from '../certificates/pem.ts'
import { openPkcs12 } from '../certificates/pkcs12.ts'
import { Secret } from '../core/secret.ts'

/** A private key and its certificate. */
export interface KeyPair {
  /** Both as PEM, to sign in with. */
  readonly pem: Secret
  /** SHA-1 of the certificate's DER, upper-case hex. */
  readonly thumbprint: string
}

/**
 * The key pair in a certificate's secret. Key Vault serves PKCS#12 without a password in base64, or PEM, as the certificate's policy
 * says (https://learn.microsoft.com/azure/key-vault/certificates/how-to-export-certificate); if the key is not exportable, there is none in it.
 */
export async function keyPair(material: Secret): Promise<KeyPair | 'noKey' | 'unreadable'> {
  const text = material.reveal()
  const blocks = pemBlocks(Buffer.from(text))
  if (blocks) {
    const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE').map(({ bytes }) => bytes)
    const key = blocks.find(({ label }) => /PRIVATE KEY$/.test(label))
    return key ? paired(key.text, certificates, () => true) : 'noKey'
  }
  const contents = await openPkcs12(Buffer.from(text, 'base64'), undefined)
  if (contents === 'locked' || contents === 'unreadable') return 'unreadable'
  const [key] = contents.keys
  return key ? paired(exported(key), contents.certificates, (one) => one.checkPrivateKey(key)) : 'noKey'
}

const exported = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

function paired(key: string, ders: readonly Buffer[], fits: (one: X509Certificate) => boolean): KeyPair | 'unreadable' {
  const certificate = ders.map((der) => new X509Certificate(der)).find(fits)
  if (!certificate) return 'unreadable'
  return { pem: new Secret(`${key}\n${certificate}`), thumbprint: certificate.fingerprint.replaceAll(':', '') }
}
