import { isJson } from '../http/shape.ts'

/** An element of an XML document. Names are without their prefixes. */
export interface Element {
  readonly text: string
  attribute(name: string): string | undefined
  /** Its children of that name. */
  all(name: string): readonly Element[]
}

/** The document as an element that holds its root; undefined if it is not XML, too long, or has a DTD. */
export type ReadXml = (text: string) => Element | undefined

const longest = 1_000_000

/**
 * SOAP allows no DTD (https://www.w3.org/TR/2000/NOTE-SOAP-20000508/#_Toc478383490), so none is read: entities can
 * keep an XML parser busy forever.
 */
export async function xmlReader(): Promise<ReadXml> {
  const { XMLParser } = await import('fast-xml-parser')
  const parser = new XMLParser({
    ...{ ignoreAttributes: false, attributeNamePrefix: '@', removeNSPrefix: true },
    ...{ parseTagValue: false, parseAttributeValue: false, ignoreDeclaration: true, ignorePiTags: true },
    // Without it, character references (&#233;) are not decoded.
    htmlEntities: true,
  })
  return (text) => {
    if (text.length > longest || text.includes('<!D')) return undefined
    try {
      return elementOf(parser.parse(text, true))
    } catch {
      return undefined
    }
  }
}

function elementOf(value: unknown): Element {
  const fields = isJson(value) ? value : {}
  const text = typeof value === 'string' ? value : fields['#text']
  return {
    text: typeof text === 'string' ? text : '',
    attribute(name) {
      const found = fields[`@${name}`]
      return typeof found === 'string' ? found : undefined
    },
    all(name) {
      const found = fields[name] ?? []
      const list: readonly unknown[] = Array.isArray(found) ? found : [found]
      return list.map(elementOf)
    },
  }
}

/** The first child of that name, and so on down. */
export const find = (element: Element | undefined, ...path: readonly string[]): Element | undefined =>
  path.reduce((at, name) => at?.all(name)[0], element)

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

export const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
