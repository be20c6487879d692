const type = String.raw`(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)`
const escaped = String.raw`\\(?:[0-9A-Fa-f]{2}|[\\ "#+,;<=>])`
const plain = String.raw`(?:${escaped}|[^\\",+;<>\u0000-\u001f])`
const quoted = String.raw`"(?:[^"\\\u0000-\u001f]|\\.)*"`
const pair = String.raw`\s*${type}\s*=\s*(?:${quoted}\s*|(?!\s|[,+]|$)${plain}+)`

const name = new RegExp(`^${pair}(?:[,+]${pair})*$`)

/** Is it a distinguished name, like `CN=hma.contoso.com,O=Contoso` (https://www.rfc-editor.org/rfc/rfc4514)? */
export const isDistinguishedName = (text: string): boolean => name.test(text)
