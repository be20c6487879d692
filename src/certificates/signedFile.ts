import type { X509Certificate } from 'node:crypto'
import { readBytes } from '../config/read/bytes.ts'
import { HmaError } from '../core/errors.ts'
import { base64Of, firstGap, nameOf, x509In } from './chain.ts'
import { pemBlocks } from './pem.ts'

/**
 * What the user's CA returned: base64 of the DER, leaf first, then its issuers if they are in the file. Empty
 * if there is no file yet. PEM, or the DER of one certificate.
 */
export async function readSignedFile(path: string, name: string): Promise<readonly string[]> {
  const bytes = await readBytes(path, name)
  if (!bytes) return []
  const chain = certificatesIn(bytes, name)
  const wrong = firstGap(chain)
  if (wrong) {
    const [one, next] = wrong.map(nameOf)
    throw new HmaError(
      'HMA124',
      `The certificates in ${name} are in the wrong order: ${next} follows ${one}, but is not its issuer`,
      {
        hint: 'Put the certificate that was made for hma first, then its issuer, then the issuer of that one.',
      },
    )
  }
  return chain.map(base64Of)
}

function certificatesIn(bytes: Buffer, name: string): readonly X509Certificate[] {
  const blocks = pemBlocks(bytes)
  if (!blocks) return [x509In(bytes) ?? none(name, format)]
  const labels = blocks.map(({ label }) => label)
  const certificates = blocks.filter(({ label }) => /^(X509 |TRUSTED )?CERTIFICATE$/.test(label))
  if (certificates.length === 0) none(name, labels.some((label) => label.includes('REQUEST')) ? request : format)
  return certificates.map(({ bytes }) => x509In(bytes) ?? none(name, 'One of its blocks is damaged. Save it again.'))
}

const format = 'Save it as PEM ("Base-64 encoded X.509") or DER. For a .p7b, run `openssl pkcs7 -print_certs -in FILE`.'
const request = 'It holds the request. Send that to your CA and save the certificate it returns.'

function none(name: string, hint: string): never {
  throw new HmaError('HMA124', `${name} contains no readable certificate`, { hint })
}
