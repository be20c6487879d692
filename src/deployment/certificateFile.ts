import { outOfDate, readImportFile } from '../certificates/importFile.ts'
import { readSignedFile } from '../certificates/signedFile.ts'
import { displayed } from '../config/read/files.ts'
import type { Certificate } from '../config/schema.ts'
import { HmaError } from '../core/errors.ts'
import type { Secret } from '../core/secret.ts'

/** What the file of a certificate holds that is signed by the operator's CA, or imported. */
export interface CertificateFile {
  /** As messages call it. */
  readonly name: string
  /** Base64 of the DER, leaf first; empty while a CA's file is not there. */
  readonly chain: readonly string[]
  /** For import: key and chain, as base64 of a PKCS#12 without a password. */
  readonly pfx?: Secret
  /** Why the file is of no use. Nothing can be planned then; what needs no file still works. */
  readonly problem?: HmaError
}

/** Read the file that the configuration names; undefined where it names none. */
export async function readCertificateFile(
  certificate: Certificate,
  { directory }: { readonly directory: string },
): Promise<CertificateFile | undefined> {
  if (certificate.source === 'generate') return undefined
  const path = certificate.source === 'csr' ? certificate.signedFile : certificate.file
  const name = displayed(path, directory).replaceAll('\\', '/')
  try {
    if (certificate.source === 'csr') return { name, chain: await readSignedFile(path, name) }
    return { name, ...(await readImportFile(path, name, certificate.password)) }
  } catch (problem) {
    if (problem instanceof HmaError) return { name, chain: [], problem }
    throw problem
  }
}

/** The same of a file that is brought in, at an instant of the services' time. A CA's answer that came late is for the plan to judge. */
export function obstacleOf(file: CertificateFile | undefined, now: Date | undefined): HmaError | undefined {
  const [leaf] = file?.chain ?? []
  if (file?.problem || file?.pfx === undefined || leaf === undefined || now === undefined) return file?.problem
  return outOfDate(leaf, file.name, now)
}
