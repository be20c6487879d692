import 'reflect-metadata'
import { Name } from '@peculiar/x509'

/** Abbreviations that Windows reads, in either case. */
const types = {
  CN: '2.5.4.3',
  SERIALNUMBER: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  S: '2.5.4.8',
  STREET: '2.5.4.9',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  T: '2.5.4.12',
  DC: '0.9.2342.19200300.100.1.25',
  E: '1.2.840.113549.1.9.1',
}
const more = { ...types, ...Object.fromEntries(Object.entries(types).map(([type, id]) => [type.toLowerCase(), id])) }

/** A name as text, such as `CN=mail, O=Contoso`, most specific part first; the certificate stores the parts in reverse. */
export function encodeName(text: string): Name | undefined {
  try {
    const parts = new Name(text, more).toJSON()
    return parts.length === 0 ? undefined : new Name(parts.reverse(), more)
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
