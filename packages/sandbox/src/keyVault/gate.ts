import { randomUUID } from 'node:crypto'
import { type Azure, type Caller, isCaller, type TokenProblem } from '../azure.ts'
import { nameOf } from '../front/hostName.ts'
import { cloudBy } from '../front/hosts.ts'
import { isObject, listAt, same, textAt } from '../resourceManager/json.ts'
import { refusal } from '../resourceManager/refusal.ts'
import { hostOf, originOf } from '../resourceManager/requestContext.ts'
import type { VaultResource } from '../resourceManager/state.ts'
import { isActive, vaultNamed } from '../resourceManager/vaults/vaults.ts'
import { badParameter, refuse } from './errors.ts'
import { queryOf, type RequestContext } from './requestContext.ts'
import { emptyVault } from './state.ts'

/** https://github.com/Azure/azure-rest-api-specs/tree/main/specification/keyvault/data-plane */
const versions = ['2016-10-01', '7.0', '7.1', '7.2', '7.3', '7.4', '7.5', '7.6', '2025-07-01']
/** Older and newer ones in preview, which az asks for keys. */
const previews = ['7.1-preview', '7.2-preview', '7.3-preview', '7.4-preview.1', '7.5-preview.1', '7.6-preview.1', '7.6-preview.2']
/** Only secrets know this one. */
const secretsVersion = '2026-04-01'
const clientAddress = '127.0.0.1'

/** Admits a request for an existing vault with a token of its tenant and a supported api-version, and identifies the caller. */
export function admit(azure: Azure, asked: RequestContext): void {
  const resource = vaultNamed(azure.world, hostOf(asked).split('.')[0] ?? '')
  if (!resource || !isActive(resource)) {
    throw refuse(404, 'VaultNotFound', `There is no key vault at '${hostOf(asked)}'.`)
  }
  asked.set('azure', azure)
  asked.set('resource', resource)
  asked.set('base', originOf(asked))
  asked.set('caller', identify(azure, asked, resource))
  asked.set('version', checkedVersion(asked))
  const key = resource.name.toLowerCase()
  azure.world.vaults[key] ??= emptyVault()
  asked.set('vault', azure.world.vaults[key])
  checkNetwork(asked, resource)
}

const ours: Record<TokenProblem, string> = {
  missing: 'AKV10000: Request is missing a Bearer, PoP, or MTLS_POP token.',
  malformed: 'AKV10001: The bearer token cannot be read or its signature is not valid.',
  expired: '[TokenExpired] Error validating token: the token has expired.',
  audience: 'AKV10022: Invalid audience.',
}

function identify(azure: Azure, asked: RequestContext, resource: VaultResource): Caller {
  const { host, audience } = challengeFor(azure, asked)
  const { tenantId } = resource.properties
  const challenge = `Bearer authorization="https://${host}/${tenantId}", resource="${audience}"`
  const unauthorized = (message: string) => refusal(401, { code: 'Unauthorized', message }, { 'WWW-Authenticate': challenge })
  const caller = azure.authenticate(asked.req.raw, [audience, 'https://vault.azure.net'])
  if (!isCaller(caller)) throw unauthorized(caller === 'audience' ? `${ours.audience} Expected ${audience}.` : ours[caller])
  if (same(caller.tenantId, tenantId)) return caller
  throw unauthorized(
    `AKV10032: Invalid issuer. Expected one of https://sts.windows.net/${tenantId}/, found https://sts.windows.net/${caller.tenantId}/.`,
  )
}

/** Where to sign in, and for what, in the set of names by which the client reaches the vault. */
function challengeFor(azure: Azure, asked: RequestContext): { host: string; audience: string } {
  const { login, vaultSuffix } = cloudBy(azure.world.resources.hosts, hostOf(asked))
  // The service itself has no port; clients compare this with the host that they asked.
  return { host: login, audience: `https://${nameOf(vaultSuffix)}` }
}

function checkedVersion(asked: RequestContext): string {
  const version = queryOf(asked).get('api-version')
  if (!version) throw badParameter('api-version must be specified')
  const known = /^\/+(deleted)?secrets(\/|$)/i.test(new URL(asked.req.url).pathname) ? [...versions, secretsVersion] : versions
  if ([...known, ...previews].includes(version)) return version
  throw badParameter(
    `The specified version (${version}) is not recognized. Consider using the latest supported version (${known.at(-1)}).`,
  )
}

function checkNetwork(asked: RequestContext, { name, location, properties, reached }: VaultResource): void {
  if (reached) return
  if (same(properties.publicNetworkAccess, 'Disabled')) {
    throw refuse(
      403,
      'Forbidden',
      'Public network access is disabled and request is not from a trusted service nor via an approved private link.',
      'ForbiddenByConnection',
    )
  }
  const acls = properties.networkAcls ?? {}
  const open = (listAt(acls, 'ipRules') ?? []).some((rule) => isObject(rule) && textAt(rule, 'value')?.startsWith(clientAddress))
  if (!same(textAt(acls, 'defaultAction') ?? 'Allow', 'Deny') || open) return
  const { appId, objectId, tenantId } = asked.var.caller
  throw refuse(
    403,
    'Forbidden',
    `Client address is not authorized and caller is not a trusted service.\r\nClient address: ${clientAddress}\r\nCaller: appid=${appId};oid=${objectId};iss=https://sts.windows.net/${tenantId}/\r\nVault: ${name};location=${location}`,
    'ForbiddenByFirewall',
  )
}

/** The headers that every answer carries. */
export function stamp(asked: RequestContext): void {
  const headers: Record<string, string> = {
    'Cache-Control': 'no-cache',
    Pragma: 'no-cache',
    Expires: '-1',
    'Strict-Transport-Security': 'max-age=31536000;includeSubDomains',
    'X-Content-Type-Options': 'nosniff',
    'x-ms-keyvault-region': asked.var.resource?.location ?? 'westeurope',
    'x-ms-keyvault-service-version': '1.9.3070.2',
    'x-ms-keyvault-network-info': `conn_type=Ipv4;addr=${clientAddress};act_addr_fam=InterNetwork;`,
    'x-ms-request-id': randomUUID(),
  }
  const clientId = asked.req.header('x-ms-client-request-id')
  if (clientId !== undefined) headers['x-ms-client-request-id'] = clientId
  if (asked.var.assignment !== undefined) {
    headers['x-ms-keyvault-rbac-assignment-id'] = asked.var.assignment.replaceAll('-', '')
    headers['x-ms-keyvault-rbac-cache'] = 'ra_age=0;rd_age=0;brd_age=0;ra_notif_recv=0;dec_lev=0;'
  }
  if (asked.res.headers.get('content-type')?.startsWith('application/json')) {
    headers['Content-Type'] = 'application/json; charset=utf-8'
  }
  for (const [name, value] of Object.entries(headers)) asked.header(name, value)
}
