import type { Principal } from '../../src/azure.ts'
import type { Sandbox } from '../../src/sandbox.ts'
import { type Answer, type Ask, ask, bearer } from './sandbox.ts'

export const graphUrl = 'https://graph.microsoft.com'

/** One request to the sandbox's Graph; the path begins behind `/v1.0`. */
export type Graph = (method: string, path: string, body?: object, headers?: Record<string, string>) => Promise<Answer>

/** Graph as a client with this principal's token sees it. */
export async function graphAs(
  sandbox: Sandbox,
  client: Pick<Principal, 'tenantId' | 'clientId' | 'clientSecret'>,
): Promise<Graph> {
  const authorization = await bearer(sandbox, client, graphUrl)
  return (method, path, body, headers = {}) => {
    const sent: Ask = { method, headers: { authorization, ...headers }, ...(body !== undefined && { body }) }
    return ask(sandbox, `${graphUrl}/v1.0${path}`, sent)
  }
}

export const errorOf = ({ json }: Answer): Record<string, unknown> => fieldsOf(json.error)

/** The fields of an object; none where there is no object. */
export const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

export const listOf = (value: unknown): readonly Record<string, unknown>[] => (Array.isArray(value) ? value.map(fieldsOf) : [])

/** An application with its service principal, a secret and the given permissions of Graph, made by the owner. */
export async function newClient(owner: Graph, tenantId: string, displayName: string, roles: readonly string[] = []) {
  const application = (await owner('POST', '/applications', { displayName })).json
  const { json: made } = await owner('POST', '/servicePrincipals', { appId: application.appId })
  const { json: secret } = await owner('POST', `/applications/${application.id}/addPassword`)
  const { json: api } = await owner('GET', "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')")
  for (const role of listOf(api.appRoles).filter(({ value }) => roles.includes(String(value)))) {
    const grant = { principalId: made.id, resourceId: api.id, appRoleId: role.id }
    await owner('POST', `/servicePrincipals/${made.id}/appRoleAssignments`, grant)
  }
  return {
    tenantId,
    clientId: String(application.appId),
    clientSecret: String(secret.secretText),
    keyId: String(secret.keyId),
    applicationId: String(application.id),
    principalId: String(made.id),
  }
}
