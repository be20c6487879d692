import pLimit, { type LimitFunction } from 'p-limit'

/** Runs `call` as soon as neither its host nor the program has too many calls under way. */
export type Throttle = <T>(host: string, call: () => Promise<T>) => Promise<T>

const hostsAtFullSpeed = 4

export function throttle(perHost: number): Throttle {
  const all = pLimit(perHost * hostsAtFullSpeed)
  const hosts = new Map<string, LimitFunction>()
  return (host, call) => {
    const limit = hosts.get(host) ?? pLimit(perHost)
    hosts.set(host, limit)
    // Host first: calls queued for a busy host must not hold slots that other hosts could use.
    return limit(() => all(call))
  }
}
