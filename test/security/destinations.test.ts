import { describe, expect, test } from 'vitest'
import { clouds } from '../../src/azure/cloud.ts'
import { type AllowedPlaces, destinations } from '../../src/azure/http/destinations.ts'
import type { HttpRequest } from '../../src/azure/http/message.ts'
import { lab, tenant, vault, world } from '../azure/world.ts'

const places: AllowedPlaces = {
  cloud: clouds.public,
  vaultName: 'kv-contoso',
  environmentUrl: 'https://contoso.crm4.dynamics.com',
  ewsUrl: 'https://mail.contoso.com/EWS/Exchange.asmx',
  identityEndpoints: ['http://localhost:40342/metadata/identity/oauth2/token'],
}

const signed = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  ...{ method: 'GET', url, headers: { authorization: 'Bearer ey.hush' } },
  ...more,
})

const goes = (request: HttpRequest, to: AllowedPlaces = places): boolean => {
  try {
    destinations(to)(request)
    return true
  } catch (error) {
    expect(error).toMatchObject({ errorCode: 'HMA205', message: expect.not.stringContaining('hush') })
    return false
  }
}

describe('credentials go only where the cloud and the configuration say', () => {
  test.each([
    'https://login.microsoftonline.com/t/oauth2/v2.0/token',
    'https://graph.microsoft.com/v1.0/applications',
    'https://management.azure.com/subscriptions',
    'https://kv-contoso.vault.azure.net/certificates',
    'https://contoso.crm4.dynamics.com/api/data/v9.2/WhoAmI',
    'https://mail.contoso.com/EWS/Exchange.asmx',
    'http://169.254.169.254/metadata/identity/oauth2/token',
    'http://localhost:40342/metadata/identity/oauth2/token',
    'https://westeurope.login.microsoft.com/t/oauth2/v2.0/token',
  ])('%s', (url) => expect(goes(signed(url))).toBe(true))

  test.each([
    'https://login.microsoftonline.com.evil.example/t/oauth2/v2.0/token',
    'http://graph.microsoft.com/v1.0/applications',
    'https://graph.microsoft.com:8443/v1.0/applications',
    'http://kv-contoso.vault.azure.net/certificates',
    'https://kv-other.vault.azure.net/certificates',
    'https://kv-contoso.vault.azure.net.evil.example/',
    'https://kv-contoso.vault.azure.net@evil.example/',
    'https://evil.example/EWS/Exchange.asmx',
    'http://169.254.169.250/',
    'http://localhost/',
  ])('not %s', (url) => {
    expect(goes(signed(url))).toBe(false)
    expect(goes({ method: 'POST', url, headers: {}, body: 'client_assertion=hush' })).toBe(false)
    expect(goes({ method: 'GET', url, headers: { 'X-IDENTITY-HEADER': 'hush' } })).toBe(false)
  })

  test('a request without credentials may go anywhere', () => {
    expect(goes({ method: 'GET', url: 'https://elsewhere.example/', headers: { accept: 'text/html' } })).toBe(true)
    expect(goes({ method: 'POST', url: 'https://elsewhere.example/', headers: { authorization: 'Bearer' } })).toBe(true)
  })

  test('while the vault is unknown, any vault of the cloud is allowed, but no similar host', () => {
    const { vaultName: _, ...open } = places
    expect(goes(signed('https://kv-other.vault.azure.net/certificates'), open)).toBe(true)
    expect(goes(signed('https://a.b.vault.azure.net/certificates'), open)).toBe(false)
    expect(goes(signed('http://kv-other.vault.azure.net/certificates'), open)).toBe(false)
  })

  test('all names of one authority are allowed', () => {
    const china = { cloud: clouds.china }
    expect(goes(signed('https://login.partner.microsoftonline.cn/t/oauth2/v2.0/token'), china)).toBe(true)
    expect(goes(signed('https://login.microsoftonline.com/t/oauth2/v2.0/token'), china)).toBe(false)
    expect(goes(signed('https://login.lab.localhost/t/oauth2/v2.0/token'), { cloud: lab })).toBe(true)
  })
})

const id = { subscriptionId: tenant, resourceGroup: 'rg', name: 'kv-contoso' }

test.each([
  'https://evil.example/',
  'http://kv-contoso.vault.lab.localhost/',
  'https://kv-contoso.vault.lab.localhost:8443/',
  'x',
])('Resource Manager cannot lead the token of the vault to %s', async (vaultUri) => {
  const properties = { tenantId: tenant, sku: { family: 'A', name: 'standard' }, enableRbacAuthorization: true }
  let uri = `${vault}/`
  const { clients } = await world(() => ({
    status: 200,
    body: { id: '/v', name: id.name, location: 'x', properties: { ...properties, vaultUri: uri } },
  }))
  expect(await clients.resourceManager.vault(tenant, id)).toMatchObject({ uri: vault })
  uri = vaultUri
  await expect(clients.resourceManager.vault(tenant, id)).rejects.toMatchObject({ errorCode: 'HMA205' })
})
