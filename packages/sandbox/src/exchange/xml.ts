/** An element; names without their prefixes. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

const markup =
  /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w.:-]+)\s*>|<([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|[^<]+/y

/** Reads the elements of a document; undefined where it is not well-formed. Namespaces are ignored, and a DTD is refused. */
export function readXml(text: string): Element | undefined {
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open: Element[] = [root]
  markup.lastIndex = 0
  const source = text.replace(/^\uFEFF/, '').trim()
  while (markup.lastIndex < source.length) {
    const match = markup.exec(source)
    const parent = open.at(-1)
    if (match === null || parent === undefined) return undefined
    if (!place(match, parent, open)) return undefined
  }
  return open.length === 1 && root.children.length === 1 && root.text.trim() === '' ? root.children[0] : undefined
}

/** Adds one piece of markup to the tree; false if it does not fit. */
function place(match: RegExpExecArray, parent: Element, open: Element[]): boolean {
  const [whole, data, closing, opening, attributes = '', empty] = match
  if (opening !== undefined) {
    const element: Element = { name: local(opening), attributes: readAttributes(attributes), children: [], text: '' }
    parent.children.push(element)
    if (empty === '') open.push(element)
    return true
  }
  if (closing !== undefined) return open.pop()?.name === local(closing) && open.length > 0
  if (data !== undefined) parent.text += data
  else if (!whole.startsWith('<')) {
    if (/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i.test(whole)) return false
    parent.text += plain(whole)
  }
  return true
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1)

const readAttributes = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, name = '', double, single]) => [
      local(name),
      plain(double ?? single ?? ''),
    ]),
  )

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function plain(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    if (name !== undefined) return named[name] ?? whole
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

/** The first child of that name, and so on down. */
export const find = (element: Element | undefined, ...path: readonly string[]): Element | undefined =>
  path.reduce<Element | undefined>((at, name) => at?.children.find((child) => child.name === name), element)

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
