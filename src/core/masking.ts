/** What is shown in place of a secret. */
export const masked = '«secret»'

/** A shorter value may be an ordinary word, so it is not masked. */
const least = 8

/** The start of every address, so it reveals nothing about a secret. */
const scheme = 'https://'

/** This process's secrets in every form in which they may come back, by their first characters. */
const forms = new Map<string, Set<string>>()

/** From now on hma's output never shows this value. A service that refuses may echo what it was sent. */
export function maskSecret(value: string): void {
  for (const form of formsOf(value)) {
    const head = form.slice(0, least)
    forms.set(head, (forms.get(head) ?? new Set()).add(form))
  }
}

/** Stops masking a value that a person asked to see. */
export function unmaskSecret(value: string): void {
  for (const form of formsOf(value)) forms.get(form.slice(0, least))?.delete(form)
}

/** Text from a service or an unexpected error, without secrets, beginnings of secrets, or tokens. */
export const redacted = (text: string): string => withoutForms(text, partOfSecret).replace(/eyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, '…')

/** The text without any complete secret: the last step before anything is printed. */
export const withoutSecrets = (text: string): string => withoutForms(text, wholeSecret)

/** How many characters from `at` on are a secret; 0 if none. */
type Match = (text: string, at: number, form: string) => number

const wholeSecret: Match = (text, at, form) => (text.startsWith(form, at) ? form.length : 0)

const partOfSecret: Match = (text, at, form) => {
  let length = least
  while (length < form.length && text[at + length] === form[length]) length++
  return length === least && form.startsWith(scheme) ? 0 : length
}

function withoutForms(text: string, match: Match): string {
  if (forms.size === 0) return text
  let [kept, from] = ['', 0]
  for (let at = 0; at + least <= text.length; at++) {
    const found = forms.get(text.slice(at, at + least))
    const length = found === undefined ? 0 : Math.max(0, ...[...found].map((form) => match(text, at, form)))
    if (length === 0) continue
    kept += `${text.slice(from, at)}${masked}`
    from = at + length
    at = from - 1
  }
  return kept + text.slice(from)
}

/** Plain, URL, form, JSON, and base64 at any position in a longer text: those too long to be a word. */
function formsOf(value: string): Set<string> {
  const url = encodeURIComponent(value.toWellFormed())
  const form = new URLSearchParams({ v: value }).toString().slice(2)
  const json = JSON.stringify(value).slice(1, -1)
  const encoded = [url, form].flatMap((one) => [one, one.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())])
  const all = [value, ...encoded, json, ...base64(value), ...base64(JSON.stringify({ v: value }).slice(6, -2))]
  return new Set(all.filter((one) => one.length >= least && one !== scheme))
}

/** Base64 turns three bytes into four characters; which four depends on the offset, and at the edges on the neighbouring bytes. */
function base64(value: string): readonly string[] {
  const bytes = Buffer.from(value)
  if (bytes.length < least) return []
  const parts = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    return text.slice(Math.ceil((before * 8) / 6), whole)
  })
  return parts.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')])
}
