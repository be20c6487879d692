import type { AuthorizationManagementClient } from '@azure/arm-authorization'
import type { KeyVaultManagementClient } from '@azure/arm-keyvault'
import type { Cloud } from '../cloud.ts'
import { type Channel, channel } from '../credentials/channel.ts'
import type { Credentials } from '../credentials/credentials.ts'
import { placeholderCredential, sdkPipeline } from '../credentials/sdk.ts'
import { sdkHttpClient } from '../credentials/sdkHttpClient.ts'
import { AzureError } from '../errors/azureError.ts'
import type { HttpAnswer, HttpRequest } from '../http/message.ts'
import { Refusal } from '../http/refusal.ts'
import type { Transport } from '../http/transport.ts'
import { once } from '../once.ts'
import type { VaultId } from './port.ts'

/** One subscription, signed in. The SDK's clients are loaded when they are first used. */
export interface ResourceManagerConnection {
  vaults(): Promise<KeyVaultManagementClient['vaults']>
  roleAssignments(): Promise<AuthorizationManagementClient['roleAssignments']>
  /** Does a resource with this ARM id (with a leading slash) exist? */
  exists(id: string, apiVersion: string): Promise<boolean>
  /** `id` is the ARM id, with a leading slash. */
  put(id: string, apiVersion: string, body: unknown): Promise<void>
}

export interface ResourceManagerParts {
  readonly transport: Transport
  readonly credentials: Credentials
  readonly cloud: Cloud
}

/** Runs one call on one subscription; `doing` says what it is for. */
export type OnSubscription = <T>(
  tenantId: string,
  id: VaultId,
  doing: string,
  call: (connection: ResourceManagerConnection) => Promise<T>,
) => Promise<T>

export const vaultScopeId = ({ subscriptionId, resourceGroup, name }: VaultId): string =>
  `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.KeyVault/vaults/${name}`

/** The answer, or undefined if the object is missing. A missing subscription is a mistake, not an absence. */
export const unlessMissing = <T>(call: Promise<T>): Promise<T | undefined> =>
  call.catch((error: unknown) => {
    if (error instanceof AzureError && error.status === 404 && error.code !== 'SubscriptionNotFound') return undefined
    throw error
  })

const loadVaults = once(() => import('@azure/arm-keyvault'))
const loadRoles = once(() => Promise.all([import('@azure/arm-authorization'), import('@azure/core-client')]))

export function connectSubscription(
  tenantId: string,
  subscriptionId: string,
  parts: ResourceManagerParts,
): ResourceManagerConnection {
  const { resourceManager: endpoint } = parts.cloud
  const scope = `${endpoint}/.default`
  const signedIn = channel(parts.transport, parts.credentials, tenantId, { origin: endpoint, scope })
  const options = async () => ({
    endpoint,
    httpClient: await sdkHttpClient(async (request) => begun(request, await signedIn.send(request))),
    pipeline: await sdkPipeline(),
  })
  return {
    vaults: once(async () => {
      const { KeyVaultManagementClient } = await loadVaults()
      return new KeyVaultManagementClient(placeholderCredential, subscriptionId, {
        ...(await options()),
        credentials: { scopes: [scope] },
      }).vaults
    }),
    roleAssignments: once(async () => {
      const [{ AuthorizationManagementClient }, { deserializationPolicy, serializationPolicy }] = await loadRoles()
      const { pipeline, ...rest } = await options()
      // This one is of an older generation, which leaves reading and writing JSON to the pipeline.
      pipeline.addPolicy(serializationPolicy(), { phase: 'Serialize' })
      pipeline.addPolicy(deserializationPolicy(), { phase: 'Deserialize' })
      return new AuthorizationManagementClient(placeholderCredential, subscriptionId, {
        ...rest,
        pipeline,
        credentialScopes: [scope],
      }).roleAssignments
    }),
    exists: (id, apiVersion) => exists(signedIn, `${endpoint}${id}?api-version=${apiVersion}`),
    put: (id, apiVersion, body) => put(signedIn, `${endpoint}${id}?api-version=${apiVersion}`, body),
  }
}

/** These clients do not support a deletion that is accepted and continues. hma itself polls until the object is gone. */
const begun = ({ method }: HttpRequest, answer: HttpAnswer): HttpAnswer =>
  method === 'DELETE' && answer.status === 202 ? { ...answer, status: 204, body: '' } : answer

async function exists(signedIn: Channel, url: string): Promise<boolean> {
  try {
    await signedIn.send({ method: 'GET', url, headers: { accept: 'application/json' } })
    return true
  } catch (error) {
    if (error instanceof Refusal && error.answer.status === 404) return false
    throw error
  }
}

async function put(signedIn: Channel, url: string, body: unknown): Promise<void> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' }
  await signedIn.send({ method: 'PUT', url, headers, body: JSON.stringify(body) })
}
