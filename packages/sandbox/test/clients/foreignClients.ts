import { Agent as HttpsAgent } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { PipelinePolicy } from '@azure/core-rest-pipeline'
import { ClientSecretCredential } from '@azure/identity'
import { Client } from '@microsoft/microsoft-graph-client'
import { Agent } from 'undici'
import type { Principal } from '../../src/azure.ts'
import type { Sandbox } from '../../src/sandbox.ts'

/** What a line in the hosts file does: names below localhost are this machine. Not every resolver knows that. */
const lookup: LookupFunction = (_name, options, done) =>
  options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)

/** The two settings of docs/guides/sandbox.md, as options of the Azure SDKs: the authority, and where its names lead. */
export function pointed({ caPem }: Pick<Sandbox, 'caPem'>) {
  const agent = new HttpsAgent({ ca: caPem, lookup })
  const policy: PipelinePolicy = {
    name: 'sandbox',
    sendRequest: (request, next) => {
      request.agent = agent
      return next(request)
    },
  }
  return { additionalPolicies: [{ policy, position: 'perRetry' as const }], retryOptions: { maxRetries: 0 } }
}

/** A credential as any program would make it, of a custom cloud. */
export const credentialOf = (sandbox: Sandbox, { tenantId, clientId, clientSecret }: Principal): ClientSecretCredential =>
  new ClientSecretCredential(tenantId, clientId, clientSecret, {
    ...pointed(sandbox),
    authorityHost: sandbox.endpoints.authorityHost,
    disableInstanceDiscovery: true,
  })

/** Microsoft's Graph client, with the chain of its own and a token of the credential. */
export function graphClientOf(sandbox: Sandbox, who: Principal): Client {
  const { graph } = sandbox.endpoints
  const credential = credentialOf(sandbox, who)
  // The types of the client's options do not know what Node's fetch takes.
  const fetchOptions: object = { dispatcher: new Agent({ connect: { ca: sandbox.caPem, lookup } }) }
  return Client.init({
    baseUrl: `${graph}/`,
    customHosts: new Set([new URL(graph).hostname]),
    authProvider: (done) => {
      credential.getToken(`${graph}/.default`).then(
        ({ token }) => done(null, token),
        (error: unknown) => done(error, null),
      )
    },
    fetchOptions,
  })
}
