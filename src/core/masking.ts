/** What is shown in place of a secret. */
export const masked = '«secret»'

/** A value of fewer characters may be an ordinary word, and so is never covered. */
const least = 8

/** Begins every address, and so tells nothing of a secret. */
const scheme = 'https://'

/** The secrets of this process in every form in which one may come back, by their first characters. */
const forms = new Map<string, Set<string>>()

/** From now on nothing that hma says shows this value. A service that refuses may repeat what it was sent. */
export function conceal(value: string): void {
  for (const form of formsOf(value)) {
    const head = form.slice(0, least)
    forms.set(head, (forms.get(head) ?? new Set()).add(form))
  }
}

/** A person asked to see this value. */
export function expose(value: string): void {
  for (const form of formsOf(value)) forms.get(form.slice(0, least))?.delete(form)
}

/** Text of a service, or of what nobody foresaw: without secrets, without the beginnings of any, and without tokens. */
export const covered = (text: string): string => withoutForms(text, partly).replace(/eyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, '…')

/** The same text without any whole secret: the last thing that is done to whatever leaves. */
export const withoutSecrets = (text: string): string => withoutForms(text, wholly)

/** How many characters of the text, from `at` on, are a secret; none where it is not one. */
type Match = (text: string, at: number, form: string) => number

const wholly: Match = (text, at, form) => (text.startsWith(form, at) ? form.length : 0)

const partly: Match = (text, at, form) => {
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

/** Plain, in a URL, in a form, in JSON, in base64 wherever in a longer text it stood: those that are long enough to be told from a word. */
function formsOf(value: string): Set<string> {
  const url = encodeURIComponent(value.toWellFormed())
  const form = new URLSearchParams({ v: value }).toString().slice(2)
  const json = JSON.stringify(value).slice(1, -1)
  const encoded = [url, form].flatMap((one) => [one, one.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())])
  const all = [value, ...encoded, json, ...base64(value), ...base64(JSON.stringify({ v: value }).slice(6, -2))]
  return new Set(all.filter((one) => one.length >= least && one !== scheme))
}

/** In base64 three characters become four: which four depends on what stood before, and the outermost ones on what stood beside. */
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
