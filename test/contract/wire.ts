import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { IncomingMessage, ServerResponse } from 'node:http'
import type { Exchange } from './exchange.ts'
import { isFields } from './json.ts'

type Heard = Omit<Exchange, 'in'>

/**
 * Listens to every HTTP server of this process, without a change to any of them, on the channel that Node.js publishes for that
 * (https://nodejs.org/api/diagnostics_channel.html#http). What is given back ends it.
 */
export function tap(record: (exchange: Heard) => void): () => void {
  const hear = (message: unknown): void => {
    const { request, response } = isFields(message) ? message : {}
    if (request instanceof IncomingMessage && response instanceof ServerResponse) follow(request, response, record)
  }
  subscribe(channel, hear)
  return () => void unsubscribe(channel, hear)
}

const channel = 'http.server.request.start'

/** hma's transport says who it is, with or without a version; so do the SDKs that send through it. */
const isFromHma = ({ headers }: IncomingMessage): boolean => /^hma\b/.test(headers['user-agent'] ?? '')

/** Keeps what is read and written as it passes. */
function follow(request: IncomingMessage, response: ServerResponse, record: (exchange: Heard) => void): void {
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
      by: isFromHma(request) ? 'hma' : 'test',
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
