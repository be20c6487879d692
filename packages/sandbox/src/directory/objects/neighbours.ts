import type { Hono } from 'hono'
import { createFederated, deleteFederated, getFederated, listFederated, updateFederated } from '../credentials/federated.ts'
import { addTokenSigningCertificate } from '../credentials/tokenSigning.ts'
import type { RequestEnv } from '../gate.ts'
import { roleRoutes } from '../roles/routes.ts'
import { type Assignable, assign, listAssigned, listHolders, unassign } from './assignedPolicies.ts'
import { getByIds, getDirectoryObject } from './directoryObjects.ts'
import { getDomain, listDomains } from './domains.ts'
import { keyOf, required } from './find.ts'
import { type ObjectKindName, objectKinds } from './kinds.ts'
import { getLogo, putLogo } from './logo.ts'
import { addMember, addMembers, getMember, listMembers, removeMember } from './members.ts'
import { checkMemberships, getMemberships, type Holders, listMemberships } from './memberships.ts'
import {
  activeObjects,
  countObjects,
  createObject,
  delegatedOnly,
  deleteObject,
  findObject,
  getObject,
  listObjects,
  updateObject,
} from './objects.ts'
import { getTemplate, instantiate, listTemplates } from './templates.ts'

type App = Hono<RequestEnv>

/** What other clients ask for besides registrations and consent. */
export function neighbours(app: App): void {
  for (const kind of ['user', 'group', 'permissionGrant', 'claimsMappingPolicy', 'appManagementPolicy'] as const)
    collection(app, kind)
  policies(app)
  groups(app)
  grants(app, 'servicePrincipals', 'clientId')
  grants(app, 'users', 'principalId')
  for (const holders of ['users', 'groups', 'servicePrincipals', 'directoryObjects'] as const) memberships(app, holders)
  const federated = '/v1.0/applications/:key/federatedIdentityCredentials'
  app.get(federated, listFederated).post(federated, createFederated)
  const credential = `${federated}/:credential`
  app.get(credential, getFederated).patch(credential, updateFederated).delete(credential, deleteFederated)
  app.get('/v1.0/domains', listDomains)
  app.get('/v1.0/domains/:id', getDomain)
  app.post('/v1.0/directoryObjects/getByIds', getByIds)
  app.get('/v1.0/directoryObjects/:id', getDirectoryObject)
  templates(app)
  roleRoutes(app)
  for (const path of ['/v1.0/me', '/v1.0/me/*']) app.all(path, delegatedOnly)
}

function collection(app: App, kind: ObjectKindName): void {
  const path = `/v1.0/${objectKinds[kind].collection}`
  app.get(path, (asked) => listObjects(asked, kind))
  app.post(path, (asked) => createObject(asked, kind))
  app.get(`${path}/$count`, (asked) => countObjects(asked, kind))
  app.get(`${path}/:key`, (asked) => getObject(asked, kind))
  if (kind !== 'group') app.patch(`${path}/:key`, (asked) => updateObject(asked, kind))
  app.delete(`${path}/:key`, (asked) => deleteObject(asked, kind))
}

function memberships(app: App, holders: Holders): void {
  const object = `/v1.0/${holders}/:key`
  for (const [name, kinds] of [
    ['Groups', 'groups'],
    ['Objects', 'objects'],
  ] as const) {
    app.post(`${object}/getMember${name}`, (asked) => getMemberships(asked, holders, kinds))
    app.post(`${object}/checkMember${name}`, (asked) => checkMemberships(asked, holders, kinds))
  }
  if (holders === 'directoryObjects') return
  app.get(`${object}/memberOf`, (asked) => listMemberships(asked, holders, false))
  app.get(`${object}/transitiveMemberOf`, (asked) => listMemberships(asked, holders, true))
}

/** Grants that concern one object: those of an application, or those in the name of a user. */
function grants(app: App, holders: 'servicePrincipals' | 'users', by: 'clientId' | 'principalId'): void {
  app.get(`/v1.0/${holders}/:key/oauth2PermissionGrants`, (asked) => {
    const key = asked.req.param('key') ?? ''
    const { id } = holders === 'users' ? findObject(asked, 'user', key) : required(asked, 'servicePrincipals', keyOf(key))
    const own = activeObjects(asked.var.tenant, 'permissionGrant').filter(({ more }) => more[by] === id)
    return listObjects(asked, 'permissionGrant', own)
  })
}

function templates(app: App): void {
  const template = '/v1.0/applicationTemplates'
  app.get(template, listTemplates).get(`${template}/:key`, getTemplate)
  app.post(`${template}/:key/instantiate`, instantiate).post(`${template}/:key/microsoft.graph.instantiate`, instantiate)
  const principal = '/v1.0/servicePrincipals/:key'
  app.post(`${principal}/addTokenSigningCertificate`, addTokenSigningCertificate)
  app.get('/v1.0/applications/:key/logo', getLogo).put('/v1.0/applications/:key/logo', putLogo)
}

const assignable: readonly Assignable[] = [
  { kind: 'claimsMappingPolicy', holders: 'servicePrincipals' },
  { kind: 'appManagementPolicy', holders: 'servicePrincipals' },
  { kind: 'appManagementPolicy', holders: 'applications' },
]

function policies(app: App): void {
  for (const each of assignable) {
    const path = `/v1.0/${each.holders}/:key/${each.kind === 'claimsMappingPolicy' ? 'claimsMappingPolicies' : 'appManagementPolicies'}`
    app.get(path, (asked) => listAssigned(asked, each))
    app.post(`${path}/$ref`, (asked) => assign(asked, each))
    app.delete(`${path}/:policy/$ref`, (asked) => unassign(asked, each))
  }
  app.get('/v1.0/policies/appManagementPolicies/:key/appliesTo', listHolders)
}

function groups(app: App): void {
  const group = '/v1.0/groups/:key'
  app.patch(group, async (asked) => ((await addMembers(asked)) ? asked.body(null, 204) : updateObject(asked, 'group')))
  for (const role of ['members', 'owners'] as const) {
    app.get(`${group}/${role}`, (asked) => listMembers(asked, role))
    app.get(`${group}/${role}/:cast{(microsoft\\.)?graph\\.\\w+}`, (asked) => listMembers(asked, role))
    app.post(`${group}/${role}/$ref`, (asked) => addMember(asked, role))
    const member = `${group}/${role}/:member/$ref`
    app.get(member, (asked) => getMember(asked, role)).delete(member, (asked) => removeMember(asked, role))
  }
  app.get(`${group}/transitiveMembers`, (asked) => listMembers(asked, 'members'))
}
