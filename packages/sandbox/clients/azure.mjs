import { deepEqual, equal, ok } from 'node:assert/strict'
import { AuthorizationManagementClient } from '@azure/arm-authorization'
import { KeyVaultManagementClient } from '@azure/arm-keyvault'
import { ManagementLockClient } from '@azure/arm-locks'
import { ResourceManagementClient } from '@azure/arm-resources'
import { DefaultAzureCredential } from '@azure/identity'
import { all, fresh, refused } from './expect.mjs'

const credential = new DefaultAzureCredential()
const subscription = process.env.AZURE_SUBSCRIPTION_ID
const resources = new ResourceManagementClient(credential, subscription)
const locks = new ManagementLockClient(credential, subscription)
const vaults = new KeyVaultManagementClient(credential, subscription)
const access = new AuthorizationManagementClient(credential, subscription)
const group = fresh('rg')
const scope = `/subscriptions/${subscription}/resourceGroups/${group}`

export const clients = {
  '@azure/identity': {
    'sign in by environment variables': async () => {
      const { token } = await credential.getToken('https://management.azure.com/.default')
      ok(token.split('.').length === 3)
    },
  },
  '@azure/arm-resources': {
    'create, list and tag a resource group': async () => {
      await resources.resourceGroups.createOrUpdate(group, { location: 'westeurope', tags: { env: 'test' } })
      await resources.resourceGroups.update(group, { tags: { env: 'prod' } })
      equal((await resources.resourceGroups.get(group)).tags?.env, 'prod')
      ok((await all(resources.resourceGroups.list())).some(({ name }) => name === group))
      ok((await resources.resourceGroups.checkExistence(group)).body)
      await refused(resources.resourceGroups.get('rg-none'), 'ResourceGroupNotFound')
    },
    'read and register resource providers': async () => {
      await resources.providers.register('Microsoft.Storage')
      equal((await resources.providers.get('Microsoft.KeyVault')).namespace, 'Microsoft.KeyVault')
      ok((await all(resources.providers.list())).length > 1)
    },
    'tags at a scope': async () => {
      await resources.tagsOperations.beginCreateOrUpdateAtScopeAndWait(scope, { properties: { tags: { owner: 'mail' } } })
      deepEqual((await resources.tagsOperations.getAtScope(scope)).properties.tags, { owner: 'mail' })
    },
  },
  '@azure/arm-keyvault': {
    'create, list and delete a vault': async () => {
      const properties = {
        tenantId: process.env.AZURE_TENANT_ID,
        sku: { family: 'A', name: 'standard' },
        enableRbacAuthorization: true,
      }
      const name = fresh('kv')
      await vaults.vaults.createOrUpdate(group, name, { location: 'westeurope', properties })
      deepEqual(
        (await all(vaults.vaults.listByResourceGroup(group))).map((one) => one.name),
        [name],
      )
      ok((await all(resources.resources.listByResourceGroup(group))).some((one) => one.name === name))
      await vaults.vaults.delete(group, name)
      ok((await all(vaults.vaults.listDeleted())).some((one) => one.name === name))
    },
  },
  '@azure/arm-authorization': {
    'list roles and assignments': async () => {
      const [role] = await all(access.roleDefinitions.list('', { filter: "roleName eq 'Key Vault Reader'" }))
      equal(role.roleType, 'BuiltInRole')
      ok((await all(access.roleAssignments.listForScope(scope))).length > 0)
    },
    'deny assignments, of which there are none': async () => {
      deepEqual(await all(access.denyAssignments.listForScope(scope)), [])
    },
  },
  '@azure/arm-locks': {
    'a lock holds up a deletion until it is gone': async () => {
      await locks.managementLocks.createOrUpdateAtResourceGroupLevel(group, 'keep', { level: 'CanNotDelete', notes: 'kept' })
      equal((await all(locks.managementLocks.listAtResourceGroupLevel(group))).length, 1)
      await refused(resources.resourceGroups.beginDelete(group), 'ScopeLocked')
      await locks.managementLocks.deleteAtResourceGroupLevel(group, 'keep')
      await resources.resourceGroups.beginDelete(group)
      equal((await resources.resourceGroups.checkExistence(group)).body, false)
    },
  },
}
