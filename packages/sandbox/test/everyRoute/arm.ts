import { Hono } from 'hono'
import type { RequestEnv } from '../../src/resourceManager/requestContext.ts'
import { register } from '../../src/resourceManager/routes.ts'
import { extensions } from '../../src/resourceManager/scoped.ts'
import { type AsClient, valuesOf } from '../clients/asClient.ts'
import { vaultTenant } from '../support/sandbox.ts'
import type { Family } from './family.ts'

const arm = 'https://management.azure.com'
const subscription = '33333333-3333-3333-3333-333333333333'
const group = `/subscriptions/${subscription}/resourceGroups/rg-every`
const name = '44444444-4444-4444-8444-444444444444'
const app = new Hono<RequestEnv>()
register(app)

const scoped = Object.entries(extensions).flatMap(([type, { list, ...of }]) => [
  ...(list ? [`GET /:scope/${type}`] : []),
  ...Object.keys(of).map((method) => `${method} /:scope/${type}/:name`),
])

/** Each type of resource in a version of its own. */
function versionOf(path: string): string {
  if (path.includes('microsoft.management')) return '2021-04-01'
  if (path.includes('microsoft.keyvault')) return '2024-11-01'
  if (path.includes('denyassignments')) return '2024-07-01-preview'
  if (path.includes('locks')) return '2020-05-01'
  if (/role\w+schedule/.test(path)) return '2024-09-01-preview'
  if (/:scope\/(role|permissions)/.test(path)) return '2022-04-01'
  return path.includes('/tags') ? '2021-04-01' : '2024-11-01'
}

async function prepare(client: AsClient, advance: (milliseconds: number) => void): Promise<Record<string, string>> {
  const send = async (method: string, path: string, body?: object, version = '2024-11-01') => {
    const answer = await client(method, `${arm}${path}?api-version=${version}`, body)
    if (answer.status >= 400) throw new Error(`${path}: ${answer.text}`)
    return answer
  }
  for (const one of ['rg-every', 'rg-locked']) await send('PUT', group.replace('rg-every', one), { location: 'westeurope' })
  const found = await client(
    'GET',
    "https://graph.microsoft.com/v1.0/servicePrincipals?$filter=servicePrincipalType eq 'Application'",
  )
  const principal = String(valuesOf(found).find(({ displayName }) => /reader|Automation/i.test(String(displayName)))?.id)
  const ids = { principal }
  for (const vault of ['kv-every', 'kv-every-gone'])
    await send('PUT', `${group}/providers/Microsoft.KeyVault/vaults/${vault}`, vaultBody())
  advance(2000)
  await send('DELETE', `${group}/providers/Microsoft.KeyVault/vaults/kv-every-gone`)
  const above = '/providers/Microsoft.Management/managementGroups'
  for (const one of ['every-upper', 'every-free']) await send('PUT', `${above}/${one}`, { properties: {} }, '2021-04-01')
  await send('PUT', `${above}/every-upper/subscriptions/${subscription}`, undefined, '2021-04-01')
  for (const type of ['roleassignments', 'roledefinitions', 'denyassignments', 'locks', 'tags']) {
    const body = bodies[`PUT /:scope/${type}/:name`]?.(ids)
    await send('PUT', fill(`/:scope/${type}/:name`), body, versionOf(`/:scope/${type}`))
  }
  return ids
}

const vaultBody = () => ({
  location: 'westeurope',
  tags: { one: '1' },
  properties: {
    tenantId: vaultTenant,
    sku: { family: 'A', name: 'standard' },
    enableRbacAuthorization: true,
    accessPolicies: [],
    enabledForDeployment: true,
    softDeleteRetentionInDays: 7,
    publicNetworkAccess: 'Enabled',
    networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow', ipRules: [{ value: '203.0.113.7' }] },
  },
})

