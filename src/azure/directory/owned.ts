import { AzureError, retriedBriefly } from '../errors/azureError.ts'
import type { GraphApi, GraphCall } from './graph.ts'

/**
 * An identity with Application.ReadWrite.OwnedBy owns what it creates, but not every replica knows that at once: the next write to the
 * registration may be refused as if a right were missing (https://github.com/microsoft/onefuzz/pull/629). So such a refusal passes in a
 * tenant where this run has created a registration.
 */
export function withOwnershipLag(graph: GraphApi): GraphApi {
  const created = new Set<string>()
  return {
    ...graph,
    async call(wanted) {
      try {
        const answer = await graph.call(wanted)
        if (wanted.prefer === 'create-if-missing') created.add(wanted.tenantId)
        return answer
      } catch (error) {
        const mayPass = error instanceof AzureError && error.isMissingRight && created.has(wanted.tenantId)
        throw mayPass && needsOwnership(wanted) ? retriedBriefly(error) : error
      }
    },
  }
}

const needsOwnership = ({ method, path }: GraphCall): boolean =>
  method !== 'GET' && /^\/(applications\/|servicePrincipals$)/.test(path)
