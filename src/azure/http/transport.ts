import { setTimeout } from 'node:timers/promises'
import { request as send } from 'undici'
import type { Presented } from '../exchange/port.ts'
import { type Connections, connections } from './connections.ts'
import type { HttpAnswer, HttpRequest } from './message.ts'
import type { ProxySettings } from './proxy.ts'
import { retried } from './retry.ts'
import type { Route } from './route.ts'
import { throttle } from './throttle.ts'
import { traceLine } from './trace.ts'
import { codeOf, Unreachable } from './unreachable.ts'

export interface TransportOptions {
  /** Certificates that are trusted besides the usual roots, as PEM. */
  readonly caPems?: readonly string[]
  readonly proxy?: ProxySettings
  /** Leads every host elsewhere, and shuts out those it does not know. Then no proxy is used. */
  readonly route?: Route | undefined
  /** Requests under way at once to one host; 16, where left out. Four times as many in all. */
  readonly concurrency?: number
  readonly trace?: ((line: string) => void) | undefined
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  /** Milliseconds until an answer must have begun, and between two pieces of it. */
  readonly timeoutMs?: number
  readonly random?: () => number
  /** Ends everything that is under way, and every wait. */
  readonly signal?: AbortSignal
}

/** The one place that talks HTTP. Statuses are answers; a connection that fails for good throws `Unreachable`. */
export interface Transport {
  send(request: HttpRequest): Promise<HttpAnswer>
  /** Pause, by the clock that the program runs on. */
  wait(milliseconds: number): Promise<void>
  /** What the host of this address showed in the last handshake for a request that said `handshake`. Undefined before, and through a proxy. */
  presented(url: string): Presented | undefined
  close(): Promise<void>
}

const pause = async (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal })

export function createTransport(options: TransportOptions = {}): Transport {
  const { caPems = [], proxy = {}, route, timeoutMs = 100_000, wait = pause, random = Math.random, concurrency = 16 } = options
  const network = connections({ caPems, proxy, route, timeoutMs, perHost: concurrency })
  const limited = throttle(concurrency)
  const attempt = async (request: HttpRequest, url: URL): Promise<HttpAnswer> => {
    const began = performance.now()
    const trace = (outcome: HttpAnswer | string): void => options.trace?.(traceLine(request, outcome, performance.now() - began))
    try {
      const answer = await exchange(request, url, network)
      trace(answer)
      return answer
    } catch (error) {
      request.signal?.throwIfAborted()
      const code = codeOf(error)
      trace(code)
      throw new Unreachable(code, url.host, error)
    }
  }
  return {
    async send(asked) {
      const request = { ...asked, signal: either(asked.signal, options.signal) }
      request.signal?.throwIfAborted()
      const url = new URL(request.url)
      if (request.handshake) network.watch(url)
      return retried(request, { wait, random }, () => limited(url.host, () => attempt(request, url)))
    },
    wait: (milliseconds) => wait(milliseconds, options.signal),
    presented: (url) => network.presented(new URL(url)),
    close: () => network.close(),
  }
}

async function exchange(request: HttpRequest, url: URL, network: Connections): Promise<HttpAnswer> {
  request.signal?.throwIfAborted()
  const { statusCode, headers, body } = await send(url, {
    dispatcher: network.to(url),
    method: request.method,
    headers: sendable(request.headers),
    body: request.body ?? null,
    signal: request.signal ?? null,
  })
  const text = await body.text()
  const flat = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value] as const],
  )
  return { status: statusCode, headers: Object.fromEntries(flat), body: text }
}

/** Connection, length and encoding are the connection's own affair. */
const ours = new Set(['connection', 'keep-alive', 'content-length', 'transfer-encoding', 'accept-encoding', 'host'])

const sendable = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ours.has(name.toLowerCase())))

const either = (first: AbortSignal | undefined, second: AbortSignal | undefined): AbortSignal | undefined =>
  first !== undefined && second !== undefined ? AbortSignal.any([first, second]) : (first ?? second)
