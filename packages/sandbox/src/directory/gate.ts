import type { Context } from 'hono'
import { type Azure, type Caller, isCaller, type TokenProblem } from '../azure.ts'
import { own } from '../front/hosts.ts'
import { queryOf as queryIn, watchBody } from '../honoured.ts'
import { appIds } from './firstParty.ts'
import { type JsonObject, readObject } from './json.ts'
import { errorBody, noSegment, Refusal } from './refusal.ts'
import { type Replica, someReplica } from './replicas.ts'
import type { Tenant } from './state.ts'

/** What the routes know about a request that passed the gate. */
export interface RequestEnv {
  Variables: {
    azure: Azure
    caller: Caller
    tenant: Tenant
    /** The replica that answers this request. */
    replica: Replica
    /** `https://host/v1.0` or `…/beta`, as the client asked for it. */
    root: string
    /** Which shape objects have. */
    version: 'v1.0' | 'beta'
    requestId: string
    /** Object id of the caller's service principal. */
    callerId: string
  }
}

export type RequestContext = Context<RequestEnv>

const problems: Record<TokenProblem, string> = {
  missing: 'Access token is empty.',
  malformed: 'CompactToken parsing failed with error code: 80049217',
  expired: 'Access token has expired or is not yet valid.',
  audience: 'Access token validation failure. Invalid audience.',
}

/** A path may name the caller's tenant before the collection, by id or as `myorganization`; azuread up to 2.x does. */
export const tenantSegment = /^\/+(?:v1\.0|beta)\/+(myorganization|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/+(?=.)/i

/** Admits a request that carries a token for Graph. */
export function admit(azure: Azure, asked: RequestContext): void {
  const { host, origin, pathname } = new URL(asked.req.url)
  const version = /^\/+beta(\/|$)/.test(pathname) ? 'beta' : 'v1.0'
  asked.set('azure', azure)
  asked.set('version', version)
  asked.set('root', `${origin}/${version}`)
  const caller = azure.authenticate(asked.req.raw, audiences(azure, host))
  if (!isCaller(caller)) throw new Refusal(401, 'InvalidAuthenticationToken', problems[caller])
  const tenant = azure.world.directory.tenants[caller.tenantId]
  if (tenant === undefined)
    throw new Refusal(404, 'Directory_ObjectNotFound', 'Unable to read the company information from the directory.')
  const named = tenantSegment.exec(pathname)?.[1]?.toLowerCase()
  if (named !== undefined && named !== 'myorganization' && named !== tenant.id) throw noSegment(named)
  asked.set('caller', caller)
  asked.set('callerId', caller.objectId)
  asked.set('tenant', tenant)
  asked.set('replica', someReplica(azure, tenant))
}

const audiences = (azure: Azure, host: string): readonly string[] => [
  `https://${host}`,
  `https://${azure.world.resources.hosts.graph}`,
  `https://${own.graph}`,
  'https://graph.microsoft.com',
  appIds.graph,
]

export async function bodyOf(asked: RequestContext): Promise<JsonObject> {
  const body = readObject(await asked.req.text())
  watchBody(asked.req.raw, body)
  return body
}

export const queryOf = (asked: RequestContext): URLSearchParams => queryIn(asked.req.raw)

const clientId = (asked: RequestContext): string => asked.req.header('client-request-id') ?? asked.var.requestId

/** The answer to a refused request. */
export function refused(azure: Azure, refusal: Refusal, asked: RequestContext): Response {
  const body = errorBody(refusal, { request: asked.var.requestId, client: clientId(asked) }, azure.now())
  if (refusal.status === 401) asked.header('WWW-Authenticate', challenge(azure))
  // Hono would name a character set; Graph's refusals do not.
  return asked.body(JSON.stringify(body), refusal.status, { 'Content-Type': 'application/json' })
}

const challenge = (azure: Azure): string =>
  `Bearer realm="", authorization_uri="https://${azure.world.resources.hosts.login}/common/oauth2/authorize", client_id="${appIds.graph}"`

/** Answers with the requested object or list. */
export const answer = (asked: RequestContext, body: object, status: 200 | 201 = 200): Response =>
  asked.body(JSON.stringify(body), status, {
    'Content-Type': 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
    'OData-Version': '4.0',
  })

/** The answer to a creation says where the new object is. */
export function created(asked: RequestContext, body: object, object: { id: string; type: string }): Response {
  asked.header('Location', directoryPlace(asked.var.root, asked.var.tenant.id, object))
  return answer(asked, body, 201)
}

/** The object's address in the directory, as in references and the header Location. */
export const directoryPlace = (root: string, tenantId: string, { id, type }: { id: string; type: string }): string =>
  `${new URL(root).origin}/v2/${tenantId}/directoryObjects/${id}/Microsoft.DirectoryServices.${type}`

const place = JSON.stringify({
  ServerInfo: { DataCenter: 'West Europe', Slice: 'E', Ring: '5', ScaleUnit: '000', RoleInstance: 'AM2PEPF00000001' },
})

/** The headers that every answer carries. */
export function stamp(asked: RequestContext): void {
  const lists = asked.req.method === 'GET' && /\/applications\/?$/.test(asked.req.path)
  const headers = {
    'Cache-Control': 'no-cache',
    'Strict-Transport-Security': 'max-age=31536000',
    Vary: 'Accept-Encoding',
    'request-id': asked.var.requestId,
    'client-request-id': clientId(asked),
    'x-ms-ags-diagnostic': place,
    'x-ms-resource-unit': lists ? '2' : '1',
  }
  for (const [name, value] of Object.entries(headers)) asked.header(name, value)
}
