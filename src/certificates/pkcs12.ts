import { createPrivateKey, type KeyObject } from 'node:crypto'
import type Forge from 'node-forge'

type Node = Forge.asn1.Asn1

/** What a PKCS#12 holds. */
export interface Contents {
  /** RSA keys only. */
  readonly keys: readonly KeyObject[]
  readonly otherKeys: number
  /** DER, unchanged from the file. */
  readonly certificates: readonly Buffer[]
}

/** Loaded on demand: few configurations import a certificate. */
const load = async (): Promise<typeof Forge> => (await import('node-forge')).default

/**
 * Opens a PKCS#12 of any age: 3DES and RC2 as well as AES (PBES2). `locked` means a wrong password.
 * Without a password, files are created with an empty one or with none at all.
 */
export async function openPkcs12(bytes: Buffer, password: string | undefined): Promise<Contents | 'locked' | 'unreadable'> {
  const forge = await load()
  let locked = false
  for (const attempt of password === undefined ? ['', undefined] : [password]) {
    try {
      const file = forge.asn1.fromDer(forge.util.createBuffer(bytes.toString('latin1')), true)
      if (hasTooManyRounds(forge, file)) return 'unreadable'
      return contentsOf(forge, forge.pkcs12.pkcs12FromAsn1(file, false, attempt))
    } catch (error) {
      locked ||= error instanceof Error && /password|MAC could not|decrypt/i.test(error.message)
    }
  }
  return locked ? 'locked' : 'unreadable'
}

/** Would an encrypted key take minutes or more to open? */
export async function isTooSlowToOpen(bytes: Buffer): Promise<boolean> {
  const forge = await load()
  const found = derIn(forge, bytes.toString('latin1'))
  return found !== undefined && hasTooManyRounds(forge, found)
}

/** Tools derive keys from passwords in a few thousand rounds, the most careful ones in a few hundred thousand. */
const mostRounds = 1_000_000

/** Would trying the password take minutes or more? The number of rounds follows the salt: RFC 7292, RFC 8018. */
function hasTooManyRounds(forge: typeof Forge, node: Node, depth = 0): boolean {
  const { Class, Type } = forge.asn1
  const is = (one: Node | undefined, type: Forge.asn1.Type): boolean => one?.tagClass === Class.UNIVERSAL && one.type === type
  if (depth > 40) return true
  if (typeof node.value === 'string') {
    const inner = is(node, Type.OCTETSTRING) ? derIn(forge, node.value) : undefined
    return inner !== undefined && hasTooManyRounds(forge, inner, depth + 1)
  }
  return node.value.some(
    (one, index, all) =>
      (is(one, Type.INTEGER) && is(all[index - 1], Type.OCTETSTRING) && tooMany(String(one.value))) ||
      hasTooManyRounds(forge, one, depth + 1),
  )
}

const tooMany = (integer: string): boolean => Number(`0x${Buffer.from(integer, 'latin1').toString('hex') || '0'}`) > mostRounds

/** The content of an octet string, if that is DER again. */
function derIn({ asn1 }: typeof Forge, bytes: string): Node | undefined {
  try {
    return asn1.fromDer(bytes)
  } catch {
    return undefined
  }
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
 * The certificate as in the file. forge keeps what was signed but rewrites the algorithm next to the signature,
 * not always faithfully; the signed part names that algorithm too (RFC 5280, 4.1.1.2).
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
