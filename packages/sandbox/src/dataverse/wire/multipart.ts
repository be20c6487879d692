/** One part of a multipart body. */
export interface Part {
  readonly headers: Headers
  readonly content: string
}

/** The boundary named by a content type of `multipart/mixed`. */
export const boundaryOf = (contentType: string | null): string | undefined =>
  /^multipart\/mixed\s*;.*boundary="?([^";]+)"?/i.exec(contentType ?? '')?.[1]

/** The parts of a body; bare line feeds are accepted as line ends. */
export function parts(body: string, boundary: string): readonly Part[] {
  const pieces = body.replaceAll('\r\n', '\n').split(`--${boundary}`).slice(1)
  const end = pieces.findIndex((piece) => piece.startsWith('--'))
  return pieces.slice(0, end === -1 ? undefined : end).map((piece) => partOf(piece.replace(/^[ \t]*\n/, '')))
}

/** Header lines, an empty line, the rest: the form of a part, and of the request within it. */
export function partOf(text: string): Part {
  const at = text.indexOf('\n\n')
  const head = at === -1 ? text : text.slice(0, at)
  return { headers: headersOf(head), content: at === -1 ? '' : text.slice(at + 2) }
}

function headersOf(text: string): Headers {
  const headers = new Headers()
  for (const line of text.split('\n')) {
    const at = line.indexOf(':')
    if (at > 0) headers.append(line.slice(0, at).trim(), line.slice(at + 1).trim())
  }
  return headers
}

const lineEnd = '\r\n'

export const multipart = (boundary: string, all: readonly string[]): string =>
  [...all.map((part) => `--${boundary}${lineEnd}${part}${lineEnd}`), `--${boundary}--${lineEnd}`].join('')

/** A response as a part of type `application/http`. */
export async function httpPart(response: Response, contentId: string | undefined): Promise<string> {
  const head = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary']
  if (contentId !== undefined) head.push(`Content-ID: ${contentId}`)
  const status = `HTTP/1.1 ${response.status} ${reasons[response.status] ?? ''}`.trim()
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`)
  return [...head, '', status, ...headers, '', await response.text()].join(lineEnd)
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  412: 'Precondition Failed',
}
