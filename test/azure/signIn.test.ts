import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Fault } from '../../packages/sandbox/src/faults/faults.ts'
import { claimsOf } from '../../src/azure/credentials/tokens.ts'
import { AzureError } from '../../src/azure/errors/azureError.ts'
import { HmaError } from '../../src/core/errors.ts'
import { Secret } from '../../src/core/secret.ts'
import { registration } from '../support/credentials.ts'
import { ids, type OpenDeployment, openDeployment } from '../support/deployment.ts'
import { appIdOf, certificateOf, connected, vaultSecret } from './hybrid.ts'

const vaultUri = 'https://kv-contoso-mail.vault.azure.net'

let here: OpenDeployment
let secret: Secret
let pem: Secret
beforeAll(async () => {
  here = await openDeployment({ copy: true, create: 'accessPolicy' })
  await here.apply()
  secret = new Secret(vaultSecret(here, 'hma-kv-app-client-secret'))
  pem = await certificateOf(here)
})
afterAll(() => here.close())

const resource = 'https://mail.contoso.com'
const signIn = () => connected(here).clients.signIn
const kvApp = () => appIdOf(here, 'kv-app')
const hmaApp = () => appIdOf(here, 'hma-app')
const caught = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error)

/** The registration and its service principal, to be changed by a test and restored afterwards. */
function app(role: 'kv-app' | 'hma-app') {
  const { directory } = here.sandbox.world
  const before = structuredClone(directory.tenants)
  onTestFinished(() => void Object.assign(directory.tenants, before))
  const application = registration(here.sandbox.world, role)
  const tenant = Object.values(directory.tenants).find(({ applications }) => applications[application?.id ?? ''])
  const principal = Object.values(tenant?.servicePrincipals ?? {}).find(({ appId }) => appId === application?.appId)
  if (!application || !principal || !tenant) throw new Error(`There is no ${role}.`)
  return { application, principal, tenant }
}

function refusing(code: string, times = 1): void {
  const body = JSON.stringify({ error: 'invalid_grant', error_description: `${code}: No. Trace ID: x` })
  const fault: Fault = {
    ...{ service: 'login', method: 'POST', url: '/token', times, when: 'instead' as const },
    answer: { status: 400, headers: { 'content-type': 'application/json' }, body },
  }
  here.sandbox.faults.push(fault)
  onTestFinished(() => void (fault.times = 0))
}

describe('a tenant', () => {
  test('exists or not', async () => {
    const port = signIn()
    expect(await port.tenantExists(ids.vaultTenant)).toBe(true)
    expect(await port.tenantExists(randomUUID())).toBe(false)
    expect(await port.tenantExists('contoso')).toBe(false)
  })

  test('that cannot be looked up is an error after a short time', async () => {
    here.sandbox.faults.push({ service: 'login', method: 'GET', times: 5, when: 'instead', answer: { status: 503 } })
    const at = connected(here)
    await expect(at.clients.signIn.tenantExists(ids.vaultTenant)).rejects.toMatchObject({
      service: 'login',
      status: 503,
      message: expect.stringContaining(`Could not look for tenant ${ids.vaultTenant}`),
    })
    expect(at.waits).toEqual([1000, 2000, 4000, 8000])
    const away = connected(here, { route: () => undefined }).clients.signIn
    await expect(away.tenantExists(ids.vaultTenant)).rejects.toMatchObject({ service: 'login', code: 'ENOTFOUND' })
  })

  test('is an error if the answer is a redirect', async () => {
    const answer = { status: 302, headers: { location: 'https://portal.contoso.com/' } }
    here.sandbox.faults.push({ service: 'login', method: 'GET', times: 1, when: 'instead', answer })
    await expect(signIn().tenantExists(ids.vaultTenant)).rejects.toThrow('answered 302')
  })
})

