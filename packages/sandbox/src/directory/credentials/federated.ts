import { randomUUID } from 'node:crypto'
import { answer, bodyOf, type RequestContext } from '../gate.ts'
import { isObject, isTexts, type JsonObject } from '../json.ts'
import { forWrite, keyOf, required } from '../objects/find.ts'
import { requireOperation, requireWrite } from '../permissions.ts'
import { list, one } from '../query.ts'
import { bad, notFound, Refusal } from '../refusal.ts'
import { put } from '../replicas.ts'
import type { Body } from '../represent.ts'
import type { Application, FederatedCredential } from '../state.ts'

/** The most federated credentials that an application may have: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
const most = 20

const names = ['id', 'name', 'issuer', 'subject', 'description', 'audiences']

const properties = ({ version }: RequestContext['var']): ReadonlySet<string> =>
  new Set(version === 'beta' ? [...names, 'claimsMatchingExpression'] : names)

const context = (key: string): string => `applications('${key}')/federatedIdentityCredentials`

const bodyFor = ({ version }: RequestContext['var'], credential: FederatedCredential): Body => ({
  id: credential.id ?? '',
  name: credential.name ?? '',
  issuer: credential.issuer,
  subject: credential.subject,
  description: credential.description ?? null,
  audiences: credential.audiences,
  ...(version === 'beta' && { claimsMatchingExpression: credential.expression ?? null }),
})

const all = ({ federatedIdentityCredentials = [] }: Application): readonly FederatedCredential[] => federatedIdentityCredentials

const appKey = (asked: RequestContext) => keyOf(asked.req.param('key') ?? '')

const credentialAsked = (asked: RequestContext, application: Application): FederatedCredential => {
  const key = asked.req.param('credential') ?? ''
  const found = all(application).find(({ id, name }) => id === key.toLowerCase() || name === key.replace(/^name=/, ''))
  if (found === undefined) throw notFound(key)
  return found
}

export function listFederated(asked: RequestContext): Response {
  requireOperation(asked, 'read')
  const application = required(asked, 'applications', appKey(asked))
  const items = all(application).map((each) => bodyFor(asked.var, each))
  return list(asked, { context: context(application.id), properties: properties(asked.var), items })
}

export function getFederated(asked: RequestContext): Response {
  requireOperation(asked, 'read')
  const application = required(asked, 'applications', appKey(asked))
  const item = bodyFor(asked.var, credentialAsked(asked, application))
  return one(asked, { context: context(application.id), properties: properties(asked.var), item })
}

export async function createFederated(asked: RequestContext): Promise<Response> {
  const body = await bodyOf(asked)
  const application = writable(asked)
  const made = changed(asked, { id: randomUUID(), issuer: '', subject: null, audiences: [] }, body)
  if (all(application).length >= most)
    throw new Refusal(400, 'Directory_QuotaExceeded', `An application has ${most} federated identity credentials at the most.`)
  keep(asked, application, [...all(application), made])
  const root = `${asked.var.root}/$metadata#${context(application.id)}/$entity`
  return answer(asked, { '@odata.context': root, ...bodyFor(asked.var, made) }, 201)
}

export async function updateFederated(asked: RequestContext): Promise<Response> {
  const body = await bodyOf(asked)
  const application = writable(asked)
  const before = credentialAsked(asked, application)
  if (body.name !== undefined && body.name !== before.name) throw bad("Property 'name' is read-only and cannot be set.")
  const after = changed(asked, before, body)
  keep(
    asked,
    application,
    all(application).map((each) => (each.id === before.id ? after : each)),
  )
  return asked.body(null, 204)
}

export function deleteFederated(asked: RequestContext): Response {
  const application = writable(asked)
  const { id } = credentialAsked(asked, application)
  keep(
    asked,
    application,
    all(application).filter((each) => each.id !== id),
  )
  return asked.body(null, 204)
}

function writable(asked: RequestContext): Application {
  requireOperation(asked, 'create')
  const application = forWrite(asked, 'applications', appKey(asked))
  requireWrite(asked, application)
  return application
}

/** Within an application, neither a name nor a pair of issuer and subject may repeat. */
function keep(asked: RequestContext, application: Application, federatedIdentityCredentials: FederatedCredential[]): void {
  const doubled = (of: (one: FederatedCredential) => string): boolean =>
    new Set(federatedIdentityCredentials.map(of)).size < federatedIdentityCredentials.length
  if (
    doubled(({ name = '' }) => name) ||
    doubled(({ issuer, subject, expression }) => JSON.stringify([issuer, subject, expression]))
  )
    throw new Refusal(
      409,
      'Request_MultipleObjectsWithSameKeyValue',
      'FederatedIdentityCredential with the name, or with the issuer and the subject, already exists on the application.',
    )
  put(asked.var.azure, asked.var.tenant, 'applications', { ...application, federatedIdentityCredentials })
}

function changed(asked: RequestContext, before: FederatedCredential, body: JsonObject): FederatedCredential {
  const known = properties(asked.var)
  const unknown = Object.keys(body).find((name) => !name.includes('@odata.') && !known.has(name))
  if (unknown !== undefined) throw bad(`Invalid property '${unknown}'.`)
  const { name = before.name ?? null, issuer = before.issuer, audiences = before.audiences } = body
  const { subject = before.subject, description = before.description ?? null } = body
  const expression = expressionIn(body) ?? before.expression
  const target = (code: string) => ({ code: 'InvalidValue', target: code })
  if (typeof name !== 'string' || !/^[A-Za-z0-9][\w-]{2,119}$/.test(name))
    throw bad('Invalid federated identity credential name.', target('name'))
  if (typeof issuer !== 'string' || !URL.canParse(issuer))
    throw bad('Invalid federated identity credential issuer.', target('issuer'))
  if (!isTexts(audiences) || audiences.length !== 1)
    throw bad('A federated identity credential has exactly one audience.', target('audiences'))
  if ((typeof subject !== 'string' || subject === '') === (expression === undefined))
    throw bad('A federated identity credential has either a subject or an expression that matches claims.', target('subject'))
  if (description !== null && typeof description !== 'string')
    throw bad('Invalid federated identity credential description.', target('description'))
  return {
    ...(before.id !== undefined && { id: before.id }),
    name,
    issuer,
    subject: typeof subject === 'string' ? subject : null,
    audiences: [...audiences],
    ...(description !== null && { description }),
    ...(expression && { expression }),
  }
}

/** Flexible ones, in beta: https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials */
function expressionIn({ claimsMatchingExpression }: JsonObject): FederatedCredential['expression'] {
  if (!isObject(claimsMatchingExpression)) return undefined
  const { value, languageVersion } = claimsMatchingExpression
  if (typeof value === 'string' && languageVersion === 1) return { value, languageVersion }
  throw bad('Invalid expression that matches claims.')
}
