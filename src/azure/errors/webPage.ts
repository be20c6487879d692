import { redacted } from '../../core/masking.ts'

/** A web page in place of an answer, in words: a proxy or a firewall says there who it is. Undefined if it is none. */
export function webPage(body: string): string | undefined {
  if (!/^\s*<(!doctype\s+html|html|head|body)\b/i.test(body)) return undefined
  const title = /<title[^>]*>([^<]{1,120})/i.exec(body)?.[1]?.replace(/\s+/g, ' ').trim()
  return title ? `a web page, "${redacted(title)}"` : 'a web page'
}
