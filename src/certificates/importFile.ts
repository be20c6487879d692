import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto'
import { readBytes } from '../config/read/bytes.ts'
import { HmaError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'
import { base64Of, chainOf, nameOf, x509In } from './chain.ts'
import { type Block, pemBlocks } from './pem.ts'
import { isTooSlowToOpen, openPkcs12 } from './pkcs12.ts'
import { sealPkcs12 } from './sealPkcs12.ts'
import { validityOf } from './x509.ts'

/** A certificate that a user supplies. */
export interface ImportedCertificate {
  /** Base64 of the DER, leaf first. */
  readonly chain: readonly string[]
  /** Key and chain as base64 of a PKCS#12 without a password, whatever the format of the file. */
  readonly pfx: Secret
}

interface Contents {
  readonly keys: readonly KeyObject[]
  readonly certificates: readonly X509Certificate[]
}

/** Reads a .pfx or .pem with its private key. */
export async function readImportFile(path: string, name: string, password: Secret | undefined): Promise<ImportedCertificate> {
  const bytes = await readBytes(path, name)
  if (!bytes)
    throw new HmaError('HMA121', `${name} does not exist`, {
      hint: 'Put the certificate with its private key there, as .pfx or .pem, or correct certificate.file.',
    })
  const word = password?.reveal()
  const blocks = pemBlocks(bytes)
  for (const { label, bytes: key } of blocks ?? [])
    if (label.startsWith('ENCRYPTED') && (await isTooSlowToOpen(key))) throw unreadable(name)
  const { keys, certificates } = blocks ? inPem(blocks, name, word) : await inPfx(bytes, name, word)
  if (certificates.length === 0) throw lacking(name, 'no certificate')
  if (keys.length === 0) throw lacking(name, 'no private key')
  const [key, chain] = pair(keys, certificates, name)
  const pfx = await sealPkcs12(
    key,
    chain.map(({ raw }) => raw),
  )
  return { chain: chain.map(base64Of), pfx: new Secret(pfx) }
}

const lacking = (name: string, what: string): HmaError =>
  new HmaError('HMA121', `${name} holds ${what}`, {
    hint: 'Export the certificate together with its private key, as .pfx or .pem.',
  })

const wrongPassword = (name: string, password: string | undefined): HmaError =>
  password === undefined
    ? new HmaError('HMA122', `${name} is protected with a password, but the configuration has none`, {
        hint: 'Put the password in an environment variable and refer to it in certificate.password.',
      })
    : new HmaError('HMA122', `The password does not open ${name}`, {
        hint: 'Check certificate.password and the variable it refers to.',
      })

const unreadable = (name: string): HmaError =>
  new HmaError('HMA121', `The private key in ${name} cannot be read`, { hint: 'Export it again, as .pfx (PKCS #12) or .pem.' })

const notRsa = (name: string): HmaError =>
  new HmaError('HMA121', `The private key in ${name} is not an RSA key`, {
    hint: 'Dynamics signs in with RSA. Use a certificate with an RSA key.',
  })

async function inPfx(bytes: Buffer, name: string, password: string | undefined): Promise<Contents> {
  const contents = await openPkcs12(bytes, password)
  if (contents === 'locked') throw wrongPassword(name, password)
  if (contents === 'unreadable')
    throw new HmaError('HMA121', `${name} is not a readable PFX or PEM file`, {
      hint: 'Export it again, as .pfx (PKCS #12) or .pem.',
    })
  if (contents.keys.length === 0 && contents.otherKeys > 0) throw notRsa(name)
  return { keys: contents.keys, certificates: contents.certificates.flatMap((one) => x509In(one) ?? []) }
}

function inPem(blocks: readonly Block[], name: string, password: string | undefined): Contents {
  const keys = blocks.filter(({ label }) => label.endsWith('PRIVATE KEY')).map((block) => privateKey(block, name, password))
  if (keys.length > 0 && keys.every(({ asymmetricKeyType }) => asymmetricKeyType !== 'rsa')) throw notRsa(name)
  const certificates = blocks.filter(({ label }) => label.endsWith('CERTIFICATE'))
  return { keys, certificates: certificates.flatMap(({ bytes }) => x509In(bytes) ?? []) }
}

function privateKey({ text }: Block, name: string, password: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key: text, ...(password !== undefined && { passphrase: password }) })
  } catch (error) {
    const unsupported = error instanceof Error && 'code' in error && /UNSUPPORTED/.test(String(error.code))
    if (!unsupported && text.includes('ENCRYPTED')) throw wrongPassword(name, password)
    throw unreadable(name)
  }
}

/** The key that has a certificate here, and that certificate's chain. */
function pair(keys: readonly KeyObject[], certificates: readonly X509Certificate[], name: string) {
  for (const key of keys) {
    const [leaf, ...issuers] = chainOf(key, certificates)
    if (leaf) return [key, [leaf, ...issuers]] as const
  }
  throw new HmaError('HMA121', `The private key in ${name} does not belong to the certificate in it`, {
    hint: `The certificate is of ${certificates.map(nameOf).join('; ')}. Export it together with its own private key.`,
  })
}

/** Why a certificate cannot be used at that instant, although its file is fine. */
export function outOfDate(certificate: string, name: string, now: Date): HmaError | undefined {
  const hint = `Put a certificate that is valid now into ${name}, with its private key, and run hma again.`
  const { notBefore, notAfter } = validityOf(certificate)
  if (notAfter <= now)
    return new HmaError('HMA123', `The certificate in ${name} expired on ${notAfter.toISOString().slice(0, 10)}`, { hint })
  if (notBefore > now)
    return new HmaError('HMA123', `The certificate in ${name} is not valid before ${notBefore.toISOString()}`, { hint })
  return undefined
}
