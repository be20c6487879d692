import type { Challenge, Diagnostics } from './port.ts'

const usual = new Map(['Bearer', 'Basic', 'Negotiate', 'NTLM'].map((scheme) => [scheme.toLowerCase(), scheme]))

/** A name with a value (quoted, or up to the next comma), or a single word: a scheme, or what follows one. */
const piece = /[\s,]*([^\s,="]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^,=][^,]*)?))?/y

/**
 * The schemes of a `WWW-Authenticate` header, however many of them share one line
 * (https://www.rfc-editor.org/rfc/rfc9110#name-www-authenticate). What comes before the first scheme is dropped.
 */
export function challengesIn(header: string | undefined): readonly Challenge[] {
  const found: { scheme: string; parameters: Record<string, string> }[] = []
  const text = header ?? ''
  for (const [whole, name = '', quoted, bare] of matches(text)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? bare?.trim()
    if (value !== undefined) Object.assign(found.at(-1)?.parameters ?? {}, { [name.toLowerCase()]: value })
    else if (begins(whole, found.length)) found.push({ scheme: usual.get(name.toLowerCase()) ?? name, parameters: {} })
  }
  return found
}

/** A word after a comma is a scheme. Without a comma, or with padding, it is the token of the scheme before it. */
const begins = (whole: string, schemes: number): boolean => (schemes === 0 || /^\s*,/.test(whole)) && !whole.includes('=')

function* matches(text: string): Generator<RegExpExecArray> {
  const pattern = new RegExp(piece)
  while (pattern.lastIndex < text.length) {
    const { lastIndex } = pattern
    const match = pattern.exec(text)
    if (match !== null) yield match
    // A stray character is skipped.
    else pattern.lastIndex = lastIndex + 1
  }
}

/** `2000003;reason="…";error_category="invalid_resource"`. Anything else counts as a reason. */
export function diagnosticsIn(header: string | undefined): Diagnostics | undefined {
  const text = header?.trim() ?? ''
  if (text === '') return undefined
  const [, code, rest = text] = /^(\d+)\s*;?\s*(.*)$/s.exec(text) ?? []
  const [, reason = rest, category] =
    /^(?:reason\s*=\s*)?"?(.*?)"?\s*(?:;\s*error_category\s*=\s*"?([^";,\s]+)"?.*)?$/is.exec(rest) ?? []
  return { code: code ?? '', reason, category }
}
