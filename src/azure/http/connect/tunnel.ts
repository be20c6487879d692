import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import type { SecureContext } from 'node:tls'
import { limits } from '../../../core/limits.ts'
import { codeOf } from '../unreachable.ts'
import type { Target } from './route.ts'

/** Opens a connection to a host through a proxy. */
export type Tunnel = (target: Target) => Promise<Duplex>

/** The address may contain a user and a password: `http://user:password@proxy.contoso.com:8080`, or `socks5://…`. */
export function tunnelThrough(address: string, tls: { readonly secureContext: SecureContext }): Tunnel {
  const proxy = new URL(address)
  return proxy.protocol.startsWith('socks') ? (target) => throughSocks(proxy, target) : (target) => connected(proxy, target, tls)
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6 */
const connected = (proxy: URL, { host, port }: Target, tls: object): Promise<Duplex> =>
  new Promise((resolve, reject) => {
    const path = `${host.includes(':') ? `[${host}]` : host}:${port}`
    const secure = proxy.protocol === 'https:'
    const name = unbracketed(proxy.hostname)
    const request = (secure ? secureRequest : plainRequest)({
      // Otherwise Node.js takes the name in the certificate from the `host` header, which is that of the service.
      ...{ ...tls, host: name, servername: isIP(name) === 0 ? name : '', port: proxy.port || (secure ? 443 : 80), agent: false },
      ...{ method: 'CONNECT', path, headers: { host: path, ...authorization(proxy) }, timeout: limits.attempt },
    })
    request.on('timeout', () => request.destroy(problem('PROXY_CLOSED', 'the proxy did not answer')))
    request.on('error', (error) => reject(codeOf(error) === 'ECONNRESET' ? hungUp(error) : error))
    request.on('connect', ({ statusCode = 0, statusMessage = '' }, socket) => {
      if (statusCode >= 200 && statusCode < 300) return resolve(socket.setTimeout(0))
      socket.destroy()
      reject(problem('PROXY', `the proxy answered ${statusCode} ${statusMessage}`.trim()))
    })
    request.end()
  })

/** Loaded when it is needed: few proxies speak SOCKS. */
async function throughSocks(proxy: URL, { host, port }: Target): Promise<Duplex> {
  const { SocksClient } = await import('socks')
  const { socket } = await SocksClient.createConnection({
    command: 'connect',
    destination: { host, port },
    timeout: limits.attempt,
    proxy: { host: unbracketed(proxy.hostname), port: Number(proxy.port) || 1080, type: 5, ...signIn(proxy) },
  }).catch((cause: Error) => Promise.reject(problem('PROXY', cause.message, cause)))
  return socket
}

const signIn = ({ username, password }: URL) =>
  username === '' ? {} : { userId: decoded(username), password: decoded(password) }

/** Passwords with a percent sign of their own are common. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function authorization(proxy: URL): Record<string, string> {
  const { userId, password } = { userId: '', password: '', ...signIn(proxy) }
  return userId === '' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(`${userId}:${password}`).toString('base64')}` }
}

const unbracketed = (host: string): string => host.replaceAll(/[[\]]/g, '')

const problem = (code: 'PROXY' | 'PROXY_CLOSED', message: string, cause?: Error): Error =>
  Object.assign(new Error(message, { cause }), { code })

const hungUp = (cause: Error): Error => problem('PROXY_CLOSED', 'the proxy closed the connection', cause)
