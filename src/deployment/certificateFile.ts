import { createPrivateKey } from 'node:crypto'
import { outOfDate, readImportFile } from '../certificates/importFile.ts'
import { sealPkcs12 } from '../certificates/sealPkcs12.ts'
import { readSignedFile } from '../certificates/signedFile.ts'
import { displayed } from '../config/read/files.ts'
import type { Certificate } from '../config/schema.ts'
import { HmaError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'

/** The content of a certificate file: signed by the user's CA, or imported. */
export interface CertificateFile {
  /** Its name in messages. */
  readonly name: string
  /** Base64 of the DER, leaf first; empty while there is no file from the CA. */
  readonly chain: readonly string[]
  /** For import: key and chain, as base64 of a PKCS#12 without a password. */
  readonly pfx?: Secret
  /** Why the file cannot be used. Nothing can be planned then; whatever needs no file still works. */
  readonly problem?: HmaError
}

/** Reads the file that the configuration names; undefined if it names none. */
export async function readCertificateFile(
  certificate: Certificate,
  { directory }: { readonly directory: string },
): Promise<CertificateFile | undefined> {
  if (certificate.source === 'generate') return undefined
  const path = pathOf(certificate)
  const name = nameOf(certificate, directory)
  try {
    if (certificate.source === 'csr') return { name, chain: await readSignedFile(path, name) }
    return { name, ...(await readImportFile(path, name, certificate.password)) }
  } catch (problem) {
    if (problem instanceof HmaError) return { name, chain: [], problem }
    throw problem
  }
}

type Brought = Exclude<Certificate, { readonly source: 'generate' }>

const pathOf = (certificate: Brought): string => (certificate.source === 'csr' ? certificate.signedFile : certificate.file)

const nameOf = (certificate: Brought, directory: string): string =>
  displayed(pathOf(certificate), directory).replaceAll('\\', '/')

/** The same file with another certificate in it. `privateKey` is PEM. */
export async function replacedFile(
  certificate: Certificate,
  { directory }: { readonly directory: string },
  { chain, privateKey }: { readonly chain: readonly string[]; readonly privateKey?: string | undefined },
): Promise<CertificateFile | undefined> {
  if (certificate.source === 'generate') return undefined
  const named = { name: nameOf(certificate, directory), chain }
  if (certificate.source === 'csr' || privateKey === undefined) return named
  const pfx = await sealPkcs12(
    createPrivateKey(privateKey),
    chain.map((der) => Buffer.from(der, 'base64')),
  )
  return { ...named, pfx: new Secret(pfx) }
}

/** The same for an imported file at an instant of the services' time. The plan judges a CA's late answer. */
export function obstacleOf(file: CertificateFile | undefined, now: Date | undefined): HmaError | undefined {
  const [leaf] = file?.chain ?? []
  if (file?.problem || file?.pfx === undefined || leaf === undefined || now === undefined) return file?.problem
  return outOfDate(leaf, file.name, now)
}
