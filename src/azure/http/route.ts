export interface Target {
  readonly host: string
  readonly port: number
}

/** Where to connect for a host that is asked for; undefined: nobody knows that host. */
export type Route = (host: string, port: number) => Target | undefined

/** `localhost` and everything below it is this machine, whatever its resolver says (https://www.rfc-editor.org/rfc/rfc6761#section-6.3). */
const isLoopbackName = (host: string): boolean => /(^|\.)localhost$/i.test(host)

/** This machine, and its identity endpoint, which answers at a link-local address: no proxy reaches them. */
export const isLocal = (host: string): boolean => isLoopbackName(host) || host.startsWith('169.254.')

/** Where a connection really goes, without a `route`: the host itself, or the loopback address. */
export const ordinaryRoute: Route = (host, port) => ({ host: isLoopbackName(host) ? '127.0.0.1' : host, port })

/** What a resolver says of a name that does not exist. */
export const unknownName = (host: string): Error =>
  Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: host })
