import pLimit, { type LimitFunction } from 'p-limit'

/** Run `call` as soon as neither its host nor the whole program has too many calls under way. */
export type Throttle = <T>(host: string, call: () => Promise<T>) => Promise<T>

const hostsAtFullSpeed = 4

export function throttle(perHost: number): Throttle {
  const all = pLimit(perHost * hostsAtFullSpeed)
  const hosts = new Map<string, LimitFunction>()
  return (host, call) => {
    const limit = hosts.get(host) ?? pLimit(perHost)
    hosts.set(host, limit)
    // Host first: calls that queue for a busy host must not hold places that other hosts could use.
    return limit(() => all(call))
  }
}
