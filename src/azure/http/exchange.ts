import { type IncomingHttpHeaders, type IncomingMessage, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { limits } from '../../core/limits.ts'
import { AttemptEnded } from './attempt.ts'
import type { Connections } from './connect/connections.ts'
import type { Carry, HttpAnswer } from './message.ts'

/** One request and its answer, by Node's own client: https://nodejs.org/api/https.html#httpsrequesturl-options-callback */
export const exchangedOver =
  (network: Pick<Connections, 'to'>): Carry =>
  ({ url: address, method, headers, body, ownConnection }, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const url = new URL(address)
      const request = url.protocol === 'https:' ? secureRequest : plainRequest
      const outgoing = request(url, {
        agent: network.to(url, ownConnection),
        method,
        headers: { ...sendable(headers), ...lengthOf(body) },
      })
      const end = (error: Error): void => {
        reject(error)
        outgoing.destroy()
      }
      outgoing.on('error', reject)
      outgoing.on('response', (incoming) => read(incoming, resolve, end))
      // It is the signal of this attempt alone, so the listener need not be removed.
      signal.addEventListener('abort', () => end(signal.reason), { once: true })
      outgoing.end(body)
    })

/** Node.js leaves it out for some methods, and some gateways refuse a request without it. */
const lengthOf = (body: string | undefined) => (body === undefined ? {} : { 'content-length': Buffer.byteLength(body) })

/** Decodes a body without its byte order mark. */
const text = new TextDecoder()

function read(incoming: IncomingMessage, done: (answer: HttpAnswer) => void, failed: (error: Error) => void): void {
  const pieces: Buffer[] = []
  let length = 0
  incoming.on('data', (piece: Buffer) => {
    pieces.push(piece)
    length += piece.length
    if (length > limits.answerBytes) failed(tooLong())
  })
  incoming.on('error', failed)
  incoming.on('end', () => {
    const { statusCode: status = 0, headers } = incoming
    try {
      const body = plain(Buffer.concat(pieces), headers['content-encoding'])
      done({ status, headers: flat(headers), body: text.decode(body) })
    } catch (error) {
      failed(error instanceof RangeError || !(error instanceof Error) ? tooLong() : error)
    }
  })
}

const decoders = new Map([
  ['gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
])

/** hma does not ask for compressed answers, but a proxy in between may compress them all the same. */
const plain = (body: Buffer, encoding = ''): Buffer =>
  decoders.get(encoding.trim().toLowerCase())?.(body, { maxOutputLength: limits.answerBytes }) ?? body

const tooLong = (): AttemptEnded =>
  new AttemptEnded('ANSWER_TOO_LONG', `the answer is longer than ${Math.floor(limits.answerBytes / 1024 / 1024)} MB`)

/** Header names in lower case, as Node.js gives them. */
const flat = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
    ),
  )

/** Headers that the connection sets itself. */
const ours = new Set(['connection', 'keep-alive', 'content-length', 'transfer-encoding', 'accept-encoding', 'host'])

const sendable = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ours.has(name.toLowerCase())))
