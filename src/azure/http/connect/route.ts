import { lookup } from 'node:dns/promises'
import { connect } from 'node:net'
import { limits } from '../../../core/limits.ts'
import type { Family } from '../../exchange/port.ts'

export interface Target {
  readonly host: string
  readonly port: number
}

/** Where to connect for a host; undefined for an unknown host. */
export type Route = (host: string, port: number) => Target | undefined

/** `localhost` and everything below it is this machine, whatever its resolver says (https://www.rfc-editor.org/rfc/rfc6761#section-6.3). */
export const isLoopbackName = (host: string): boolean => /(^|\.)localhost$/i.test(host)

/** Where a connection goes without a `route`: the host itself, or the loopback address. */
export const ordinaryRoute: Route = (host, port) => ({ host: isLoopbackName(host) ? '127.0.0.1' : host, port })

/** A resolver's codes for a name that does not exist. */
export const unknownName = (host: string): Error =>
  Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: host })

/** The addresses of a name, from the machine's resolver. */
export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>

const system: Resolve = (host) => lookup(host, { all: true })

/** Can a host with IPv4 and IPv6 addresses be reached by both? A client uses whichever answers and does not report the other. */
export async function familiesOf({ host, port }: Target, resolve: Resolve = system): Promise<readonly Family[]> {
  const found = await resolve(host).catch(() => [])
  const first = ([4, 6] as const).flatMap((family) => {
    const address = found.find((one) => one.family === family)?.address
    return address === undefined ? [] : [{ family, address }]
  })
  if (first.length < 2) return []
  return Promise.all(
    first.map(async (one) => {
      const problem = await connecting(one.address, port)
      return { ...one, ...(problem !== undefined && { problem }) }
    }),
  )
}

/** The code with which a connection fails; undefined if it succeeds. */
const connecting = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: limits.connect })
    const end = (code?: string): void => {
      socket.destroy()
      resolve(code)
    }
    socket.once('connect', () => end())
    socket.once('timeout', () => end('ETIMEDOUT'))
    socket.once('error', (error) => end('code' in error ? String(error.code) : error.message))
  })
