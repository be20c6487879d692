import { type AgentOptions, Agent as PlainAgent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import type { Family, Presented } from '../../exchange/port.ts'
import { type Connector, directConnector, proxyConnector, withConnector } from './connector.ts'
import { type ProxySettings, proxyFor, requireValidProxies } from './proxy.ts'
import { familiesOf, isLoopbackName, ordinaryRoute, type Resolve, type Route } from './route.ts'
import { trustingConnect, trustWithRoots, type UsualRoots } from './trust.ts'
import { tunnelThrough } from './tunnel.ts'

export interface ConnectionOptions {
  readonly caPems: readonly string[]
  /** Default: Node.js's own. */
  readonly usualRoots: UsualRoots | undefined
  readonly proxy: ProxySettings
  readonly route: Route | undefined
  /** Default: the machine's resolver. Only `families` uses it. */
  readonly resolve: Resolve | undefined
  /** Connections per host. */
  readonly perHost: number
}

/** The program's connections, kept open between requests. */
export interface Connections {
  /** The agent that keeps the connections to this address, or one that makes a connection for a single request. */
  to(url: URL, single?: boolean): PlainAgent
  /** Records what this host presents in handshakes. Reading it takes half as long as a handshake, so it is done on demand. */
  watch(url: URL): void
  presented(url: URL): Presented | undefined
  /** How each address family of the host is reached. Empty if there is only one, or a proxy connects. */
  families(url: URL): Promise<readonly Family[]>
  close(): void
}

export function connections(options: ConnectionOptions): Connections {
  const { caPems, usualRoots, proxy, perHost, resolve, route = ordinaryRoute } = options
  if (options.route === undefined) requireValidProxies(proxy)
  const shown = new Map<string, Presented | undefined>()
  const shows = (host: string, presented: () => Presented | undefined): void => {
    if (shown.has(host)) shown.set(host, presented() ?? shown.get(host))
  }
  const wayTo = (secure: boolean, via: string | undefined): Connector => {
    if (via === undefined) return directConnector(route, secure ? trustingConnect(caPems, usualRoots) : undefined, shows)
    const trust = trustWithRoots(caPems, usualRoots)
    return proxyConnector(tunnelThrough(via, trust), secure ? trust : undefined)
  }
  const agents = new Map<string, PlainAgent>()
  const made = (secure: boolean, via: string | undefined, settings: AgentOptions): PlainAgent =>
    withConnector(secure ? new SecureAgent(settings) : new PlainAgent(settings), wayTo(secure, via))
  const agentFor = (secure: boolean, via: string | undefined): PlainAgent => {
    const key = `${secure} ${via}`
    const agent = agents.get(key) ?? made(secure, via, { keepAlive: true, maxSockets: perHost, timeout: idleMs })
    agents.set(key, agent)
    return agent
  }
  const proxyOf = (url: URL): string | undefined =>
    options.route !== undefined || isLoopbackName(url.hostname) ? undefined : proxyFor(url, proxy)
  return {
    to: (url, single = false) =>
      single ? made(url.protocol === 'https:', proxyOf(url), {}) : agentFor(url.protocol === 'https:', proxyOf(url)),
    watch: (url) => void shown.set(placeOf(url), shown.get(placeOf(url))),
    presented: (url) => shown.get(placeOf(url)),
    async families(url) {
      const target = proxyOf(url) === undefined ? route(url.hostname, Number(url.port) || 443) : undefined
      return target === undefined ? [] : familiesOf(target, resolve)
    },
    close() {
      for (const agent of agents.values()) agent.destroy()
    },
  }
}

const placeOf = ({ hostname, port }: URL): string => `${hostname}:${port || '443'}`

/**
 * How long an idle connection is kept: longer than the pause between two polls, and shorter than servers and firewalls keep theirs. If a
 * server announces a shorter time (`Keep-Alive`), Node.js follows it.
 */
const idleMs = 30_000
