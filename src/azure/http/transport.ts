import { currentDeadline, type Timer } from '../../core/deadline.ts'
import { limits } from '../../core/limits.ts'
import type { Family, Presented } from '../exchange/port.ts'
import { bounded, forWrites } from './attempt.ts'
import { connections } from './connect/connections.ts'
import type { ProxySettings } from './connect/proxy.ts'
import type { Resolve, Route } from './connect/route.ts'
import type { UsualRoots } from './connect/trust.ts'
import { exchangedOver } from './exchange.ts'
import { type Carry, type HttpAnswer, type HttpRequest, isRead, type Tried } from './message.ts'
import { type Pause, pauses } from './pauses.ts'
import { retried, timeLeft } from './retry.ts'
import type { ServiceClock } from './serviceClock.ts'
import { throttle } from './throttle.ts'
import { machineTimer } from './timer.ts'
import { traceLine } from './trace.ts'
import { codeOf, Unreachable } from './unreachable.ts'

export interface TransportOptions {
  /** Certificates to trust in addition to the usual roots, as PEM. */
  readonly caPems?: readonly string[]
  /** These usual roots, only read where there are `caPems`. Default: Node.js's own. */
  readonly usualRoots?: UsualRoots | undefined
  readonly proxy?: ProxySettings
  /** Answers each attempt in place of the network. */
  readonly carry?: Carry
  /** Reroutes every host and refuses unknown ones. No proxy is used then. */
  readonly route?: Route | undefined
  readonly resolve?: Resolve | undefined
  /** Concurrent requests per host (default 16); four times as many in all. */
  readonly concurrency?: number
  readonly trace?: ((line: string) => void) | undefined
  /** The machine's, if left out. */
  readonly timer?: Timer
  /** Milliseconds for one attempt. */
  readonly attemptMs?: number
  readonly random?: () => number
  /** hma's, for the user agent: sign-in logs show it, and Exchange's policies can admit user agents by name. */
  readonly version?: string
  /** Learns the services' time from every answer. */
  readonly clock?: ServiceClock
  /** Ends all waits and reads; writes under way get some seconds more. */
  readonly signal?: AbortSignal
}

/** The one place that talks HTTP. Statuses are answers; a connection that keeps failing throws `Unreachable`. */
export interface Transport {
  send(request: HttpRequest): Promise<HttpAnswer>
  /** Pauses, by the program's clock. */
  wait(milliseconds: number): Promise<void>
  /** What this host presented in the last handshake of a request with `handshake`. Undefined before that, and through a proxy. */
  presented(url: string): Presented | undefined
  /** How the host is reached over each address family. None if there is only one, or a proxy connects. */
  families(url: string): Promise<readonly Family[]>
  close(): Promise<void>
}

export function createTransport(options: TransportOptions = {}): Transport {
  const {
    caPems = [],
    usualRoots,
    proxy = {},
    route,
    resolve,
    timer = machineTimer,
    random = Math.random,
    concurrency = 16,
  } = options
  const network = connections({ caPems, usualRoots, proxy, route, resolve, perHost: concurrency })
  const attempt = attempts(options, options.carry ?? exchangedOver(network))
  const limited = throttle(concurrency)
  const paused = pauses(timer)
  const agent = { 'user-agent': ['hma', options.version].filter(Boolean).join('/') }
  return {
    async send(asking) {
      const request = { ...asking, headers: { ...agent, ...asking.headers } }
      const { signal = options.signal } = request
      signal?.throwIfAborted()
      const url = new URL(request.url)
      if (request.handshake) network.watch(url)
      const key = `${url.host} ${request.tenantId ?? ''}`
      const asked = (milliseconds: number, answer: HttpAnswer): void => paused.ask(key, milliseconds, answer)
      const once = async (connection: 'any' | 'new'): Promise<HttpAnswer> => {
        const sent = { ...request, ownConnection: connection === 'new' }
        for (;;) {
          signal?.throwIfAborted()
          const pause = paused.of(key)
          if (pause !== undefined && pause.left >= timeLeft(request, 0)) return { ...pause.answer, tried: noTime(pause) }
          if (pause !== undefined) await timer.wait(pause.left, signal)
          // A service may ask for a pause while this request is queued.
          const answer = await limited(url.host, async () => (paused.of(key) ? undefined : attempt(sent, url)))
          if (answer !== undefined) return answer
        }
      }
      return retried({ ...request, signal }, { timer, random, asked }, once)
    },
    wait: (milliseconds) =>
      timer.wait(Math.min(milliseconds, Math.max(0, currentDeadline()?.left() ?? milliseconds)), options.signal),
    presented: (url) => network.presented(new URL(url)),
    families: (url) => bounded([options.signal], 2 * limits.connect, () => network.families(new URL(url))),
    close: async () => network.close(),
  }
}

const noTime = ({ left }: Pause): Tried => ({ attempts: 0, milliseconds: 0, asked: left })

/** One attempt, with its limits, its line in the trace, and an error that names the host it could not reach. */
function attempts({ trace, signal: stop, clock, attemptMs = limits.attempt }: TransportOptions, carry: Carry) {
  const late = stop && forWrites(stop)
  return async (request: HttpRequest, url: URL): Promise<HttpAnswer> => {
    const deadline = currentDeadline()
    const over = deadline?.over()
    if (over) throw new Unreachable('DEADLINE', url.host, new Error(String(over)))
    const least = isRead(request) ? 0 : limits.lastWrite
    const time = Math.min(request.retryLimits?.limit ?? attemptMs, attemptMs, Math.max(deadline?.left() ?? attemptMs, least))
    const began = performance.now()
    const arrived = clock?.asked(url.host)
    const tell = (outcome: HttpAnswer | string): void => trace?.(traceLine(request, outcome, performance.now() - began))
    try {
      const sources = [request.signal, isRead(request) ? stop : late]
      const answer = await bounded(sources, time, (signal) => carry(request, signal))
      arrived?.(answer.headers)
      tell(answer)
      return answer
    } catch (error) {
      request.signal?.throwIfAborted()
      if (isRead(request) || late?.aborted) stop?.throwIfAborted()
      const code = codeOf(error)
      tell(code)
      throw new Unreachable(code, url.host, error)
    }
  }
}
