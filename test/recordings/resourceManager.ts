import { randomUUID } from 'node:crypto'
import { vaultTenant } from '../../packages/sandbox/test/support/sandbox.ts'
import type { Example } from './examples.ts'
import { fields, text } from './specs.ts'
import { group, makeVault, type Place, subscription } from './world.ts'

/** Replacements for an example's truncated or foreign values. */
export interface Change {
  readonly parameters: Readonly<Record<string, string>>
  readonly body?: object
}

/** A vault per example, so that examples do not affect each other. */
const vaultOf = ({ name }: Example): string => `kv-${name.replace(/[^A-Za-z]/g, '').slice(-20)}`

const untouched = { subscriptionId: subscription, resourceGroupName: 'rg-mail' }

/** Object id of a principal without rights: the same right is not granted twice. */
async function newPrincipal({ graph }: Place): Promise<string> {
  const { json: application } = await graph('POST', '/applications', { displayName: 'newcomer' })
  const { json: made } = await graph('POST', '/servicePrincipals', { appId: application.appId })
  return text(made.id)
}

/** Wide enough for the vault that is like the example's, and too narrow for all. */
const wide = (operation: string): string => (operation === 'Vaults_ListDeleted' ? '1' : '2')

/** The body with our tenant in place of the example's, wherever it occurs. */
const ours = (body: unknown): object => {
  const written = JSON.stringify(body).replace(/"tenantId":"[^"]*"/g, `"tenantId":"${vaultTenant}"`)
  return fields(JSON.parse(written))
}

/** Vaults: the one that is asked for exists, unless it is made, and is deleted where the example asks for a deleted one. */
export async function aboutVault(at: Place, example: Example): Promise<Change> {
  const { operation, parameters } = example
  const vaultName = vaultOf(example)
  const change = {
    parameters: {
      ...untouched,
      vaultName,
      location: 'westeurope',
      ...(operation.startsWith('Vaults_List') && { $top: wide(operation) }),
    },
  }
  if (operation === 'Vaults_CheckNameAvailability') return { ...change, body: fields(parameters.vaultName) }
  const names = operation.startsWith('Vaults_List') ? [vaultName, `${vaultName}2`] : [vaultName]
  for (const name of operation === 'Vaults_CreateOrUpdate' ? [] : names) {
    await makeVault(at, name, operation.includes('Purge') ? {} : full)
    if (operation.includes('Deleted')) await deleteVault(at, name)
  }
  return { ...change, body: ours(parameters.parameters ?? {}) }
}

/** What the vaults of the examples have. */
const full = {
  ...{ enabledForDeployment: true, enabledForDiskEncryption: true, enabledForTemplateDeployment: true },
  ...{ enablePurgeProtection: true, enableRbacAuthorization: undefined },
  accessPolicies: [
    { tenantId: vaultTenant, objectId: vaultTenant, permissions: { keys: ['get'], secrets: ['get'], certificates: ['get'] } },
  ],
}

const deleteVault = ({ arm }: Place, name: string) =>
  arm('DELETE', `${group}/providers/Microsoft.KeyVault/vaults/${name}?api-version=2026-02-01`)

/** Key Vault Secrets User. */
const role = '4633458b-17de-408a-b874-0445c86b69e6'
const assignments = '/providers/Microsoft.Authorization/roleAssignments'

/** The scope of an example's assignment, in our subscription. */
function scopeOf({ operation, name }: Example): string {
  const whole = `/subscriptions/${subscription}`
  if (operation.includes('ForResourceGroup') || name.includes('ForResourceGroup')) return group
  if (name.includes('ForResource')) return `${group}/providers/Microsoft.KeyVault/vaults/myvault`
  return whole
}

/** Role assignments: of the reader, at the scope that the example names. */
export async function aboutAssignment(at: Place, example: Example): Promise<Change> {
  const { operation, parameters } = example
  const [scope, roleAssignmentName] = [scopeOf(example), randomUUID()]
  const given = fields(fields(parameters.parameters).properties)
  const body = {
    properties: {
      ...given,
      roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      ...{ principalId: await newPrincipal(at), principalType: 'ServicePrincipal' },
    },
  }
  const path = `${assignments}/${roleAssignmentName}`
  if (!operation.includes('Create')) await at.arm('PUT', `${scope}${path}?api-version=2022-04-01`, body)
  return {
    parameters: {
      ...{ ...untouched, scope: scope.slice(1), roleAssignmentName, roleAssignmentId: `${scope}${path}`.slice(1) },
      ...{ resourceProviderNamespace: 'Microsoft.KeyVault', resourceType: 'vaults', resourceName: 'myvault' },
    },
    ...(text(fields(given).principalId) !== '' && { body }),
  }
}

/** Role definitions, permissions and deny assignments, of which the ones that are asked for are not made first. */
export const aboutOthers = async (_at: Place, { parameters }: Example): Promise<Change> => ({
  parameters: {
    ...{ ...untouched, scope: `subscriptions/${subscription}`, roleDefinitionId: role, vaultName: 'myvault' },
    ...{ denyAssignmentId: `subscriptions/${subscription}/providers/Microsoft.Authorization/denyAssignments/${randomUUID()}` },
    ...{
      resourceProviderNamespace: 'Microsoft.KeyVault',
      parentResourcePath: '',
      resourceType: 'vaults',
      resourceName: 'myvault',
    },
    // A filter of the example is an option in the description; the example itself names none.
    ...(typeof parameters.$filter === 'string' && { $filter: parameters.$filter }),
    ...('roleDefinition' in parameters && { roleDefinitionId: randomUUID() }),
  },
  ...('roleDefinition' in parameters && { body: customRole(fields(parameters.body).roleDefinition) }),
})

/** The example of a new role names the role next to the body, and without the `properties` that the description asks for. */
const customRole = (example: unknown): object => {
  const { roleName, description, permissions } = fields(example)
  return { properties: { roleName, description, permissions, assignableScopes: [`/subscriptions/${subscription}`] } }
}
