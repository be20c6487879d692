import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Azure } from '../azure.ts'
import { putAccessPolicies } from './accessPolicies.ts'
import type { Asked, Surroundings } from './asked.ts'
import { getDeleted, listDeleted, operationResult, purgeDeleted } from './deletedVaults.ts'
import { listPermissions } from './effectivePermissions.ts'
import { admit, stamp } from './gate.ts'
import { getGroup, getSubscription, listSubscriptions, putGroup } from './groups.ts'
import { canonical, plain, scopeOf } from './path.ts'
import { refuse } from './refusal.ts'
import { deleteAssignment, getAssignment, listAssignments, putAssignment } from './roleAssignments.ts'
import { getRoleDefinition, listRoleDefinitions } from './roleDefinitions.ts'
import { checkNameAvailability, listInGroup, listInSubscription, listResources } from './vaultLists.ts'
import { sweep } from './vaults.ts'
import { deleteVault, getVault, patchVault, putVault } from './vaultWrites.ts'

const subscription = '/subscriptions/:subscription'
const group = `${subscription}/resourcegroups/:group`
const vaults = `${group}/providers/microsoft.keyvault/vaults`
const vault = `${vaults}/:name`
const provider = `${subscription}/providers/microsoft.keyvault`
const deleted = `${provider}/locations/:location/deletedvaults/:name`

/** Azure Resource Manager, as far as key vaults, role assignments and resource groups go. */
export function resourceManager(azure: Azure): Hono {
  const app = new Hono<Surroundings>({ getPath: (request) => canonical(new URL(request.url).pathname) })
  app.use(async (asked, next) => {
    await next()
    stamp(azure, asked)
  })
  app.use(async (asked, next) => {
    sweep(azure.world, azure.now())
    admit(azure, asked)
    await next()
  })
  app.use(authorization)
  routes(app)
  app.notFound(missing)
  app.onError(answer)
  // The paths are made canonical by the inner application only: it has to see the request as it came.
  return new Hono().all('*', (asked) => app.fetch(asked.req.raw))
}

function routes(app: Hono<Surroundings>): void {
  app.get('/subscriptions', listSubscriptions)
  app.get(subscription, getSubscription)
  app.get(`${subscription}/resources`, listResources)
  app.get(group, getGroup).put(group, putGroup)
  app.get(vaults, listInGroup)
  app.get(vault, getVault).put(vault, putVault).patch(vault, patchVault).delete(vault, deleteVault)
  app.put(`${vault}/accesspolicies/:operation`, putAccessPolicies)
  app.get(`${provider}/vaults`, listInSubscription)
  app.get(`${provider}/deletedvaults`, listDeleted)
  app.get(deleted, getDeleted)
  app.post(`${deleted}/purge`, purgeDeleted)
  app.get(`${provider}/locations/:location/operationresults/:name`, operationResult)
  app.post(`${provider}/checknameavailability`, checkNameAvailability)
}

const resource = /^(.*)\/providers\/microsoft\.authorization\/(roleassignments|roledefinitions|permissions)(?:\/([^/]+))?$/i

/** Role assignments and definitions stand under any scope, which no route can name. */
async function authorization(asked: Asked, next: () => Promise<void>): Promise<Response | undefined> {
  const [, path, type, name] = resource.exec(decodeURIComponent(plain(new URL(asked.req.url).pathname))) ?? []
  if (path === undefined) {
    await next()
    return undefined
  }
  const scope = scopeOf(path)
  const { method } = asked.req
  if (type?.toLowerCase() === 'permissions')
    return method === 'GET' && name === undefined ? listPermissions(asked, scope) : missing(asked)
  if (type?.toLowerCase() === 'roledefinitions') {
    if (method !== 'GET') return missing(asked)
    return name === undefined ? listRoleDefinitions(asked, scope) : getRoleDefinition(asked, scope, name)
  }
  if (name === undefined) return method === 'GET' ? listAssignments(asked, scope) : missing(asked)
  if (method === 'GET') return getAssignment(asked, scope, name)
  if (method === 'PUT') return putAssignment(asked, scope, name)
  return method === 'DELETE' ? deleteAssignment(asked, scope, name) : missing(asked)
}

function missing(asked: Asked): Response {
  const path = new URL(asked.req.url).pathname
  return refuse(404, 'InvalidResourceType', `The sandbox serves no resource at '${asked.req.method} ${path}'.`).getResponse()
}

function answer(error: Error): Response {
  if (error instanceof HTTPException) return error.getResponse()
  return refuse(500, 'InternalServerError', `The sandbox failed: ${error.message}`).getResponse()
}
