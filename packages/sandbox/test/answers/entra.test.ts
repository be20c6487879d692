import { createHash, X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox.ts'
import { at } from '../clients/asClient.ts'
import { type Answer, ask, askForToken, principal, startSandbox, vaultTenant } from '../support/sandbox.ts'

// What other clients ask of Entra, with the source that shows how the service answers.

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

const login = 'https://login.microsoftonline.com'
const form = (url: string, fields: Record<string, string>): Promise<Answer> =>
  ask(sandbox, url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  })
const credentials = () => {
  const { clientId, clientSecret } = principal(sandbox, vaultTenant)
  return { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
}
const claims = (token: unknown): unknown => JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString())

// MSAL for Go adds these to every request (apps/internal/oauth/ops/accesstokens), so every program on the Azure SDK for Go does.
test('scopes of OpenID Connect are passed over', async () => {
  const scope = 'https://graph.microsoft.com/.default openid offline_access profile'
  const { status, json } = await askForToken(sandbox, vaultTenant, { ...credentials(), scope })
  expect([status, at(claims(json.access_token), 'aud')]).toEqual([200, 'https://graph.microsoft.com'])
  const alone = await askForToken(sandbox, vaultTenant, { ...credentials(), scope: 'openid' })
  expect([alone.status, alone.json.error_codes]).toEqual([400, [70011]])
})

// https://learn.microsoft.com/previous-versions/azure/active-directory/azuread-dev/v1-oauth2-client-creds-grant-flow
test('the first version of the token endpoint takes a resource, and answers with numbers as text', async () => {
  const { json: metadata } = await ask(sandbox, `${login}/${vaultTenant}/.well-known/openid-configuration`)
  const resource = 'https://management.core.windows.net/'
  const { status, json } = await form(String(metadata.token_endpoint), { ...credentials(), resource })
  expect([status, json.resource, json.token_type, json.expires_in]).toEqual([200, resource, 'Bearer', '3599'])
  expect(Number(json.expires_on) - Number(json.not_before)).toBe(3599)
  expect(at(claims(json.access_token), 'aud')).toBe(resource)
  const without = await form(String(metadata.token_endpoint), credentials())
  expect(String(without.json.error_description)).toContain(
    "AADSTS900144: The request body must contain the following parameter: 'resource'",
  )
})

// https://github.com/nbarbettini/oidc-debugger/issues/87
test('a GET of the token endpoint is refused with the advice to POST', async () => {
  const { status, json } = await ask(sandbox, `${login}/${vaultTenant}/oauth2/v2.0/token`)
  expect([status, json.error_codes]).toEqual([400, [900561]])
})

// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
test('a device code is given, waits for a person, and ends', async () => {
  const { client_id } = credentials()
  const { json } = await form(`${login}/${vaultTenant}/oauth2/v2.0/devicecode`, { client_id, scope: 'openid' })
  expect(json).toMatchObject({ user_code: expect.stringMatching(/^[A-Z2-9]{9}$/), expires_in: 900, interval: 5 })
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
  const poll = () => askForToken(sandbox, vaultTenant, { grant_type, client_id, device_code: String(json.device_code) })
  expect((await poll()).json.error).toBe('authorization_pending')
  sandbox.advance(901_000)
  expect((await poll()).json).toMatchObject({ error: 'expired_token', error_codes: [70020] })
  const unknown = await form(`${login}/${vaultTenant}/oauth2/v2.0/devicecode`, { client_id: vaultTenant, scope: 'openid' })
  expect(unknown.json.error_codes).toEqual([700016])
})

test('authorize says of an unknown application that it is unknown', async () => {
  const { json } = await ask(sandbox, `${login}/${vaultTenant}/oauth2/v2.0/authorize?client_id=${vaultTenant}&response_type=code`)
  expect(json.error_codes).toEqual([700016])
})

describe('discovery', () => {
  // https://github.com/Azure/azure-cli/pull/14509: az asks so for the tenant of a domain
  test('a verified domain stands for its tenant', async () => {
    const domain = sandbox.world.directory.tenants[vaultTenant]?.domain ?? ''
    const { json } = await ask(sandbox, `${login}/${domain}/v2.0/.well-known/openid-configuration`)
    expect([json.issuer, json.token_endpoint]).toEqual([
      `${login}/${vaultTenant}/v2.0`,
      `${login}/${vaultTenant}/oauth2/v2.0/token`,
    ])
    const token = await askForToken(sandbox, domain, { ...credentials(), scope: 'https://graph.microsoft.com/.default' })
    expect(at(claims(token.json.access_token), 'tid')).toBe(vaultTenant)
  })

  // https://github.com/Azure/azure-cli/pull/14509 shows the body
  test('metadata of an unknown tenant is an invalid tenant', async () => {
    const { status, json } = await ask(sandbox, `${login}/none.onmicrosoft.com/v2.0/.well-known/openid-configuration`)
    expect([status, json.error, json.error_codes]).toEqual([400, 'invalid_tenant', [90002]])
  })

  // https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration
  test('every field is there', async () => {
    const { json } = await ask(sandbox, `${login}/common/v2.0/.well-known/openid-configuration`)
    const fields = [
      'userinfo_endpoint',
      'end_session_endpoint',
      'kerberos_endpoint',
      'rbac_url',
      'msgraph_host',
      'http_logout_supported',
    ]
    expect(Object.keys(json)).toEqual(
      expect.arrayContaining([...fields, 'cloud_graph_host_name', 'frontchannel_logout_supported']),
    )
    expect([json.issuer, json.cloud_instance_name]).toEqual([`${login}/{tenantid}/v2.0`, 'microsoftonline.com'])
  })

  // https://login.microsoftonline.com/common/discovery/v2.0/keys
  test('a published key comes with its certificate, whose hash names it', async () => {
    const { json } = await ask(sandbox, `${login}/${vaultTenant}/discovery/v2.0/keys`)
    const [key] = Array.isArray(json.keys) ? json.keys : []
    const certificate = new X509Certificate(Buffer.from(key.x5c[0], 'base64'))
    const { n } = certificate.publicKey.export({ format: 'jwk' })
    const hash = createHash('sha1').update(certificate.raw).digest('base64url')
    expect([key.n, key.kid, key.x5t, key.issuer]).toEqual([n, hash, hash, `${login}/${vaultTenant}/v2.0`])
  })
})
