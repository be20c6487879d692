import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { IncomingMessage, ServerResponse } from 'node:http'
import type { Exchange } from './exchange.ts'
import { isFields } from './json.ts'

/** Set on what hma's transport sends. */
const marker = 'x-sent-by-hma'

type Heard = Omit<Exchange, 'in'>

/**
 * Listens to every HTTP server of this process, without a change to any of them, on the channels that Node
 * (https://nodejs.org/api/diagnostics_channel.html#http) and undici
 * (https://undici.nodejs.org/#/docs/api/DiagnosticsChannel.md) publish for that. What is given back ends it.
 */
export function tap(record: (exchange: Heard) => void): () => void {
  const listeners = {
    'undici:request:create': (message: unknown) => mark(isFields(message) ? message.request : undefined),
    'http.server.request.start': (message: unknown) => {
      const { request, response } = isFields(message) ? message : {}
      if (request instanceof IncomingMessage && response instanceof ServerResponse) follow(request, response, record)
    },
  }
  for (const [channel, listener] of Object.entries(listeners)) subscribe(channel, listener)
  return () => {
    for (const [channel, listener] of Object.entries(listeners)) unsubscribe(channel, listener)
  }
}

const isAddable = (value: unknown): value is { addHeader(name: string, value: string): void } =>
  typeof value === 'object' && value !== null && 'addHeader' in value && typeof value.addHeader === 'function'

function mark(request: unknown): void {
  if (!isAddable(request)) throw new Error('undici no longer lets a request be marked')
  if (isSentByHma()) request.addHeader(marker, 'yes')
}

/** Tests, and clients of Microsoft's that they try, may use undici too. What asks it is still on the stack when it says so. */
function isSentByHma(): boolean {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 50
  const { stack = '' } = new Error('who asks?')
  Error.stackTraceLimit = stackTraceLimit
  return /[\\/]src[\\/]azure[\\/]http[\\/]transport\.ts/.test(stack)
}

const marked = new WeakSet<IncomingMessage>()

/** Neither the sandbox nor a server of a test is to see the mark. */
function unmark(request: IncomingMessage): void {
  if (request.headers[marker] === undefined) return
  marked.add(request)
  delete request.headers[marker]
  const { rawHeaders } = request
  request.rawHeaders = rawHeaders.filter((_, at) => rawHeaders[at - (at % 2)]?.toLowerCase() !== marker)
}

/** Keeps what is read and written as it passes. */
function follow(request: IncomingMessage, response: ServerResponse, record: (exchange: Heard) => void): void {
  unmark(request)
  const headers = flat(Object.entries(request.headers))
  const received = pieces()
  const push = request.push.bind(request)
  request.push = (chunk: unknown, encoding?: BufferEncoding) => {
    received.add(chunk)
    return push(chunk, encoding)
  }
  const sent = keepWritten(response)
  response.once('finish', () =>
    record({
      by: marked.has(request) ? 'hma' : 'test',
      // The sandbox may know the host from TLS, where a client names its proxy.
      ...{ host: request.headers.host ?? '', method: request.method ?? '', url: request.url ?? '' },
      request: { headers: withoutToken(headers), body: received.text() },
      ...{ status: response.statusCode, answer: { headers: sent.headers(), body: sent.text() } },
    }),
  )
}

/** Tokens are not part of any description, and would be a third of the recording. */
const withoutToken = ({ authorization, ...others }: Record<string, string>): Record<string, string> =>
  authorization === undefined ? others : { ...others, authorization: authorization.split(' ')[0] ?? '' }

function keepWritten(response: ServerResponse) {
  const sent = pieces()
  let written: Record<string, string> = {}
  const { write, end, writeHead } = response
  const seen = (original: (...given: never[]) => unknown, see: (given: readonly unknown[]) => void) =>
    function (this: ServerResponse, ...given: unknown[]): unknown {
      see(given)
      return Reflect.apply(original, this, given)
    }
  Object.assign(response, {
    write: seen(write, ([chunk]) => sent.add(chunk)),
    end: seen(end, ([chunk]) => sent.add(chunk)),
    // What is handed over here does not show in getHeaders().
    writeHead: seen(writeHead, (given) => {
      written = headersIn(given.find((each) => typeof each === 'object'))
    }),
  })
  return { text: sent.text, headers: () => ({ ...flat(Object.entries(response.getHeaders())), ...written }) }
}

/** An object, or a list in which names and values take turns. */
function headersIn(value: unknown): Record<string, string> {
  if (!Array.isArray(value)) return isFields(value) ? flat(Object.entries(value)) : {}
  return flat(value.flatMap((name, at) => (at % 2 === 0 ? [[String(name), value[at + 1]] as const] : [])))
}

const flat = (headers: readonly (readonly [string, unknown])[]): Record<string, string> =>
  Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), [value].flat().join(', ')]))

function pieces() {
  const all: Buffer[] = []
  return {
    add(chunk: unknown): void {
      if (typeof chunk === 'string') all.push(Buffer.from(chunk))
      else if (chunk instanceof Uint8Array) all.push(Buffer.from(chunk))
    },
    text: (): string => Buffer.concat(all).toString('utf8'),
  }
}