describe('the vault as KV-App', () => {
  const vaultAs = (one = secret, tenantId: string = ids.vaultTenant) => signIn().vaultAs(tenantId, kvApp(), one)

  test('returns certificate and secret with one sign-in', async () => {
    const before = here.sandbox.log.length
    const vault = vaultAs()
    const [certificate, material] = await Promise.all([
      vault.certificate(vaultUri, 'HMA-Cert'),
      vault.secretValue(vaultUri, 'HMA-Cert'),
    ])
    expect(certificate?.thumbprint).toMatch(/^[0-9A-F]{40}$/)
    expect(material?.reveal().length).toBeGreaterThan(1000)
    expect(await vault.certificate(vaultUri, 'Other')).toBeUndefined()
    const asked = here.sandbox.log.slice(before)
    expect(asked.filter(({ service, method }) => service === 'login' && method === 'POST')).toHaveLength(1)
    expect(asked.filter(({ service }) => service === 'keyVault').every(({ caller }) => caller === kvApp())).toBe(true)
  })

  test('is not readable with a wrong secret', async () => {
    const error = await caught(vaultAs(new Secret('hush-wrong')).certificate(vaultUri, 'HMA-Cert'))
    expect(error).toBeInstanceOf(AzureError)
    expect(error).toMatchObject({
      service: 'login',
      code: 'AADSTS7000215',
      retryable: false,
      message: expect.stringContaining(`Could not sign in to tenant ${ids.vaultTenant} as KV-App (${kvApp()})`),
      hint: expect.stringMatching(/KV-App.*hma rotate clientSecret/),
    })
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hush')
  })

  test('is not readable with an expired secret', async () => {
    const { application } = app('kv-app')
    for (const one of application.passwordCredentials) one.endDateTime = '2020-01-01T00:00:00Z'
    const error = await caught(vaultAs().secretValue(vaultUri, 'HMA-Cert'))
    expect(error).toMatchObject({ code: 'AADSTS7000222', hint: expect.stringMatching(/KV-App has expired.*hma apply/) })
    await expect(signIn().accepts(ids.vaultTenant, kvApp(), secret)).rejects.toMatchObject({
      code: 'AADSTS7000222',
      hint: expect.not.stringContaining('`auth`'),
    })
  })

  test('is not readable without the right', async () => {
    const vault = here.sandbox.world.resources.vaults[0]
    const guards = vault?.guards.splice(0) ?? []
    onTestFinished(() => void vault?.guards.push(...guards))
    const [before] = guards
    if (before) vault?.guards.push({ ...before, accessPolicies: [] })
    await expect(vaultAs().certificate(vaultUri, 'HMA-Cert')).rejects.toMatchObject({
      ...{ service: 'keyVault', status: 403 },
      hint: expect.stringMatching(/KV-App may not get certificates.*hma apply/),
    })
    await expect(vaultAs().secretValue(vaultUri, 'HMA-Cert')).rejects.toMatchObject({
      hint: expect.stringMatching(/KV-App may not get secrets/),
    })
  })

  test('that does not take the token says where KV-App has to be', async () => {
    const answer = { status: 401, headers: { 'www-authenticate': 'Bearer' } }
    here.sandbox.faults.push({ service: 'keyVault', times: 2, when: 'instead', answer })
    await expect(vaultAs().certificate(vaultUri, 'HMA-Cert')).rejects.toMatchObject({
      hint: expect.stringMatching(/keyVault\.tenantId/),
    })
  })
})

