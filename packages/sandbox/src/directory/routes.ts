import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import type { Azure } from '../azure.ts'
import {
  countApplications,
  createApplication,
  deleteApplication,
  getApplication,
  listApplications,
  updateApplication,
} from './applications.ts'
import { getAssignment, grant, listAssignments, revoke, type Side } from './assignments.ts'
import { batch } from './batch.ts'
import { addKey, removeKey } from './credentials/keyActions.ts'
import { addPassword, removePassword } from './credentials/passwordActions.ts'
import { delta, deltaOfObjects } from './delta/delta.ts'
import { tracked } from './delta/tracked.ts'
import { admit, answer, type RequestEnv, refused, stamp, tenantSegment } from './gate.ts'
import { modelDocument } from './model/modelDocument.ts'
import { getDeleted, listDeleted, purge, restore, sweep } from './objects/deletedItems.ts'
import { forUserOr, getDeletedUser, listDeletedUsers, purgeUser, restoreUser } from './objects/deletedUsers.ts'
import type { Registered } from './objects/find.ts'
import { neighbours } from './objects/neighbours.ts'
import { addOwner, getOwner, listOwners, removeOwner } from './objects/owners.ts'
import { noSegment, notAllowed, Refusal } from './refusal.ts'
import {
  countServicePrincipals,
  createServicePrincipal,
  deleteServicePrincipal,
  getServicePrincipal,
  listServicePrincipals,
  updateServicePrincipal,
} from './servicePrincipals.ts'
import { getOrganization, getPolicy, listOrganization, updatePolicy } from './tenant.ts'

type App = Hono<RequestEnv>

