import 'reflect-metadata'
import { type JsonName, Name } from '@peculiar/x509'

/** Abbreviations that Windows writes and others do not know. */
const more = { S: '2.5.4.8', SERIALNUMBER: '2.5.4.5', STREET: '2.5.4.9', T: '2.5.4.12', OID: '2.5.4.97' }

/** A name as text, such as `CN=mail, O=Contoso`, most special part first; the certificate holds the parts the other way round. */
export function encodeName(text: string): JsonName | undefined {
  try {
    const parts = new Name(text, more).toJSON()
    return parts.length === 0 ? undefined : parts.reverse()
  } catch {
    return undefined
  }
}

/** The text that Key Vault shows for a name in a certificate: `S` where others write `ST`. */
export function decodeName(name: Name): string {
  const parts = name.toJSON().reverse()
  return parts
    .flatMap((part) => Object.entries(part).flatMap(([type, values]) => values.map((value) => written(type, value))))
    .join(', ')
}

function written(type: string, value: string): string {
  const plain = /[,+"\\<>;=]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
  return `${type === 'ST' ? 'S' : type}=${plain}`
}
