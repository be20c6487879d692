/** One block of a PEM text (RFC 7468): its label, its text including the delimiters, and the bytes in it. */
export interface Block {
  readonly label: string
  readonly text: string
  readonly bytes: Buffer
}

const pattern = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]+?)-----END \1-----/g

/** The blocks of a PEM text; undefined if the bytes are not PEM. Windows PowerShell writes UTF-16. */
export function pemBlocks(bytes: Buffer): readonly Block[] | undefined {
  const text = bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'latin1')
  const found = [...text.matchAll(pattern)]
  if (found.length === 0) return undefined
  return found.map(([text, label = '', content = '']) => ({ label, text, bytes: Buffer.from(content, 'base64') }))
}

/** Base64 of a DER as PEM. */
export const pem = (label: string, base64: string): string =>
  [`-----BEGIN ${label}-----`, ...(base64.match(/.{1,64}/g) ?? []), `-----END ${label}-----`, ''].join('\n')
