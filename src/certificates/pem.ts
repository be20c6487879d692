/** One block of a PEM text (RFC 7468): its label, its text with the lines round it, and the bytes between them. */
export interface Block {
  readonly label: string
  readonly text: string
  readonly bytes: Buffer
}

const pattern = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]+?)-----END \1-----/g

/** The blocks of a PEM text; undefined where the bytes are no such text. Windows PowerShell writes UTF-16. */
export function pemBlocks(bytes: Buffer): readonly Block[] | undefined {
  const text = bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'latin1')
  const found = [...text.matchAll(pattern)]
  if (found.length === 0) return undefined
  return found.map(([text, label = '', content = '']) => ({ label, text, bytes: Buffer.from(content, 'base64') }))
}

/** The base64 of a DER as a PEM text. */
export const pem = (label: string, base64: string): string =>
  [`-----BEGIN ${label}-----`, ...(base64.match(/.{1,64}/g) ?? []), `-----END ${label}-----`, ''].join('\n')
