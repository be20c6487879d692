import type { Exchange, ExchangeServer } from './state.ts'

/** Host name of a URL or of `host:port`, in lower case. */
export const hostName = (text: string): string => {
  const url = text.includes('://') ? text : `https://${text}`
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : ''
}

/** The name under which the first Exchange organisation can always be reached. */
const everyone = 'mail.sandbox.localhost'

/** The organisation that answers under a host name that resolves; the port does not count. */
export function serverAt(exchange: Exchange, host: string): ExchangeServer | undefined {
  const name = hostName(host)
  const found = exchange.servers.find(({ ewsUrl }) => hostName(ewsUrl) === name)
  const server = found ?? (name === everyone ? exchange.servers[0] : undefined)
  return server?.unresolved ? undefined : server
}