describe('HMA-App', () => {
  const token = (one = pem, tenantId: string = ids.exchangeTenant, what = resource) =>
    signIn().tokenByCertificate(tenantId, hmaApp(), one, what)

  test('gets a token for Exchange with its certificate', async () => {
    const at = connected(here)
    const { value, claims } = await at.clients.signIn.tokenByCertificate(ids.exchangeTenant, hmaApp(), pem, `${resource}/`)
    expect(value.reveal()).toMatch(/^eyJ/)
    expect(claims).toEqual({
      aud: resource,
      iss: `https://sts.windows.net/${ids.exchangeTenant}/`,
      tid: ids.exchangeTenant,
      appid: hmaApp(),
      roles: ['full_access_as_app'],
      ver: '1.0',
      expires: expect.stringMatching(/^\d{4}-.*Z$/),
    })
    expect(at.lines.join('\n')).not.toMatch(/eyJ/)
  })

  test('gets it with certificate and key in either order', async () => {
    const [key = '', certificate = ''] = pem.reveal().split(/(?=-----BEGIN CERTIFICATE)/)
    expect((await token(new Secret(`${certificate.trim()}\n${key}`))).claims.appid).toBe(hmaApp())
  })

  test('gets it in a sandbox whose clock is far ahead of the machine', async () => {
    const { world } = here.sandbox
    const ahead = world.ahead
    onTestFinished(() => void (world.ahead = ahead))
    here.sandbox.advance(20 * 86_400_000)
    const { claims } = await token()
    expect(Date.parse(claims.expires ?? '')).toBeGreaterThan(here.sandbox.now().getTime())
  })

  test('that does not have the certificate gets none', async () => {
    app('hma-app').application.keyCredentials = []
    const error = await caught(token())
    expect(error).toBeInstanceOf(AzureError)
    expect(error).toMatchObject({
      service: 'login',
      code: 'AADSTS700027',
      message: expect.stringContaining(`as HMA-App (${hmaApp()})`),
      hint: expect.stringMatching(/HMA-App.*hma apply/),
    })
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/PRIVATE KEY|eyJ/)
  })

  test('that is disabled gets none', async () => {
    app('hma-app').principal.accountEnabled = false
    await expect(token()).rejects.toMatchObject({ code: 'AADSTS7000112', hint: expect.stringMatching(/HMA-App is disabled/) })
  })

  test('gets none for a name that Entra does not know', async () => {
    await expect(token(pem, ids.exchangeTenant, 'https://other.contoso.com')).rejects.toMatchObject({
      code: 'AADSTS500011',
      hint: expect.stringMatching(/exchange\.resourceId/),
    })
  })

  test('gets none in a tenant that is not its own', async () => {
    await expect(token(pem, ids.vaultTenant)).rejects.toMatchObject({
      code: 'AADSTS700016',
      hint: expect.stringMatching(/HMA-App is not known/),
    })
  })

  test('gets none where there is no such tenant', async () => {
    const error = await caught(token(pem, randomUUID()))
    expect(error).toBeInstanceOf(HmaError)
    expect(error).toMatchObject({ hint: expect.stringMatching(/tenant/) })
  })

  test.each([
    ['AADSTS65001', /consented to HMA-App/],
    ['AADSTS53003', /Conditional Access policy forbids.*exempt HMA-App/],
    ['AADSTS90002', /hmaApp\.tenantId/],
  ])('is told what helps against %s', async (code, hint) => {
    refusing(code)
    await expect(token()).rejects.toMatchObject({ code, hint: expect.stringMatching(hint) })
  })

  test('cannot sign in with an invalid certificate, and its content is not shown', async () => {
    const bad = '-----BEGIN CERTIFICATE-----\naHVzaA==\n-----END CERTIFICATE-----\nhush'
    for (const text of ['hush', bad]) {
      const error = await caught(token(new Secret(text)))
      expect(error).toBeInstanceOf(HmaError)
      expect(error).toMatchObject({ hint: expect.stringContaining('hma rotate certificate') })
      expect(String(error)).not.toContain('hush')
    }
  })

  test('retries a busy Entra for only some seconds', async () => {
    const fault: Fault = { service: 'login', method: 'POST', times: 9, when: 'instead', answer: { status: 503 } }
    here.sandbox.faults.push(fault)
    onTestFinished(() => void (fault.times = 0))
    const at = connected(here)
    await caught(at.clients.signIn.tokenByCertificate(ids.exchangeTenant, hmaApp(), pem, resource))
    expect([9 - fault.times, at.waits]).toEqual([5, [1000, 2000, 4000, 8000]])
  })
})

describe('claims', () => {
  const tokenOf = (claims: object): string => `e.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`
  const none = { aud: undefined, iss: undefined, tid: undefined, appid: undefined, roles: [], ver: undefined, expires: undefined }

  test.each(['', 'sealed', 'a.b.c', 'a.bnVsbA.c'])('of an unreadable token: %j', (token) => {
    expect(claimsOf(token)).toEqual(none)
  })

  test('of version 2, and of unusual types', () => {
    expect(claimsOf(tokenOf({ azp: 'app', ver: '2.0', exp: 0 }))).toEqual({
      ...none,
      ...{ appid: 'app', ver: '2.0', expires: '1970-01-01T00:00:00.000Z' },
    })
    expect(claimsOf(tokenOf({ aud: ['a'], roles: ['r', 1], exp: 1e300, tid: 7 }))).toEqual({ ...none, roles: ['r'] })
  })
})
