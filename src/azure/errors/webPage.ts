import { redacted } from '../../core/masking.ts'

/** The text of a web page in place of an answer, in which a proxy or firewall names itself. Undefined if it is not a web page. */
export function webPage(body: string): string | undefined {
  if (!/^\s*<(!doctype\s+html|html|head|body)\b/i.test(body)) return undefined
  const title = /<title[^>]*>([^<]{1,120})/i.exec(body)?.[1]?.replace(/\s+/g, ' ').trim()
  return title ? `a web page, "${redacted(title)}"` : 'a web page'
}
