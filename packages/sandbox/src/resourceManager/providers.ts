import { same } from './json.ts'
import { page } from './paging.ts'
import { refuse } from './refusal.ts'
import { type RequestContext, requireAction } from './requestContext.ts'
import { keyVaultVersions, managementVersions, resourceVersions, roleVersions } from './versions.ts'

/** Namespaces that clients look for before they start; the sandbox has resources of the first three. */
const namespaces: Readonly<Record<string, readonly (readonly [type: string, versions: readonly string[]])[]>> = {
  'Microsoft.KeyVault': [
    ['vaults', keyVaultVersions],
    ['deletedVaults', keyVaultVersions],
    ['locations', keyVaultVersions],
    ['operations', keyVaultVersions],
  ],
  'Microsoft.Authorization': [
    ['roleAssignments', roleVersions],
    ['roleDefinitions', roleVersions],
    ['locks', ['2020-05-01', '2017-04-01', '2016-09-01', '2015-01-01']],
    ['denyAssignments', ['2022-04-01', '2018-07-01-preview']],
  ],
  'Microsoft.Resources': [
    ['subscriptions', resourceVersions],
    ['resourceGroups', resourceVersions],
    ['tags', resourceVersions],
  ],
  'Microsoft.Management': ['managementGroups', 'getEntities', 'checkNameAvailability', 'operationResults'].map(
    (type) => [type, managementVersions] as const,
  ),
  ...Object.fromEntries(
    'Compute ContainerService Insights ManagedIdentity Network OperationalInsights PolicyInsights Storage Web AAD ADHybridHealthService'
      .split(' ')
      .map((name) => [`Microsoft.${name}`, []]),
  ),
}

/** These are there without being registered. */
const always = ['Microsoft.Authorization', 'Microsoft.Resources']

const subscriptionOf = (asked: RequestContext): string => (asked.req.param('subscription') ?? '').toLowerCase()

const isRegistered = (asked: RequestContext, namespace: string): boolean => {
  const { registrations = {} } = asked.var.azure.world.resources
  const changed = registrations[subscriptionOf(asked)]?.[namespace.toLowerCase()]
  return always.includes(namespace) || (changed ?? namespace === 'Microsoft.KeyVault')
}

const view = (asked: RequestContext, namespace: string) => ({
  id: `/subscriptions/${subscriptionOf(asked)}/providers/${namespace}`,
  namespace,
  registrationPolicy: always.includes(namespace) ? 'RegistrationFree' : 'RegistrationRequired',
  registrationState: isRegistered(asked, namespace) ? 'Registered' : 'NotRegistered',
  resourceTypes: (namespaces[namespace] ?? []).map(([resourceType, apiVersions]) => ({
    resourceType,
    locations: ['West Europe', 'North Europe', 'East US'],
    apiVersions: [...apiVersions].reverse(),
    capabilities: 'SupportsTags, SupportsLocation',
  })),
})

export function listProviders(asked: RequestContext): Response {
  requireAction(asked, 'Microsoft.Resources/subscriptions/providers/read', `/subscriptions/${subscriptionOf(asked)}`)
  return asked.json(
    page(
      asked,
      Object.keys(namespaces).map((namespace) => view(asked, namespace)),
    ),
  )
}

function known(asked: RequestContext): string {
  const wanted = asked.req.param('namespace') ?? ''
  const found = Object.keys(namespaces).find((one) => same(one, wanted))
  if (found !== undefined) return found
  throw refuse(404, 'InvalidResourceNamespace', `The resource namespace '${wanted}' is invalid.`)
}

export function getProvider(asked: RequestContext): Response {
  requireAction(asked, 'Microsoft.Resources/subscriptions/providers/read', `/subscriptions/${subscriptionOf(asked)}`)
  return asked.json(view(asked, known(asked)))
}

/** `POST …/register` and `…/unregister`: done at once, where the service takes minutes. */
export function setRegistration(asked: RequestContext, registered: boolean): Response {
  const namespace = known(asked)
  const verb = registered ? 'register' : 'unregister'
  requireAction(asked, `${namespace}/${verb}/action`, `/subscriptions/${subscriptionOf(asked)}`)
  const { resources } = asked.var.azure.world
  const changed = { ...resources.registrations?.[subscriptionOf(asked)], [namespace.toLowerCase()]: registered }
  resources.registrations = { ...resources.registrations, [subscriptionOf(asked)]: changed }
  return asked.json(view(asked, namespace))
}