/** Microsoft Graph v1.0, as far as registrations and consent go. */
export function directory(azure: Azure): App {
  const app: App = new Hono<RequestEnv>({ getPath: ({ url }) => canonical(new URL(url).pathname) })
  app.use(async (asked, next) => {
    asked.set('requestId', randomUUID())
    await next()
    stamp(asked)
  })
  // The model needs no token.
  app.get('/v1.0/$metadata', ({ req, body }) =>
    body(modelDocument(/\/beta\//.test(req.url) ? 'beta' : 'v1.0'), 200, { 'Content-Type': 'application/xml' }),
  )
  app.use(async (asked, next) => {
    admit(azure, asked)
    sweep(asked.var.tenant, azure.now())
    await next()
  })
  register(app)
  app.notFound((asked) => refused(azure, unknown(asked.req.path), asked))
  app.onError((error, asked) => {
    if (error instanceof Refusal) return refused(azure, error, asked)
    throw error
  })
  return app
}

/** Everything that takes a token. */
export function register(app: App): void {
  // Before `:key`, which would take the function for an object.
  for (const each of tracked)
    app.get(`/v1.0/${each.collection}/:function{(microsoft\\.graph\\.)?delta(\\(\\))?}`, (asked) => delta(asked, each))
  app.get('/v1.0/directoryObjects/:function{(microsoft\\.graph\\.)?delta(\\(\\))?}', deltaOfObjects)
  registrations(app)
  for (const name of ['applications', 'servicePrincipals'] as const) parts(app, name)
  for (const side of ['appRoleAssignments', 'appRoleAssignedTo'] as const) consent(app, 'servicePrincipals', side)
  // Roles can be assigned to users and groups, but those have none to assign.
  for (const holders of ['users', 'groups']) consent(app, holders, 'appRoleAssignments')
  neighbours(app)
  rest(app)
}

function registrations(app: App): void {
  app.get('/v1.0/applications', listApplications)
  app.post('/v1.0/applications', createApplication)
  app.get('/v1.0/applications/$count', countApplications)
  app.get('/v1.0/applications/:key', getApplication)
  app.patch('/v1.0/applications/:key', updateApplication)
  app.delete('/v1.0/applications/:key', deleteApplication)
  app.get('/v1.0/servicePrincipals', listServicePrincipals)
  app.post('/v1.0/servicePrincipals', createServicePrincipal)
  app.get('/v1.0/servicePrincipals/$count', countServicePrincipals)
  app.get('/v1.0/servicePrincipals/:key', getServicePrincipal)
  app.patch('/v1.0/servicePrincipals/:key', updateServicePrincipal)
  app.delete('/v1.0/servicePrincipals/:key', deleteServicePrincipal)
}

/** What applications and service principals have in common. */
function parts(app: App, name: Registered): void {
  const object = `/v1.0/${name}/:key`
  app.post(`${object}/addPassword`, (asked) => addPassword(asked, name))
  app.post(`${object}/removePassword`, (asked) => removePassword(asked, name))
  app.post(`${object}/addKey`, (asked) => addKey(asked, name))
  app.post(`${object}/removeKey`, (asked) => removeKey(asked, name))
  app.get(`${object}/owners`, (asked) => listOwners(asked, name))
  app.get(`${object}/owners/:cast{(microsoft\\.)?graph\\.\\w+}`, (asked) => listOwners(asked, name))
  app.post(`${object}/owners/$ref`, (asked) => addOwner(asked, name))
  const owner = `${object}/owners/:owner/$ref`
  app.get(owner, (asked) => getOwner(asked, name)).delete(owner, (asked) => removeOwner(asked, name))
  for (const path of [`/v1.0/${name}`, object]) app.all(path, refuseMethod)
}

function consent(app: App, holders: string, side: Side): void {
  const path = `/v1.0/${holders}/:key/${side}`
  app.get(path, (asked) => listAssignments(asked, side))
  app.post(path, (asked) => grant(asked, side))
  app.get(`${path}/:assignment`, (asked) => getAssignment(asked, side))
  app.delete(`${path}/:assignment`, (asked) => revoke(asked, side))
  app.all(`${path}/:assignment`, refuseMethod)
}

function rest(app: App): void {
  const deleted = '/v1.0/directory/deletedItems'
  app.get(`${deleted}/:item{(microsoft\\.)?graph\\.(application|servicePrincipal)}`, listDeleted)
  app.get(`${deleted}/:item{(microsoft\\.)?graph\\.user}`, listDeletedUsers)
  app.get(`${deleted}/:item`, forUserOr(getDeletedUser, getDeleted))
  app.post(`${deleted}/:item/restore`, forUserOr(restoreUser, restore))
  app.delete(`${deleted}/:item`, forUserOr(purgeUser, purge))
  app.get('/v1.0/organization', listOrganization)
  app.get('/v1.0/organization/:id', getOrganization)
  app.get('/v1.0/policies/defaultAppManagementPolicy', getPolicy).patch('/v1.0/policies/defaultAppManagementPolicy', updatePolicy)
  app.post('/v1.0/$batch', async (asked) => {
    const send = async (request: Request): Promise<Response> => app.fetch(request)
    return answer(asked, await batch(asked.req.raw, asked.var.root, send))
  })
}

const refuseMethod = (): never => {
  throw notAllowed()
}

function unknown(path: string): Refusal {
  const [version = '', ...segments] = path.split('/').filter((segment) => segment !== '')
  // `canonical` has turned beta into v1.0.
  if (version !== 'v1.0') return new Refusal(400, 'BadRequest', `Invalid version: ${version}`)
  return noSegment(segments.at(-1) ?? '')
}

/** Both versions by the paths of v1.0; what differs is what they show. A tenant named before the collection is left out. Keys in parentheses, `applications(appId='…')`, as a segment of their own; repeated slashes as one. */
function canonical(path: string): string {
  const plain = path.replace(/%28/g, '(').replace(/%29/g, ')').replace(/%27/g, "'").replace(/%3D/gi, '=')
  const keyed = plain.replace(
    /\((?:(appId|uniqueName|roleTemplateId|name|id)=)?'((?:[^']|'')*)'\)/g,
    (_all, name?: string, value = '') => {
      const written = String(value).replaceAll("''", "'").replaceAll('/', '%2F')
      return `/${name === undefined || name === 'id' ? '' : `${name}=`}${written}`
    },
  )
  return keyed
    .replace(/\/{2,}/g, '/')
    .replace(/(.)\/$/, '$1')
    .replace(/^\/beta(?=\/|$)/, '/v1.0')
    .replace(tenantSegment, '/v1.0/')
}
