import { HmaError } from '../../../core/errors.ts'

/** The corporate proxy, as HTTPS_PROXY, HTTP_PROXY and NO_PROXY name it. */
export interface ProxySettings {
  readonly httpsProxy?: string | undefined
  readonly httpProxy?: string | undefined
  readonly noProxy?: string | undefined
}

/** Throws if a proxy's address is invalid. It may contain a password, so it is not quoted. */
export function requireValidProxies({ httpsProxy, httpProxy }: ProxySettings): void {
  for (const [name, proxy] of Object.entries({ HTTPS_PROXY: httpsProxy, HTTP_PROXY: httpProxy })) {
    if (!proxy) continue
    const address = withScheme(proxy)
    if (URL.canParse(address) && schemes.has(new URL(address).protocol)) continue
    throw new HmaError('HMA503', `${name} is not the address of a proxy`, {
      hint: 'Write it like http://proxy.contoso.com:8080.',
    })
  }
}

const schemes = new Set(['http:', 'https:', 'socks:', 'socks5:'])

const withScheme = (proxy: string): string => (proxy.includes('://') ? proxy : `http://${proxy}`)

/** The proxy for this address, if any. Link-local addresses (a machine's identity endpoint) never go through one. */
export function proxyFor(url: URL, settings: ProxySettings): string | undefined {
  const proxy = url.protocol === 'https:' ? settings.httpsProxy || settings.httpProxy : settings.httpProxy
  if (!proxy || url.hostname.startsWith('169.254.') || excluded(url, settings.noProxy ?? '')) return undefined
  return withScheme(proxy)
}

function excluded(url: URL, noProxy: string): boolean {
  const host = url.hostname.toLowerCase()
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '*') return true
      const [, name = '', onlyPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? []
      if (name === '' || (onlyPort !== undefined && onlyPort !== port)) return false
      return host === name || host.endsWith(`.${name}`)
    })
}
