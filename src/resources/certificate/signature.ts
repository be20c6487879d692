import { publicKeyOfCertificate, subjectOf, thumbprint, validityOf } from '../../certificates/x509.ts'
import type { Difference } from '../../core/kind.ts'
import { hasBegun } from '../../core/time.ts'
import type { CertificateKey } from './renewal.ts'

/** The file with the CA's answer to a request. */
export type SignedFile = {
  /** Its name in messages. */
  readonly file: string
  /** The command that prints the request. */
  readonly command: string
  /** Base64 of the DER, leaf first; empty while there is no file. */
  readonly chain: readonly string[]
}

/** A key that may still be waiting for the CA: unknown while there is no request. */
type Waiting = { readonly key?: CertificateKey; readonly signed?: SignedFile }

/** The key with the CA's certificate for it, if the file has one that is valid. */
export function signedKey<Key extends CertificateKey | undefined>(key: Key, signed: SignedFile | undefined, now: Date): Key {
  const leaf = signed?.chain[0]
  if (key?.csr === undefined || leaf === undefined || publicKeyOfCertificate(leaf) !== key.publicKey) return key
  return invalid(leaf, now) === undefined ? { ...key, certificate: leaf } : key
}

/**
 * What a person has to do before the key has its certificate; empty if hma signs, or the file matches.
 * `former` are the thumbprints of earlier certificates: a file with one of them just has not been replaced yet.
 */
export function unsigned({ key, signed }: Waiting, former: readonly string[], now: Date): Difference[] {
  if (!signed || (key && (key.csr === undefined || signedKey(key, signed, now).certificate !== undefined))) return []
  const { file, command, chain } = signed
  const steps = `run \`${command}\`, have your CA sign what it prints, save the certificate as ${file}, and run \`hma apply\`.`
  const order = steps.replace('run', 'Run')
  const wait = (why: string, manual: string): Difference[] => [{ field: 'signature', reason: 'waiting', why, manual }]
  if (!key) return wait('your CA must sign the request', `Run \`hma apply\` to create the request. Then ${steps}`)
  const [leaf] = chain
  if (leaf === undefined) return wait('your CA must sign the request', order)
  if (former.includes(thumbprint(leaf)))
    return wait('your CA must sign the new request', `${file} still holds the former certificate. ${order}`)
  if (publicKeyOfCertificate(leaf) !== key.publicKey)
    return wait(
      `${file} contains a certificate for another key`,
      `${file} holds a certificate of ${subjectOf(leaf)} with the thumbprint ${thumbprint(leaf)}, which does not belong to the pending request in the vault. ${order}`,
    )
  const problem = invalid(leaf, now) ?? ''
  return wait(`the certificate in ${file} ${problem}`, `The certificate in ${file} ${problem}. ${order}`)
}

/** Why a certificate cannot be used now. */
function invalid(certificate: string, now: Date): string | undefined {
  const { notBefore, notAfter } = validityOf(certificate)
  if (notAfter.getTime() <= now.getTime()) return `expired on ${day(notAfter)}`
  return hasBegun(notBefore.toISOString(), now) ? undefined : `is not valid before ${day(notBefore)}`
}

const day = (instant: Date): string => instant.toISOString().slice(0, 10)
