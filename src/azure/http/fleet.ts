import pLimit from 'p-limit'
import type { Cloud } from '../cloud.ts'
import { createTransport, type Transport, type TransportOptions } from './transport.ts'

/** Concurrent requests of one deployment to hosts that all deployments share, including repeats and their pauses. */
const perDeployment = 16

/** A transport that can close its connections and opens them again when needed. */
export interface OwnTransport extends Transport {
  rest(): Promise<void>
}

/**
 * The transport of one deployment. Its vault and environment are its own; it shares the cloud's hosts with the others, and so
 * the connections to them: a handshake takes more CPU than the rest of a request.
 */
export function transportOfFleet(cloud: Cloud, common: Transport, options: TransportOptions): OwnTransport {
  const shared = new Set([cloud.authorityHost, cloud.resourceManager, cloud.graph].map((url) => new URL(url).host))
  const limit = pLimit(perDeployment)
  let own: Transport | undefined
  const opened = (): Transport => (own ??= createTransport(options))
  const rest = async (): Promise<void> => {
    const closing = own
    own = undefined
    await closing?.close()
  }
  return {
    send: (request) => (shared.has(new URL(request.url).host) ? limit(() => common.send(request)) : opened().send(request)),
    wait: (milliseconds) => common.wait(milliseconds),
    presented: (url) => own?.presented(url),
    families: (url) => opened().families(url),
    close: rest,
    rest,
  }
}
