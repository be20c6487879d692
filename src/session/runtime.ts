import { rootCertificates } from 'node:tls'
import type { Sandbox } from 'hma-sandbox'
import type { Auth } from '../azure/credentials/auth.ts'
import { type ServiceClock, serviceClock } from '../azure/http/serviceClock.ts'
import { machineTimer } from '../azure/http/timer.ts'
import type { TransportOptions } from '../azure/http/transport.ts'
import { extraAuthorities } from '../config/read/authorities.ts'
import { Deadline, type Timer, within } from '../core/deadline.ts'
import { limits } from '../core/limits.ts'
import type { Pace } from '../core/pace.ts'
import { Secret } from '../core/secret.ts'

/** Roughly this many milliseconds, rounded to a whole second of the apply, so that polls coincide. */
const together = (elapsed: number, pause: number): number => 1000 * Math.ceil((elapsed + pause) / 1000 - 0.5) - elapsed

/** Everything that differs between Azure and the sandbox. */
export interface Runtime {
  readonly transport: TransportOptions
  readonly pace: Pace
  /** The services' clock, which everything uses. */
  readonly clock: ServiceClock
  /** How to sign in, if not as the configuration says. */
  readonly auth?: ReadonlyMap<string, Auth>
}

const patience = { timer: machineTimer, resourceMs: limits.resource, refusedMs: limits.refused }

/** How often to poll Azure. */
export const azurePace: Pace = {
  ...patience,
  sharedMs: 400,
  // Soon after a write, then once a second, then less and less often while nothing changes: Entra's replicas may need minutes.
  delay: (stalls, good, elapsed) =>
    stalls === 0 && good === 0 ? 250 : together(elapsed, stalls > 0 ? Math.min(1000 * 1.4 ** stalls, 10_000) : 1000),
}

export const real = (env: Readonly<Record<string, string | undefined>>, machineNow: () => number): Runtime => ({
  transport: {
    proxy: {
      httpsProxy: env.HTTPS_PROXY ?? env.https_proxy,
      httpProxy: env.HTTP_PROXY ?? env.http_proxy,
      noProxy: env.NO_PROXY ?? env.no_proxy,
    },
    // Node.js adds them to its own roots, but not to those that a program names.
    usualRoots: () => [...rootCertificates, ...extraAuthorities(env.NODE_EXTRA_CA_CERTS)],
  },
  pace: azurePace,
  clock: serviceClock(machineNow),
})

export const local = (sandbox: Sandbox): Runtime => ({
  transport: {
    caPems: [sandbox.caPem],
    route: (host, port) => (sandbox.knows(`${host}:${port}`) ? { host: '127.0.0.1', port: sandbox.port } : undefined),
  },
  pace: { ...patience, delay: (stalls, good) => (stalls > 0 ? Math.min(100 + 20 * stalls, 500) : 20 + 10 * good) },
  clock: serviceClock(() => sandbox.now().getTime()),
  auth: new Map(
    sandbox.principals
      .filter(({ rights }) => rights === 'owner')
      .map(({ tenantId, clientId, clientSecret }) => [
        tenantId,
        { credential: 'clientSecret', clientId, clientSecret: new Secret(clientSecret) },
      ]),
  ),
})

/** Limits a lookup to the time for a proposal. */
export const quickLookups =
  (timer: Timer) =>
  <Result>(look: () => Promise<Result>): Promise<Result> =>
    within(new Deadline('a proposal', limits.proposal, timer), look)

/** The time of each deployment. It runs while hma works, not while a question waits for its answer. */
export function budgets(length: number, timer: Timer) {
  const spent = new Map<string, number>()
  return async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    const deadline = new Deadline(`the run of ${name} (--deadline)`, length, timer, spent.get(name))
    return within(deadline, work).finally(() => spent.set(name, deadline.elapsed()))
  }
}
