import { createHash, createHmac, type KeyObject, randomBytes } from 'node:crypto'
import type Forge from 'node-forge'

type Node = Forge.asn1.Asn1

const iterations = 2000

/** Object identifiers of RFC 7292, and SHA-1. */
const oids = {
  data: '1.2.840.113549.1.7.1',
  shroudedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
  x509: '1.2.840.113549.1.9.22.1',
  localKeyId: '1.2.840.113549.1.9.21',
  sha1: '1.3.14.3.2.26',
} as const

/**
 * Key and chain (DER, leaf first) as base64 of a PKCS#12 with an empty password: 3DES and SHA-1, the form in which Key Vault
 * exports certificates, so that it can read it, whichever tool created the user's file.
 */
export async function sealPkcs12(key: KeyObject, chain: readonly Buffer[]): Promise<string> {
  const { default: forge } = await import('node-forge')
  const make = builder(forge)
  const { sequence, set, tagged, octets, oid } = make
  const leaf = chain[0] ?? Buffer.alloc(0)
  const mark = set(sequence(oid(oids.localKeyId), set(octets(createHash('sha1').update(leaf).digest()))))
  const bags = chain.map((one, index) =>
    sequence(...[oid(oids.certificate), tagged(sequence(oid(oids.x509), tagged(octets(one))))], ...(index === 0 ? [mark] : [])),
  )
  const shrouded = sequence(oid(oids.shroudedKey), tagged(encrypted(forge, key)), mark)
  const contents = make.der(sequence(make.data(sequence(shrouded)), make.data(sequence(...bags))))
  const file = sequence(make.whole(3), sequence(oid(oids.data), tagged(octets(contents))), authentication(forge, contents))
  return make.der(file).toString('base64')
}

function builder({ asn1 }: typeof Forge) {
  const { Class, Type } = asn1
  const of = (type: Forge.asn1.Type, ...parts: Node[]): Node => asn1.create(Class.UNIVERSAL, type, true, parts)
  const plain = (type: Forge.asn1.Type, bytes: string): Node => asn1.create(Class.UNIVERSAL, type, false, bytes)
  const der = (node: Node): Buffer => Buffer.from(asn1.toDer(node).getBytes(), 'latin1')
  const sequence = (...parts: Node[]): Node => of(Type.SEQUENCE, ...parts)
  const tagged = (part: Node): Node => asn1.create(Class.CONTEXT_SPECIFIC, 0, true, [part])
  const octets = (bytes: Buffer): Node => plain(Type.OCTETSTRING, bytes.toString('latin1'))
  const oid = (id: string): Node => plain(Type.OID, asn1.oidToDer(id).getBytes())
  return {
    ...{ der, sequence, tagged, octets, oid },
    set: (part: Node): Node => of(Type.SET, part),
    whole: (value: number): Node => plain(Type.INTEGER, asn1.integerToDer(value).getBytes()),
    none: (): Node => plain(Type.NULL, ''),
    data: (part: Node): Node => sequence(oid(oids.data), tagged(octets(der(part)))),
  }
}

function encrypted({ asn1, pki }: typeof Forge, key: KeyObject): Node {
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' }).toString('latin1')
  return pki.encryptPrivateKeyInfo(asn1.fromDer(pkcs8), '', { algorithm: '3des', count: iterations, saltSize: 8 })
}

/** The MAC that proves that nothing was changed. */
function authentication(forge: typeof Forge, contents: Buffer): Node {
  const { sequence, octets, oid, whole, none } = builder(forge)
  const salt = randomBytes(20)
  const macKey = forge.pkcs12.generateKey('', forge.util.createBuffer(salt.toString('latin1')), 3, iterations, 20)
  const code = createHmac('sha1', Buffer.from(macKey.getBytes(), 'latin1')).update(contents).digest()
  return sequence(sequence(sequence(oid(oids.sha1), none()), octets(code)), octets(salt), whole(iterations))
}
