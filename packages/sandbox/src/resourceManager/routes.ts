import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Azure } from '../azure.ts'
import { cloudMetadata } from './cloudMetadata.ts'
import { admit, stamp } from './gate.ts'
import { deleteGroup, deletionResult, getGroup, listGroupResources, listGroups, patchGroup, putGroup } from './groups.ts'
import * as managementGroups from './managementGroups/groups.ts'
import * as groupSubscriptions from './managementGroups/subscriptions.ts'
import { canonical } from './path.ts'
import { getProvider, listProviders, setRegistration } from './providers.ts'
import { missing, refuse } from './refusal.ts'
import type { RequestEnv } from './requestContext.ts'
import { elevateAccess } from './roles/elevation.ts'
import { atScope } from './scoped.ts'
import { getSubscription, listLocations, listSubscriptions, listTenants } from './subscriptions.ts'
import { putAccessPolicies } from './vaults/accessPolicies.ts'
import { getDeleted, listDeleted, operationResult, purgeDeleted } from './vaults/deleted.ts'
import { checkHsmName, checkNameAvailability, listInGroup, listInSubscription, listResources } from './vaults/lists.ts'
import { sweep } from './vaults/vaults.ts'
import { deleteVault, getVault, patchVault, putVault } from './vaults/writes.ts'

const subscription = '/subscriptions/:subscription'
const group = `${subscription}/resourcegroups/:group`
const vaults = `${group}/providers/microsoft.keyvault/vaults`
const vault = `${vaults}/:name`
const provider = `${subscription}/providers/microsoft.keyvault`
const deleted = `${provider}/locations/:location/deletedvaults/:name`

/** Azure Resource Manager, as far as key vaults, access, locks, tags and resource groups go. */
export function resourceManager(azure: Azure): Hono {
  const app = new Hono<RequestEnv>({ getPath: (request) => canonical(new URL(request.url).pathname) })
  app.use(async (asked, next) => {
    await next()
    stamp(azure, asked)
  })
  app.get('/metadata/endpoints', (asked) => cloudMetadata(azure, asked))
  app.use(async (asked, next) => {
    sweep(azure.world, azure.now())
    admit(azure, asked)
    await next()
  })
  app.use(atScope)
  register(app)
  app.notFound(missing)
  app.onError(answer)
  // Only the inner application makes paths canonical, so it must see the original request.
  return new Hono().all('*', (asked) => app.fetch(asked.req.raw))
}

/** Everything that takes a token and has a path of its own; for what exists under any scope see `scoped.ts`. */
export function register(app: Hono<RequestEnv>): void {
  routes(app)
  managementRoutes(app)
}

function routes(app: Hono<RequestEnv>): void {
  app.get('/tenants', listTenants)
  app.get('/subscriptions', listSubscriptions)
  app.get(subscription, getSubscription)
  app.get(`${subscription}/locations`, listLocations)
  app.get(`${subscription}/resources`, listResources)
  app.get(`${subscription}/resourcegroups`, listGroups)
  app.get(`${subscription}/operationresults/:name`, deletionResult)
  app.get(group, getGroup).put(group, putGroup).patch(group, patchGroup).delete(group, deleteGroup)
  app.get(`${group}/resources`, listGroupResources)
  app.get(`${subscription}/providers`, listProviders)
  app.get(`${subscription}/providers/:namespace`, getProvider)
  app.post(`${subscription}/providers/:namespace/register`, (asked) => setRegistration(asked, true))
  app.post(`${subscription}/providers/:namespace/unregister`, (asked) => setRegistration(asked, false))
  app.get(vaults, listInGroup)
  app.get(vault, getVault).put(vault, putVault).patch(vault, patchVault).delete(vault, deleteVault)
  app.put(`${vault}/accesspolicies/:operation`, putAccessPolicies)
  app.get(`${provider}/vaults`, listInSubscription)
  app.get(`${provider}/deletedvaults`, listDeleted)
  app.get(deleted, getDeleted)
  app.post(`${deleted}/purge`, purgeDeleted)
  app.get(`${provider}/locations/:location/operationresults/:name`, operationResult)
  app.post(`${provider}/checknameavailability`, checkNameAvailability)
  // Managed HSMs, of which the sandbox has none: az lists them with the vaults. Every name is free.
  app.post(`${provider}/checkmhsmnameavailability`, checkHsmName)
  for (const type of ['managedhsms', 'deletedmanagedhsms']) app.get(`${provider}/${type}`, (asked) => asked.json({ value: [] }))
}

const management = '/providers/microsoft.management'
const managementGroup = `${management}/managementgroups/:group`

/** What `az account management-group` and azurerm_management_group ask for. */
function managementRoutes(app: Hono<RequestEnv>): void {
  const { getGroup, putGroup, patchGroup, deleteGroup } = managementGroups
  app.get(`${management}/managementgroups`, managementGroups.listGroups)
  app.get(managementGroup, getGroup).put(managementGroup, putGroup)
  app.patch(managementGroup, patchGroup).delete(managementGroup, deleteGroup)
  const results = `${management}/operationresults/:operation`
  app.get(`${results}/managementgroups/:group`, managementGroups.operationResult)
  app.get(`${results}/asyncoperation/status/managementgroups/:group`, managementGroups.operationStatus)
  app.post(`${management}/checknameavailability`, managementGroups.checkNameAvailability)
  const { addSubscription, removeSubscription, getSubscription: ofGroup, listSubscriptions: inGroup } = groupSubscriptions
  const subscriptions = `${managementGroup}/subscriptions`
  app.get(subscriptions, inGroup)
  app.get(`${subscriptions}/:subscription`, ofGroup)
  app.put(`${subscriptions}/:subscription`, addSubscription).delete(`${subscriptions}/:subscription`, removeSubscription)
  app.post('/providers/microsoft.authorization/elevateaccess', elevateAccess)
  app.post(`${management}/getentities`, groupSubscriptions.listEntities)
  for (const name of ['tenantbackfillstatus', 'starttenantbackfill'])
    app.post(`${management}/${name}`, groupSubscriptions.backfillStatus)
}

function answer(error: Error): Response {
  if (error instanceof HTTPException) return error.getResponse()
  return refuse(500, 'InternalServerError', `The sandbox failed: ${error.message}`).getResponse()
}
