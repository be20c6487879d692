import { createHash, createPrivateKey } from 'node:crypto'
import forge from 'node-forge'
import { readKey } from '../keys/keyPairs.ts'

const { asn1, pki, pkcs12, random, util, hmac } = forge
const { Class, Type } = asn1

/** More would protect nothing where there is no password, and take long. */
const iterations = 16
const oids = {
  data: '1.2.840.113549.1.7.1',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  x509: '1.2.840.113549.1.9.22.1',
  localKeyId: '1.2.840.113549.1.9.21',
  sha1: '1.3.14.3.2.26',
}

const keyBags: readonly string[] = [oids.keyBag, oids.shroudedKeyBag]

type Node = forge.asn1.Asn1
const sequence = (...parts: Node[]): Node => asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, parts)
const set = (...parts: Node[]): Node => asn1.create(Class.UNIVERSAL, Type.SET, true, parts)
const tagged = (part: Node): Node => asn1.create(Class.CONTEXT_SPECIFIC, 0, true, [part])
export const octets = (bytes: string): Node => asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, bytes)
export const oid = (id: string): Node => asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(id).getBytes())
const whole = (value: number): Node => asn1.create(Class.UNIVERSAL, Type.INTEGER, false, asn1.integerToDer(value).getBytes())
const none = (): Node => asn1.create(Class.UNIVERSAL, Type.NULL, false, '')
const der = (node: Node): string => asn1.toDer(node).getBytes()
const content = (node: Node): Node => sequence(oid(oids.data), tagged(octets(der(node))))

const bytesOf = (base64: string): string => util.decode64(base64)

/**
 * What the managed secret of a certificate holds: base64 of a PKCS#12 with an empty password, 3DES and a SHA-1 MAC. The chain is base64
 * of DER, leaf first; it has no key if the key is not exportable. Written by hand, because forge does not support elliptic curves.
 */
export function toPkcs12(chain: readonly string[], privateKey: string | undefined): string {
  const leaf = chain[0] ?? ''
  const keyId = createHash('sha1').update(Buffer.from(leaf, 'base64')).digest('binary')
  const mark = attribute(oids.localKeyId, octets(keyId))
  const certificates = chain.map((one, index) =>
    certificateBag(bytesOf(one), index === 0 && privateKey !== undefined ? [mark] : []),
  )
  const keys =
    privateKey === undefined ? [] : [[sequence(oid(oids.shroudedKeyBag), tagged(encryptedKeyBag(privateKey)), set(mark))]]
  return util.encode64(seal([...keys, certificates], ''))
}

export const attribute = (id: string, value: Node): Node => sequence(oid(id), set(value))

/** A bag with a certificate, whose DER is given as a binary string. */
export const certificateBag = (certificate: string, attributes: readonly Node[]): Node =>
  sequence(
    oid(oids.certificateBag),
    tagged(sequence(oid(oids.x509), tagged(octets(certificate)))),
    ...(attributes.length > 0 ? [set(...attributes)] : []),
  )

/** The DER of a PKCS#12 with these groups of bags, as a binary string. */
export function seal(groups: readonly (readonly Node[])[], password: string): string {
  const safe = der(sequence(...groups.map((bags) => content(sequence(...bags)))))
  return der(sequence(whole(3), sequence(oid(oids.data), tagged(octets(safe))), authentication(safe, password)))
}

function encryptedKeyBag(privateKey: string): Node {
  const pkcs8 = createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'der' }).toString('binary')
  return pki.encryptPrivateKeyInfo(asn1.fromDer(pkcs8), '', { algorithm: '3des', count: iterations, saltSize: 8 })
}

function authentication(safe: string, password: string): Node {
  const salt = random.getBytesSync(20)
  const code = hmac.create()
  code.start('sha1', pkcs12.generateKey(password, util.createBuffer(salt), 3, iterations, 20))
  code.update(safe)
  const digest = sequence(sequence(oid(oids.sha1), none()), octets(code.digest().getBytes()))
  return sequence(digest, octets(salt), whole(iterations))
}

export interface Contents {
  /** PKCS#8 in PEM. */
  readonly privateKey: string | undefined
  /** Base64 of DER, as they stand in the file. */
  readonly certificates: readonly string[]
}

/** What a PKCS#12 file holds; undefined where it cannot be read, or the password is wrong. */
export function fromPkcs12(base64: string, password: string): Contents | undefined {
  try {
    const file = pkcs12.pkcs12FromAsn1(asn1.fromDer(util.decode64(base64)), false, password)
    const bags = file.safeContents.flatMap(({ safeBags }) => safeBags)
    return {
      privateKey: keyIn(bags),
      certificates: bags.flatMap(({ cert, asn1: raw, type }) => {
        if (cert) return [util.encode64(der(asWritten(cert)))]
        return type === oids.certificateBag && raw ? [util.encode64(der(raw))] : []
      }),
    }
  } catch {
    return undefined
  }
}

/** Forge reads RSA keys; of any other it leaves the PKCS#8 as it is. */
function keyIn(bags: readonly forge.pkcs12.Bag[]): string | undefined {
  const bag = bags.find(({ key, asn1: raw, type }) => key || (raw && keyBags.includes(type)))
  if (bag?.key) return pki.privateKeyInfoToPem(pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(bag.key)))
  return bag?.asn1 && readKey(pki.privateKeyInfoToPem(bag.asn1), '')
}

/** A certificate as it stood in the file: forge gives ECDSA signatures a parameter that they do not have. */
function asWritten(certificate: forge.pki.Certificate): Node {
  const node = pki.certificateToAsn1(certificate)
  const [body, , signature] = Array.isArray(node.value) ? node.value : []
  if (!certificate.signatureOid.startsWith('1.2.840.10045.') || !body || !signature) return node
  return sequence(body, sequence(oid(certificate.signatureOid)), signature)
}
