import type { Azure } from '../azure.ts'
import { headerOf, queryOf } from '../honoured.ts'
import { requireTableAccess, userOf } from './access.ts'
import { bulk, bulkDelete } from './bulk.ts'
import { definitions, serviceDocument } from './metadata.ts'
import { modelDocument } from './modelDocument.ts'
import { userFunction } from './query/functions.ts'
import { shapeOf } from './query/query.ts'
import { count, list, singleRow } from './read.ts'
import { etag } from './represent.ts'
import { serveAssociation } from './roles/serveAssociation.ts'
import { follow, type Scope } from './scope.ts'
import type { OrganizationState } from './state.ts'
import { propertyName, type Table, tables } from './tables.ts'
import { cellOf } from './values.ts'
import { empty, json } from './wire/answer.ts'
import { readJson, reference } from './wire/body.ts'
import { type Resource, resourceOf } from './wire/path.ts'
import { preferences } from './wire/preferences.ts'
import { badPayload, notSupported } from './wire/refusal.ts'
import { create, deleteRow, existing, setCell, upsert } from './write.ts'

type Of<Kind extends Resource['kind']> = Extract<Resource, { readonly kind: Kind }>

/** Answers one request to an organization's Web API; throws refusals. A `$batch` has been split up by then. */
export async function serve(
  azure: Azure,
  organization: OrganizationState,
  version: string,
  path: string,
  request: Request,
): Promise<Response> {
  const user = userOf(azure, organization, request)
  const root = `${new URL(request.url).origin}/api/data/${version}`
  const scope: Scope = { azure, organization, user, root }
  const resource = resourceOf(path)
  switch (resource.kind) {
    case 'rows':
    case 'count':
      return serveRows(scope, resource, request)
    case 'bulk':
      if (request.method !== 'POST') throw notSupported(request.method, resource.table.name)
      return bulk(scope, resource.table, resource.action, request)
    case 'bulkDelete':
      if (request.method !== 'POST') throw notSupported(request.method, resource.kind)
      return bulkDelete(scope, request)
    case 'association':
      return serveAssociation(scope, resource, request)
    case 'row':
      return serveRow(scope, resource, request)
    case 'property':
    case 'value':
      return serveProperty(scope, resource, request)
    case 'related':
    case 'link':
      return serveNavigation(scope, resource, request)
    case 'function':
      return serveFunction(scope, resource, request)
    default:
      return serveModel(scope, resource, request)
  }
}

function serveFunction(scope: Scope, { id, call }: Of<'function'>, request: Request): Response {
  if (request.method !== 'GET') throw notSupported(request.method, 'systemuser')
  requireTableAccess(scope.organization, scope.user, 'Read', tables.systemuser)
  return json(200, userFunction(scope, id, call, queryOf(request)))
}

/** Of the organization, as RetrieveVersion tells it. */
const build = '9.2.25063.00168'

