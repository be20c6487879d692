import { createPublicKey, verify } from 'node:crypto'
import type { Azure } from '../azure.ts'
import type { FederatedCredential } from '../directory/state.ts'
import type { Client } from './client.ts'
import { SignInRefusal } from './refusal.ts'
import { readJson } from './tokens.ts'

/** Clocks of issuers may differ from Entra's by this much, in seconds. */
const skew = 300

const refuse = (code: number, message: string): SignInRefusal => new SignInRefusal(code, 'invalid_client', message)

/** An assertion of another issuer names its key by `kid`; one signed by the client names its certificate. */
export function isForeign(assertion: string): boolean {
  const header = readJson(assertion.split('.')[0] ?? '')
  return header?.kid !== undefined && header.x5t === undefined && header['x5t#S256'] === undefined
}

/**
 * Checks a token of an issuer that the application trusts, so that its workloads need no secret. The keys of issuers are part of
 * the world, since the sandbox makes no outgoing connections. https://learn.microsoft.com/entra/workload-id/workload-identity-federation
 */
export function checkFederated({ world, now }: Azure, { application, appId }: Client, assertion: string): void {
  const [head = '', body = '', signature = ''] = assertion.split('.')
  const [header, claims] = [readJson(head), readJson(body)]
  if (header === undefined || claims === undefined) throw refuse(50027, 'JWT token is invalid or malformed.')
  checkMatch(application.federatedIdentityCredentials ?? [], claims)
  const pem = world.directory.issuers?.[String(claims.iss)]
  const signed = Buffer.from(`${head}.${body}`)
  if (
    pem === undefined ||
    header.alg !== 'RS256' ||
    !verify('sha256', signed, createPublicKey(pem), Buffer.from(signature, 'base64url'))
  )
    throw refuse(50013, `Assertion failed signature validation. [Reason - The key was not found., Application '${appId}'.]`)
  const seconds = now().getTime() / 1000
  if (typeof claims.exp === 'number' && claims.exp + skew > seconds) return
  throw refuse(700024, `Client assertion is not within its valid time range. Current time: ${now().toISOString()}.`)
}

/** A clause of a flexible credential: https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials */
const clause = /^claims\['([\w.]+)'\]\s+(eq|matches)\s+'([^']*)'$/

/** Do the claims match an expression of clauses joined by `and`? In a pattern, `*` stands for any characters and `?` for one. */
const fits = (expression: string, claims: Record<string, unknown>): boolean =>
  expression.split(/\s+and\s+/).every((text) => {
    const [, name = '', operator, wanted = ''] = clause.exec(text.trim()) ?? []
    const present = claims[name]
    if (typeof present !== 'string' || operator === undefined) return false
    const pattern = wanted
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
    return operator === 'eq' ? present === wanted : new RegExp(`^${pattern}$`, 's').test(present)
  })

/** Issuer, subject and audience are compared letter by letter, the subject of a flexible credential by its expression. */
function checkMatch(credentials: readonly FederatedCredential[], claims: Record<string, unknown>): void {
  const { iss, sub, aud } = claims
  const unmatched = (code: number, what: string, presented: unknown): SignInRefusal =>
    refuse(
      code,
      `No matching federated identity record found for presented assertion ${what} '${presented}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation`,
    )
  const ofIssuer = credentials.filter(({ issuer }) => issuer === iss)
  if (ofIssuer.length === 0) throw unmatched(700211, 'issuer', iss)
  const ofSubject = ofIssuer.filter(({ subject, expression }) => (expression ? fits(expression.value, claims) : subject === sub))
  if (ofSubject.length === 0) throw unmatched(700213, 'subject', sub)
  if (!ofSubject.some(({ audiences }) => audiences.some((one) => one === aud))) throw unmatched(700212, 'audience', aud)
}
