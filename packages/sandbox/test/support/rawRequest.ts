import { type RequestOptions, request } from 'node:https'
import type { Sandbox } from '../../src/sandbox.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** A plain HTTPS request to a host of the sandbox, whatever its name: nothing of hma is in it. */
export function raw(
  sandbox: Pick<Sandbox, 'port' | 'caPem'>,
  method: string,
  url: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { hostname, pathname, search, host } = new URL(url)
  const options: RequestOptions = {
    ...{
      host: '127.0.0.1',
      port: sandbox.port,
      servername: hostname,
      ca: sandbox.caPem,
      method,
      path: pathname + search,
      agent: false,
    },
    headers: { host, ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) },
  }
  return new Promise((resolve, reject) => {
    const sent = request(options, (answer) => {
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(pieces).toString() }),
      )
      answer.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

export const form = (fields: Record<string, string>) => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
})
