import { isIP } from 'node:net'
import { TLSSocket } from 'node:tls'
import { Agent, type buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici'
import { limits as times } from '../../core/limits.ts'
import type { Family, Presented } from '../exchange/port.ts'
import { demandProxies, type ProxySettings, proxyFor } from './proxy.ts'
import { familiesOf, isLoopbackName, ordinaryRoute, type Resolve, type Route, unknownName } from './route.ts'
import { presentedBy } from './tls/serverCertificate.ts'
import { trusting, trustingConnector } from './tls/trust.ts'

export interface ConnectionOptions {
  readonly caPems: readonly string[]
  readonly proxy: ProxySettings
  readonly route: Route | undefined
  /** The machine's resolver, where left out. Only `families` asks it. */
  readonly resolve: Resolve | undefined
  /** Per host. A request that arrives while the previous one is being tidied up waits instead of opening another connection. */
  readonly perHost: number
}

/** The program's connections, kept open between requests. */
export interface Connections {
  to(url: URL): Dispatcher
  /** Records what this host presents in handshakes. Reading it takes half as long as a handshake, so it is done on demand. */
  watch(url: URL): void
  presented(url: URL): Presented | undefined
  /** How each address family of the host is reached. Empty if there is only one, or a proxy connects. */
  families(url: URL): Promise<readonly Family[]>
  close(): Promise<void>
}

export function connections(options: ConnectionOptions): Connections {
  if (options.route === undefined) demandProxies(options.proxy)
  // The transport limits each attempt as a whole.
  const limits = { headersTimeout: 0, bodyTimeout: 0, connections: options.perHost }
  const shown = new Map<string, Presented | undefined>()
  const direct = new Agent({
    ...limits,
    connect: noting(shown, routed(options.route ?? ordinaryRoute, trustingConnector(options.caPems))),
  })
  const proxies = new Map<string, ProxyAgent>()
  const through = (uri: string): ProxyAgent => {
    const found = proxies.get(uri)
    if (found !== undefined) return found
    const tls = trusting(options.caPems)
    const agent = new ProxyAgent({ uri, ...limits, requestTls: tls, proxyTls: tls, ...tunnels })
    proxies.set(uri, agent)
    return agent
  }
  const route = options.route ?? ordinaryRoute
  const proxyOf = (url: URL): string | undefined =>
    options.route !== undefined || isLoopbackName(url.hostname) ? undefined : proxyFor(url, options.proxy)
  return {
    to(url) {
      const proxy = proxyOf(url)
      return proxy === undefined ? direct : through(proxy)
    },
    watch(url) {
      shown.set(placeOf(url), shown.get(placeOf(url)))
    },
    presented: (url) => shown.get(placeOf(url)),
    async families(url) {
      const target = proxyOf(url) === undefined ? route(url.hostname, Number(url.port) || 443) : undefined
      return target === undefined ? [] : familiesOf(target, options.resolve)
    },
    async close() {
      await Promise.all([direct, ...proxies.values()].map((agent) => agent.destroy()))
    },
  }
}

/** How long a proxy may take to open a tunnel. */
const opening = { headersTimeout: times.attempt }

/** Connects through a proxy. */
const tunnels: Pick<ProxyAgent.Options, 'factory' | 'clientFactory'> = {
  clientFactory: (proxy, options) => new Pool(proxy, { ...options, ...opening }),
  factory: (origin, options) =>
    new Pool(
      origin,
      'connect' in options && isConnector(options.connect) ? { ...options, connect: final(options.connect) } : options,
    ),
}

const isConnector = (value: unknown): value is buildConnector.connector => typeof value === 'function'

/** A proxy that hangs up. undici would reconnect forever (https://github.com/nodejs/undici/pull/5441). */
const final =
  (connect: buildConnector.connector): buildConnector.connector =>
  (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error === null) callback(null, socket)
      else callback('code' in error && error.code === 'UND_ERR_SOCKET' ? hungUp(error) : error, null)
    })

const hungUp = (cause: Error): Error =>
  Object.assign(new Error('the proxy closed the connection', { cause }), { code: 'PROXY_CLOSED' })

const placeOf = ({ hostname, port }: { hostname: string; port: string }): string => `${hostname}:${port || '443'}`

/** Records what each watched host presents. A resumed session presents nothing, and the earlier record still holds. */
const noting =
  (shown: Map<string, Presented | undefined>, connect: buildConnector.connector): buildConnector.connector =>
  (options, callback) =>
    connect(options, (...result) => {
      const [, socket] = result
      const found = shown.has(placeOf(options)) && socket instanceof TLSSocket ? presentedBy(socket) : undefined
      if (found !== undefined) shown.set(placeOf(options), found)
      callback(...result)
    })

/** Connects where `route` says, but still requires the certificate of the named host. */
function routed(route: Route, connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    const secure = options.protocol === 'https:'
    const target = route(options.hostname, Number(options.port) || (secure ? 443 : 80))
    const name = isIP(options.hostname) === 0 ? { servername: options.hostname } : {}
    if (target === undefined) callback(unknownName(options.hostname), null)
    else connect({ ...options, ...name, hostname: target.host, port: String(target.port) }, callback)
  }
}