function serveModel(
  scope: Scope,
  resource: Of<'document' | 'metadata' | 'whoAmI' | 'version' | 'batch' | 'definitions'>,
  request: Request,
): Response {
  if (request.method !== 'GET') throw notSupported(request.method, resource.kind)
  if (resource.kind === 'document') return json(200, serviceDocument(scope))
  if (resource.kind === 'definitions') return json(200, definitions(scope, resource.segments, queryOf(request)))
  if (resource.kind === 'version')
    return json(200, {
      '@odata.context': `${scope.root}/$metadata#Microsoft.Dynamics.CRM.RetrieveVersionResponse`,
      Version: build,
    })
  if (resource.kind === 'whoAmI') {
    return json(200, {
      '@odata.context': `${scope.root}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
      BusinessUnitId: scope.organization.businessUnitId,
      UserId: scope.user.id,
      OrganizationId: scope.organization.id,
    })
  }
  if (resource.kind === 'metadata') return new Response(modelDocument(), { headers: { 'Content-Type': 'application/xml' } })
  throw notSupported(request.method, '$batch')
}

async function serveRows(scope: Scope, resource: Of<'rows' | 'count'>, request: Request): Promise<Response> {
  const { kind, table } = resource
  if (kind === 'rows' && request.method === 'POST') return create(scope, table, request)
  if (request.method !== 'GET') throw notSupported(request.method, table.name)
  requireTableAccess(scope.organization, scope.user, 'Read', table)
  const search = queryOf(request)
  if (kind === 'count') return new Response(String(count(scope, table, search)), { headers: { 'Content-Type': 'text/plain' } })
  const wanted = preferences(request)
  return json(
    200,
    list(scope, table, search, wanted),
    wanted.applied === undefined ? {} : { 'Preference-Applied': wanted.applied },
  )
}

async function serveRow(scope: Scope, { table, id }: Of<'row'>, request: Request): Promise<Response> {
  if (request.method === 'PATCH') return upsert(scope, table, id, request)
  if (request.method === 'DELETE') return deleteRow(scope, table, id, request)
  if (request.method !== 'GET') throw notSupported(request.method, table.name)
  return showRow(scope, table, id, request)
}

function showRow(scope: Scope, table: Table, id: string, request: Request): Response {
  requireTableAccess(scope.organization, scope.user, 'Read', table)
  const row = existing(scope, table, id)
  if (headerOf(request, 'if-none-match') === etag(row)) return empty(304, { ETag: etag(row) })
  const search = queryOf(request)
  const shape = shapeOf(table, search.get('$select') ?? undefined, search.get('$expand') ?? undefined)
  const wanted = preferences(request)
  const applied: Record<string, string> = wanted.applied === undefined ? {} : { 'Preference-Applied': wanted.applied }
  return json(200, singleRow(scope, table, row, shape, wanted), { ETag: etag(row), ...applied })
}

async function serveProperty(
  scope: Scope,
  { kind, table, id, column }: Of<'property' | 'value'>,
  request: Request,
): Promise<Response> {
  if (kind === 'property' && request.method === 'DELETE') return setCell(scope, table, id, column, null)
  if (kind === 'property' && request.method === 'PUT') {
    const { value } = await readJson(table, request)
    return setCell(scope, table, id, column, cellOf(table, column, value ?? null))
  }
  if (request.method !== 'GET') throw notSupported(request.method, table.name)
  requireTableAccess(scope.organization, scope.user, 'Read', table)
  const value = column.read ? (existing(scope, table, id).cells[column.name] ?? null) : null
  if (value === null) return empty(204)
  if (kind === 'value') return new Response(String(value), { headers: { 'Content-Type': 'text/plain' } })
  return json(200, { '@odata.context': `${scope.root}/$metadata#${table.set}(${id})/${propertyName(column)}`, value })
}

async function serveNavigation(scope: Scope, resource: Of<'related' | 'link'>, request: Request): Promise<Response> {
  const { kind, table, id, navigation } = resource
  const { column } = navigation
  if (kind === 'link' && request.method === 'DELETE') return setCell(scope, table, id, column, null)
  if (kind === 'link' && request.method === 'PUT') {
    const target = (await readJson(table, request))['@odata.id']
    if (typeof target !== 'string')
      throw badPayload(table.set, 'Microsoft.OData.ODataException: An entity reference link needs @odata.id.')
    return setCell(scope, table, id, column, reference(scope, table, navigation, target))
  }
  if (request.method !== 'GET') throw notSupported(request.method, table.name)
  requireTableAccess(scope.organization, scope.user, 'Read', table)
  const linked = existing(scope, table, id).cells[column.name]
  const found = typeof linked === 'string' ? follow(scope.organization, navigation.targets, linked) : undefined
  if (found === undefined) return empty(204)
  if (kind === 'related') return showRow(scope, found.table, found.row.id, request)
  return json(200, {
    '@odata.context': `${scope.root}/$metadata#$ref`,
    '@odata.id': `${scope.root}/${found.table.set}(${found.row.id})`,
  })
}
