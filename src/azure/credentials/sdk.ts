import type { TokenCredential } from '@azure/core-auth'
import type { Pipeline } from '@azure/core-rest-pipeline'
import { once } from '../once.ts'

/**
 * The credential that the SDKs get. The channel below signs every request in; tokens that the SDKs
 * cached themselves could not be replaced when a service refuses them.
 */
export const placeholderCredential: TokenCredential = {
  getToken: async () => ({ token: 'set-by-the-channel', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
}

/**
 * A pipeline for one client of an SDK, which may add policies of its own. It replaces the default one, whose other policies do
 * what the transport does (retries, proxies) or what hma has no use for (uploads, logs, tracing): a fleet would build and
 * run them thousands of times.
 */
export async function sdkPipeline(): Promise<Pipeline> {
  const { createEmptyPipeline } = await import('@azure/core-rest-pipeline')
  const pipeline = createEmptyPipeline()
  for (const policy of await policies()) pipeline.addPolicy(policy)
  return pipeline
}

/** They keep no state, so all clients share them. */
const policies = once(async () => {
  const { redirectPolicy, setClientRequestIdPolicy, userAgentPolicy } = await import('@azure/core-rest-pipeline')
  return [userAgentPolicy({ userAgentPrefix: 'hma' }), setClientRequestIdPolicy(), redirectPolicy()]
})