const permissions = [{ actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [] }]
const bodies: Family['bodies'] = {
  'PUT /subscriptions/:subscription/resourcegroups/:group': () => ({ location: 'westeurope', tags: { one: '1' } }),
  'PATCH /subscriptions/:subscription/resourcegroups/:group': () => ({ tags: { one: '1' } }),
  'PUT /subscriptions/:subscription/resourcegroups/:group/providers/microsoft.keyvault/vaults/:name': vaultBody,
  'PATCH /subscriptions/:subscription/resourcegroups/:group/providers/microsoft.keyvault/vaults/:name': () => ({
    tags: { two: '2' },
    properties: { enabledForDeployment: false, publicNetworkAccess: 'Enabled' },
  }),
  'PUT /subscriptions/:subscription/resourcegroups/:group/providers/microsoft.keyvault/vaults/:name/accesspolicies/:operation': ({
    principal,
  }) => ({
    properties: {
      accessPolicies: [{ tenantId: vaultTenant, objectId: principal, permissions: { secrets: ['get'], certificates: ['get'] } }],
    },
  }),
  'POST /subscriptions/:subscription/providers/microsoft.keyvault/checknameavailability': () => ({
    name: 'kv-free-name',
    type: 'Microsoft.KeyVault/vaults',
  }),
  'POST /subscriptions/:subscription/providers/microsoft.keyvault/checkmhsmnameavailability': () => ({ name: 'hsm-free-name' }),
  'PUT /providers/microsoft.management/managementgroups/:group': () => ({
    properties: {
      displayName: 'Every',
      details: { parent: { id: '/providers/Microsoft.Management/managementGroups/every-upper' } },
    },
  }),
  'PATCH /providers/microsoft.management/managementgroups/:group': () => ({
    displayName: 'Every',
    parentGroupId: '/providers/Microsoft.Management/managementGroups/every-upper',
  }),
  'POST /providers/microsoft.management/checknameavailability': () => ({
    name: 'free',
    type: 'Microsoft.Management/managementGroups',
  }),
  'PUT /:scope/roleassignments/:name': ({ principal }) => ({
    properties: {
      roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`,
      principalId: principal,
      principalType: 'ServicePrincipal',
      description: 'text',
    },
  }),
  'PUT /:scope/roledefinitions/:name': () => ({
    properties: { roleName: 'Every route', description: 'text', assignableScopes: [group], permissions },
  }),
  'PUT /:scope/denyassignments/:name': ({ principal }) => ({
    properties: {
      denyAssignmentName: 'None',
      description: 'text',
      permissions: [{ ...permissions[0], actions: ['Microsoft.Nothing/*'] }],
      principals: [{ id: principal, type: 'ServicePrincipal' }],
      excludePrincipals: [],
      doNotApplyToChildScopes: false,
    },
  }),
  'PUT /:scope/locks/:name': () => ({ properties: { level: 'CanNotDelete', notes: 'text' } }),
  'PUT /:scope/tags/:name': () => ({ properties: { tags: { one: '1' } } }),
  'PATCH /:scope/tags/:name': () => ({ operation: 'Merge', properties: { tags: { two: '2' } } }),
}

const named = /roleassignments|roledefinitions|denyassignments|locks/

function fill(path: string): string {
  if (path.startsWith('/:scope')) {
    const type = path.split('/')[2] ?? ''
    const provider = type === 'tags' ? 'Microsoft.Resources' : 'Microsoft.Authorization'
    // A lock would block every deletion here.
    const at = type === 'locks' ? group.replace('rg-every', 'rg-locked') : group
    return `${at}/providers/${provider}/${type}${path.includes(':name') ? `/${named.test(type) ? name : 'default'}` : ''}`
  }
  return path
    .replace('/managementgroups/:group/subscriptions', '/managementgroups/every-upper/subscriptions')
    .replace('/managementgroups/:group', '/managementgroups/every-free')
    .replace(':subscription', subscription)
    .replace('/resourcegroups/:group', '/resourcegroups/rg-every')
    .replace(':namespace', 'Microsoft.Storage')
    .replace(':location/deletedvaults/:name', 'westeurope/deletedvaults/kv-every-gone')
    .replace('/vaults/:name', '/vaults/kv-every')
    .replace(':operation/managementgroups', 'create/managementgroups')
    .replace(':operation/asyncoperation', 'create/asyncoperation')
    .replace('accesspolicies/:operation', 'accesspolicies/add')
}

export const ofArm: Family = {
  name: 'Resource Manager',
  routes: [...app.routes.map(({ method, path }) => `${method} ${path}`), ...scoped],
  prepare,
  url: (path) => `${arm}${fill(path)}?api-version=${versionOf(path)}`,
  bodies,
  apart: {
    'POST /providers/microsoft.authorization/elevateaccess': 'answers/managementGroups.test.ts',
    'GET /subscriptions/:subscription/operationresults/:name': 'answers/resourceManager.test.ts',
    'GET /subscriptions/:subscription/providers/microsoft.keyvault/locations/:location/operationresults/:name':
      'resourceManager/vaults.test.ts',
  },
}
