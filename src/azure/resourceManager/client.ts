import { type Cloud, vaultUri } from '../cloud.ts'
import { callerOf } from '../credentials/callerId.ts'
import { asking } from '../errors/ask.ts'
import {
  connectSubscription,
  type OnSubscription,
  type ResourceManagerConnection,
  type ResourceManagerParts,
  unlessMissing,
  vaultScopeId,
} from './connection.ts'
import type { ResourceManager } from './port.ts'
import { roleAssignments } from './roles.ts'
import { deletedVaultTags, newVault, permissionsBody, vaultChange, vaultOf } from './vaults.ts'

/** Versions before this one end on 2027-02-27 (https://learn.microsoft.com/azure/key-vault/general/access-control-default). */
const vaultApiVersion = '2026-02-01'

export function resourceManagerClient(parts: ResourceManagerParts): ResourceManager {
  const connections = new Map<string, ResourceManagerConnection>()
  const on: OnSubscription = (tenantId, id, doing, call) => {
    const key = `${tenantId} ${id.subscriptionId}`
    const connection = connections.get(key) ?? connectSubscription(tenantId, id.subscriptionId, parts)
    connections.set(key, connection)
    return asking({ service: 'resourceManager', doing, needs: 'Key Vault Contributor at the resource group' }, () =>
      call(connection),
    )
  }
  const callerId: ResourceManager['callerId'] = async (tenantId) => {
    const token = await parts.credentials.forTenant(tenantId).getToken(`${parts.cloud.resourceManager}/.default`)
    return callerOf(token?.token ?? '')
  }
  return { callerId, ...places(on), ...vaults(on, parts.cloud), ...accessPolicies(on), ...roleAssignments(on) }
}

type Vaults = Pick<ResourceManager, 'vault' | 'deletedVault' | 'recoverVault' | 'createVault' | 'updateVault' | 'deleteVault'>

const vaults = (on: OnSubscription, cloud: Cloud): Vaults => ({
  async vault(tenantId, id) {
    const call = on(tenantId, id, `read the vault ${id.name}`, async (at) =>
      vaultOf(await (await at.vaults()).get(id.resourceGroup, id.name), id, vaultUri(cloud, id.name)),
    )
    return unlessMissing(call)
  },
  async deletedVault(tenantId, id, location) {
    const call = on(tenantId, id, `look for the deleted vault ${id.name}`, async (at) =>
      deletedVaultTags(await (await at.vaults()).getDeleted(id.name, location)),
    )
    const tags = await unlessMissing(call)
    return tags === undefined ? undefined : { tags }
  },
  recoverVault: (tenantId, id, settings) =>
    on(tenantId, id, `recover the vault ${id.name}`, async (at) => {
      const body = newVault(settings, 'recover')
      // Accepted is enough: it does not wait for the poller.
      await (await at.vaults()).createOrUpdate(id.resourceGroup, id.name, body).submitted()
    }),
  createVault: (tenantId, id, settings) =>
    on(tenantId, id, `create the vault ${id.name}`, async (at) => {
      await (await at.vaults()).createOrUpdate(id.resourceGroup, id.name, newVault(settings, 'default')).submitted()
    }),
  async updateVault(tenantId, id, change) {
    const doing = `change the vault ${id.name}`
    await on(tenantId, id, doing, async (at) => (await at.vaults()).update(id.resourceGroup, id.name, vaultChange(change)))
  },
  async deleteVault(tenantId, id) {
    const call = on(tenantId, id, `delete the vault ${id.name}`, async (at) =>
      (await at.vaults()).delete(id.resourceGroup, id.name),
    )
    await unlessMissing(call)
  },
})

/** https://learn.microsoft.com/rest/api/resources/resource-groups/get */
const groupApiVersion = '2021-04-01'

/** Both are needed only before a vault is created. */
const places = (on: OnSubscription): Pick<ResourceManager, 'groupExists' | 'isNameFree'> => ({
  groupExists(tenantId, id) {
    const { subscriptionId, resourceGroup } = id
    const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`
    return on(tenantId, id, `look for the resource group ${resourceGroup}`, (at) => at.exists(group, groupApiVersion))
  },
  isNameFree: (tenantId, id) =>
    on(tenantId, id, `ask whether the vault name ${id.name} is free`, async (at) => {
      const asked = { name: id.name, type: 'Microsoft.KeyVault/vaults' } as const
      const { nameAvailable, reason } = await (await at.vaults()).checkNameAvailability(asked)
      return nameAvailable !== false || reason !== 'AlreadyExists'
    }),
})

type AccessPolicies = Pick<ResourceManager, 'setAccessPolicy' | 'removeAccessPolicy'>

/**
 * `replace` replaces the entries of the principals that it names and leaves the others alone; `remove` removes
 * what is named, in exactly that case (https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/update-access-policy).
 */
const accessPolicies = (on: OnSubscription): AccessPolicies => ({
  setAccessPolicy: (tenantId, id, policy) =>
    on(tenantId, id, `set an access policy of the vault ${id.name}`, (at) =>
      at.put(`${vaultScopeId(id)}/accessPolicies/replace`, vaultApiVersion, permissionsBody(policy)),
    ),
  async removeAccessPolicy(tenantId, id, policy) {
    const call = on(tenantId, id, `remove an access policy of the vault ${id.name}`, (at) =>
      at.put(`${vaultScopeId(id)}/accessPolicies/remove`, vaultApiVersion, permissionsBody(policy)),
    )
    await unlessMissing(call)
  },
})
