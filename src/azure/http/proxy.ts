/** The corporate proxy, as HTTPS_PROXY, HTTP_PROXY and NO_PROXY name it. */
export interface ProxySettings {
  readonly httpsProxy?: string | undefined
  readonly httpProxy?: string | undefined
  readonly noProxy?: string | undefined
}

/** The proxy for this address, if one is to be used. Link-local addresses (a machine's identity endpoint) never go through one. */
export function proxyFor(url: URL, settings: ProxySettings): string | undefined {
  const proxy = url.protocol === 'https:' ? settings.httpsProxy || settings.httpProxy : settings.httpProxy
  if (!proxy || url.hostname.startsWith('169.254.') || excluded(url, settings.noProxy ?? '')) return undefined
  return proxy.includes('://') ? proxy : `http://${proxy}`
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
