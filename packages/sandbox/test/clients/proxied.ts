import { ProxyAgent, fetch as undiciFetch } from 'undici'
import type { Sandbox } from '../../src/sandbox.ts'

/** A client behind a corporate proxy, which is the sandbox, with the authority's certificate among its roots. */
export function proxied({ port, caPem }: Pick<Sandbox, 'port' | 'caPem'>) {
  const dispatcher = new ProxyAgent({ uri: `http://127.0.0.1:${port}`, requestTls: { ca: caPem } })
  return {
    fetch: (url: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}) =>
      undiciFetch(url, { ...options, dispatcher }),
    close: () => dispatcher.close(),
  }
}
