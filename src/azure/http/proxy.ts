import { EnvHttpProxyAgent } from 'undici'
import { HmaError } from '../../core/errors.ts'

/** The corporate proxy, as HTTPS_PROXY, HTTP_PROXY and NO_PROXY name it. */
export interface ProxySettings {
  readonly httpsProxy?: string | undefined
  readonly httpProxy?: string | undefined
  readonly noProxy?: string | undefined
}

/** Connections through the proxies that are named, except to the hosts that NO_PROXY names. Throws where a proxy is named that is none. */
export function throughProxy(settings: ProxySettings, connecting: EnvHttpProxyAgent.Options): EnvHttpProxyAgent | undefined {
  const [https, http] = [addressOf('HTTPS_PROXY', settings.httpsProxy), addressOf('HTTP_PROXY', settings.httpProxy)]
  if (!https && !http) return undefined
  // Empty, and not left out: undici would read its environment.
  return new EnvHttpProxyAgent({ ...connecting, httpsProxy: https, httpProxy: http, noProxy: settings.noProxy ?? '' })
}

const schemes = new Set(['http:', 'https:', 'socks:', 'socks5:'])

/** Empty where none is named. The address may hold a password, and is not repeated. */
function addressOf(variable: string, proxy: string | undefined): string {
  if (!proxy) return ''
  const address = proxy.includes('://') ? proxy : `http://${proxy}`
  if (URL.canParse(address) && schemes.has(new URL(address).protocol)) return address
  throw new HmaError('HMA503', `${variable} is not the address of a proxy`, {
    hint: 'Write it like http://proxy.contoso.com:8080.',
  })
}
