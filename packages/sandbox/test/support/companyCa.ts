import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  cryptoProvider,
  Pkcs10CertificateRequest,
  type PublicKey,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import forge from 'node-forge'

cryptoProvider.set(webcrypto)

const day = 86_400_000
const curve = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 }

/** When a certificate begins, and for how many days it is valid. */
export interface Term {
  readonly from: Date
  readonly days: number
}

/** A certificate that a company's CA made, each as PEM: its own, then the CA's, then the root's. */
export interface Issued {
  readonly leaf: string
  readonly issuer: string
  readonly root: string
  readonly thumbprint: string
}

export interface Brought extends Issued {
  /** PKCS#8. */
  readonly privateKey: string
}

/** A CA with a root and an issuing authority below it, as companies have them. It writes its own subjects. */
export async function company() {
  const keysOf = () => webcrypto.subtle.generateKey(curve, true, ['sign', 'verify'])
  const [rootKeys, caKeys] = await Promise.all([keysOf(), keysOf()])
  const years = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 40 * 365 * day) }
  const authority = { ...years, signingAlgorithm: curve, extensions: [new BasicConstraintsExtension(true)] }
  const root = await X509CertificateGenerator.createSelfSigned({ ...authority, name: 'CN=Contoso Root', keys: rootKeys })
  const issuer = await X509CertificateGenerator.create({
    ...{ ...authority, subject: 'CN=Contoso Issuing', issuer: root.subject },
    ...{ publicKey: caKeys.publicKey, signingKey: rootKeys.privateKey },
  })
  const issue = async (publicKey: PublicKey | webcrypto.CryptoKey, { from, days }: Term): Promise<Issued> => {
    const leaf = await X509CertificateGenerator.create({
      ...{ subject: 'CN=hma.contoso.com, OU=Named by the CA, O=Contoso', issuer: issuer.subject, publicKey },
      ...{ notBefore: from, notAfter: new Date(from.getTime() + days * day) },
      ...{ signingKey: caKeys.privateKey, signingAlgorithm: curve },
    })
    return { leaf: pem(leaf), issuer: pem(issuer), root: pem(root), thumbprint: await thumbprint(leaf) }
  }
  return {
    /** Sign a request, PEM. */
    sign: (request: string, term: Term): Promise<Issued> => issue(new Pkcs10CertificateRequest(request).publicKey, term),
    /** A certificate with its private key, made outside of any vault. */
    async make(term: Term, keys?: webcrypto.CryptoKeyPair): Promise<Brought> {
      const { publicKey, privateKey } = keys ?? (await newKeys())
      const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey)).toString('base64')
      return {
        ...(await issue(publicKey, term)),
        privateKey: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
      }
    },
  }
}

export type Company = Awaited<ReturnType<typeof company>>

export const newKeys = (): Promise<webcrypto.CryptoKeyPair> => webcrypto.subtle.generateKey(rsa, true, ['sign', 'verify'])

const pem = (certificate: X509Certificate): string => `${certificate.toString('pem')}\n`

const thumbprint = async (certificate: X509Certificate): Promise<string> =>
  Buffer.from(await certificate.getThumbprint('SHA-1'))
    .toString('hex')
    .toUpperCase()

/** A PFX as tools make it, old or new. */
export function pfx(key: string | undefined, leaf: string, password: string, algorithm: '3des' | 'aes256'): Buffer {
  const privateKey = key === undefined ? null : forge.pki.privateKeyFromPem(key)
  const file = forge.pkcs12.toPkcs12Asn1(privateKey, [forge.pki.certificateFromPem(leaf)], password, { algorithm })
  return Buffer.from(forge.asn1.toDer(file).getBytes(), 'latin1')
}
