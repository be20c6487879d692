import type { Principal } from '../../src/azure.ts'
import type { Sandbox } from '../../src/sandbox.ts'
import { type Answer, type Ask, ask, bearer, principal, vaultTenant } from '../support/sandbox.ts'

/** Requests of a signed-in program: the resource of its token is that of the host. */
export type AsClient = (method: string, url: string, body?: object, headers?: Record<string, string>) => Promise<Answer>

const resources: readonly (readonly [host: RegExp, resource: string])[] = [
  [/^graph\.microsoft\.com$/, 'https://graph.microsoft.com'],
  [/^management\.azure\.com$/, 'https://management.azure.com'],
  [/\.vault\.azure\.net$/, 'https://vault.azure.net'],
]

/** Signs in as one of the sandbox's principals, under Microsoft's own host names, and sends plain requests. */
export function asClient(sandbox: Sandbox, rights: Principal['rights'] = 'owner', tenantId = vaultTenant): AsClient {
  const tokens = new Map<string, Promise<string>>()
  return async (method, url, body, headers = {}) => {
    const { origin, hostname } = new URL(url)
    const resource = resources.find(([host]) => host.test(hostname))?.[1] ?? origin
    const token = tokens.get(resource) ?? bearer(sandbox, principal(sandbox, tenantId, rights), resource)
    tokens.set(resource, token)
    const asked: Ask = { method, headers: { authorization: await token, ...headers }, ...(body && { body }) }
    return ask(sandbox, url, asked)
  }
}

/** The list that an answer holds, of objects. */
export const valuesOf = ({ json: { value } }: Answer): readonly Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : []

/** Code and message of an error. */
export function errorOf({ json: { error } }: Answer): { code?: unknown; message?: unknown } {
  return typeof error === 'object' && error !== null ? { ...error } : {}
}

/** The value at a path in an answer. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((from, name) => (typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined), value)
