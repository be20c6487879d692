import type { AccessToken } from '@azure/core-auth'

const minute = 60_000

/** One token for each audience, fetched once for all callers and again some minutes before it expires. */
export interface TokenCache {
  token(scope: string): Promise<AccessToken>
  /** Drop a token that a service refused. False if it is not in use any more. */
  forget(token: string): boolean
}

interface Entry {
  readonly promise: Promise<AccessToken>
  token?: string
  /** Instant, in milliseconds, until which the token is used. */
  until?: number
}

/** `now` is the machine's clock, by which token expiry is measured. */
export function tokenCache(ask: (scope: string) => Promise<AccessToken>, now: () => number): TokenCache {
  const entries = new Map<string, Entry>()
  const begin = (scope: string): Entry => {
    const entry: Entry = { promise: ask(scope) }
    entries.set(scope, entry)
    entry.promise.then(
      (answer) => {
        const left = answer.expiresOnTimestamp - now()
        entry.token = answer.token
        entry.until = now() + Math.max(left - 5 * minute, left / 2)
      },
      () => {
        if (entries.get(scope) === entry) entries.delete(scope)
      },
    )
    return entry
  }
  return {
    token(scope) {
      const entry = entries.get(scope)
      const usable = entry !== undefined && (entry.until === undefined || now() < entry.until)
      return (usable ? entry : begin(scope)).promise
    },
    forget(token) {
      const stale = [...entries].filter(([, entry]) => entry.token === token)
      for (const [scope] of stale) entries.delete(scope)
      return stale.length > 0
    },
  }
}
