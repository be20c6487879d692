import { createPrivateKey, type KeyObject } from 'node:crypto'
import type Forge from 'node-forge'

type Node = Forge.asn1.Asn1

/** What a PKCS#12 holds. */
export interface Contents {
  /** Only RSA keys are told. */
  readonly keys: readonly KeyObject[]
  readonly otherKeys: number
  /** DER, exactly as in the file. */
  readonly certificates: readonly Buffer[]
}

/** Loaded when it is needed: few configurations import a certificate. */
const load = async (): Promise<typeof Forge> => (await import('node-forge')).default

/**
 * Open a PKCS#12, of whatever age: 3DES and RC2 as well as AES (PBES2). `locked` is a wrong password.
 * Where there is no password, files are made with an empty one, or with none at all.
 */
export async function openPkcs12(bytes: Buffer, password: string | undefined): Promise<Contents | 'locked' | 'unreadable'> {
  const forge = await load()
  let locked = false
  for (const attempt of password === undefined ? ['', undefined] : [password]) {
    try {
      const file = forge.asn1.fromDer(forge.util.createBuffer(bytes.toString('latin1')), true)
      return contentsOf(forge, forge.pkcs12.pkcs12FromAsn1(file, false, attempt))
    } catch (error) {
      locked ||= error instanceof Error && /password|MAC could not|decrypt/i.test(error.message)
    }
  }
  return locked ? 'locked' : 'unreadable'
}

function contentsOf(forge: typeof Forge, { safeContents }: Forge.pkcs12.Pkcs12Pfx): Contents {
  const bags = safeContents.flatMap(({ safeBags }) => safeBags)
  const { keyBag, pkcs8ShroudedKeyBag, certBag } = forge.pki.oids
  const keys = bags.filter(({ type }) => type === keyBag || type === pkcs8ShroudedKeyBag)
  const rsa = keys.flatMap(({ key }) => (key ? [createPrivateKey(forge.pki.privateKeyToPem(key))] : []))
  const certificates = bags
    .filter(({ type }) => type === certBag)
    .map(({ cert, asn1 }) => Buffer.from(forge.asn1.toDer(cert ? asWritten(forge, cert) : asn1).getBytes(), 'latin1'))
  return { keys: rsa, otherKeys: keys.length - rsa.length, certificates }
}

/**
 * The certificate as it stood in the file. forge keeps what was signed, but makes the algorithm beside the signature anew,
 * and not always the same; what was signed names that algorithm too (RFC 5280, 4.1.1.2).
 */
function asWritten({ asn1, pki }: typeof Forge, certificate: Forge.pki.Certificate): Node {
  const whole = pki.certificateToAsn1(certificate)
  const [signed, , signature] = childrenOf(whole)
  const fields = signed ? childrenOf(signed) : []
  const algorithm = fields[fields[0]?.tagClass === asn1.Class.CONTEXT_SPECIFIC ? 2 : 1]
  if (!signed || !algorithm || !signature) return whole
  return asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, [signed, algorithm, signature])
}

const childrenOf = ({ value }: Node): readonly Node[] => (Array.isArray(value) ? value : [])
