import forge from 'node-forge'
import { attribute, certificateBag, oid, seal } from '../keyVault/certificates/pkcs12.ts'

/** The default password of Java's tools. The file contains no secrets. */
export const truststorePassword = 'changeit'

/** The attribute by which Java recognizes a certificate as trusted: https://bugs.openjdk.org/browse/JDK-8005408 */
const trustedKeyUsage = '2.16.840.1.113894.746875.1.1'
const anyUsage = '2.5.29.37.0'
const friendlyName = '1.2.840.113549.1.9.20'

/** A PKCS#12 file with one certificate that Java trusts. */
export function truststore(caPem: string): Buffer {
  const der = forge.pem.decode(caPem)[0]?.body ?? ''
  const { asn1 } = forge
  // Forge encodes each character in two bytes.
  const name = asn1.create(asn1.Class.UNIVERSAL, asn1.Type.BMPSTRING, false, 'hma-sandbox')
  const bag = certificateBag(der, [attribute(friendlyName, name), attribute(trustedKeyUsage, oid(anyUsage))])
  return Buffer.from(seal([[bag]], truststorePassword), 'binary')
}
