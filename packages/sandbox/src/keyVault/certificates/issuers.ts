import { booleanAt, isObject, type JsonObject, listAt, objectAt, textAt } from '../../resourceManager/json.ts'
import { checkedName } from '../erasable.ts'
import { badParameter, refuse } from '../errors.ts'
import { byName, page } from '../paging.ts'
import { bodyOf, nameOf, type RequestContext, secondsOf } from '../requestContext.ts'
import { requirePermission } from '../requirePermission.ts'
import type { Issuer } from '../state.ts'

/** The last one is Microsoft's own; azurerm's acceptance tests create issuers of it (`azurerm_key_vault_certificate_issuer`). */
const providers = ['DigiCert', 'GlobalSign', 'Test', 'OneCertV2-PrivateCA']

const idOf = ({ var: { base } }: RequestContext, name: string): string => `${base}/certificates/issuers/${name}`

/** The password of the account is never shown. */
function view(asked: RequestContext, { name, provider, credentials, org_details, attributes }: Issuer) {
  return {
    id: idOf(asked, name),
    provider,
    ...(credentials?.account_id !== undefined && { credentials: { account_id: credentials.account_id } }),
    ...(org_details && { org_details }),
    attributes,
  }
}

function requiredIssuer(asked: RequestContext): Issuer {
  const issuer = asked.var.vault.issuers[checkedName(nameOf(asked))]
  if (issuer) return issuer
  throw refuse(404, 'CertificateIssuerNotFound', 'Issuer not found')
}

export function listIssuers(asked: RequestContext): Response {
  requirePermission(asked, 'certificates', 'listissuers')
  const items = byName(asked.var.vault.issuers).map(({ name, provider }) => ({ id: idOf(asked, name), provider }))
  return asked.json(page(asked, items))
}

export function getIssuer(asked: RequestContext): Response {
  requirePermission(asked, 'certificates', 'getissuers')
  return asked.json(view(asked, requiredIssuer(asked)))
}

export async function putIssuer(asked: RequestContext): Promise<Response> {
  const body = await bodyOf(asked)
  requirePermission(asked, 'certificates', 'setissuers')
  const name = nameOf(asked)
  const key = checkedName(name)
  if (textAt(body, 'provider') === undefined) throw badParameter("The parameter 'provider' is not specified.")
  const now = secondsOf(asked.var.azure.now())
  const attributes = { enabled: true, created: now, updated: now }
  const issuer = changed({ name, provider: '', attributes }, body, now)
  asked.var.vault.issuers[key] = issuer
  return asked.json(view(asked, issuer))
}

export async function patchIssuer(asked: RequestContext): Promise<Response> {
  const body = await bodyOf(asked)
  requirePermission(asked, 'certificates', 'setissuers')
  const present = requiredIssuer(asked)
  const issuer = changed(present, body, secondsOf(asked.var.azure.now()))
  asked.var.vault.issuers[present.name.toLowerCase()] = issuer
  return asked.json(view(asked, issuer))
}

function changed(present: Issuer, body: JsonObject, now: number): Issuer {
  const provider = textAt(body, 'provider') ?? present.provider
  if (!providers.includes(provider)) {
    throw badParameter(`The provider '${provider}' is not supported. Use one of: ${providers.join(', ')}.`)
  }
  const given = objectAt(body, 'credentials')
  const account_id = textAt(given, 'account_id') ?? present.credentials?.account_id
  const pwd = textAt(given, 'pwd') ?? present.credentials?.pwd
  const credentials = {
    ...(account_id !== undefined && { account_id }),
    ...(pwd !== undefined && { pwd }),
  }
  const enabled = booleanAt(objectAt(body, 'attributes'), 'enabled') ?? present.attributes.enabled
  const details = body.org_details === undefined ? present.org_details : organizationIn(objectAt(body, 'org_details'))
  return {
    name: present.name,
    provider,
    credentials,
    ...(details && { org_details: details }),
    attributes: { enabled, created: present.attributes.created, updated: now },
  }
}

/** https://learn.microsoft.com/rest/api/keyvault/certificates/set-certificate-issuer/set-certificate-issuer#organizationdetails */
function organizationIn(given: JsonObject): JsonObject {
  const [id, admins] = [textAt(given, 'id'), listAt(given, 'admin_details')]
  const named = (admin: JsonObject) =>
    Object.fromEntries(['first_name', 'last_name', 'email', 'phone'].map((name) => [name, textAt(admin, name)]))
  return { ...(id !== undefined && { id }), ...(admins && { admin_details: admins.filter(isObject).map(named) }) }
}

export function deleteIssuer(asked: RequestContext): Response {
  requirePermission(asked, 'certificates', 'deleteissuers')
  const issuer = requiredIssuer(asked)
  delete asked.var.vault.issuers[issuer.name.toLowerCase()]
  return asked.json(view(asked, issuer))
}
