import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { limits } from '../../core/limits.ts'
import { AttemptEnded } from './attempt.ts'
import type { Connections } from './connections.ts'
import type { Carry, HttpAnswer } from './message.ts'

/** One request and its answer. undici's own `request` would make a stream of every body, which takes more CPU time than reading it. */
export const exchangedOver =
  (network: Pick<Connections, 'to'>): Carry =>
  (request, signal) =>
    new Promise((resolve, reject) => {
      const url = new URL(request.url)
      const asked = {
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: request.method,
        headers: sendable(request.headers),
        body: request.body ?? null,
      }
      network.to(url).dispatch(asked, new Reader(signal, resolve, reject))
    })

/** Of a body, without a byte order mark. */
const text = new TextDecoder()

/** Reads one answer as it arrives. */
class Reader implements Dispatcher.DispatchHandler {
  readonly #signal: AbortSignal
  readonly #done: (answer: HttpAnswer) => void
  readonly #failed: (error: Error) => void
  readonly #pieces: Buffer[] = []
  #length = 0
  #answer: Omit<HttpAnswer, 'body'> = { status: 0, headers: {} }
  #controller: Dispatcher.DispatchController | undefined

  constructor(signal: AbortSignal, done: (answer: HttpAnswer) => void, failed: (error: Error) => void) {
    this.#signal = signal
    this.#done = done
    this.#failed = failed
    // It is the signal of this attempt alone, so the listener need not be removed.
    signal.addEventListener('abort', () => this.#controller?.abort(signal.reason), { once: true })
  }

  /** Called again if undici moves the request to another connection. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#signal.aborted) controller.abort(this.#signal.reason)
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Sent): void {
    this.#answer = { status, headers: flat(headers) }
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.#pieces.push(piece)
    this.#length += piece.length
    if (this.#length > limits.answerBytes) controller.abort(tooLong())
  }

  onResponseEnd(): void {
    try {
      const body = plain(Buffer.concat(this.#pieces), this.#answer.headers['content-encoding'])
      this.#done({ ...this.#answer, body: text.decode(body) })
    } catch (error) {
      this.#failed(error instanceof RangeError || !(error instanceof Error) ? tooLong() : error)
    }
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#failed(error)
  }
}

const decoders = new Map([
  ['gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
])

/** hma does not ask for compressed answers, but a proxy in between may compress them all the same. */
const plain = (body: Buffer, encoding = ''): Buffer =>
  decoders.get(encoding.trim().toLowerCase())?.(body, { maxOutputLength: limits.answerBytes }) ?? body

type Sent = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2]

const tooLong = (): AttemptEnded =>
  new AttemptEnded('ANSWER_TOO_LONG', `the answer is longer than ${Math.floor(limits.answerBytes / 1024 / 1024)} MB`)

/** Header names in lower case, as undici gives them. */
const flat = (headers: Sent): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
    ),
  )

/** Connection, length and encoding are up to the connection. */
const ours = new Set(['connection', 'keep-alive', 'content-length', 'transfer-encoding', 'accept-encoding', 'host'])

const sendable = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ours.has(name.toLowerCase())))
