import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { selfSigned } from '../../packages/sandbox/test/support/selfSigned.ts'
import type { Clients } from '../../src/azure/clients.ts'
import { HmaError } from '../../src/core/errors.ts'
import { tenant, vault, world } from '../azure/world.ts'
import { expectWords, hiddenSecret, wrongBody, wrongTypes } from './wrongAnswers.ts'

const guid = '55555555-5555-5555-5555-555555555555'
const id = { subscriptionId: '33333333-3333-3333-3333-333333333333', resourceGroup: 'rg', name: 'kv-contoso' }
const organization = { environmentUrl: 'https://contoso.crm4.lab.localhost', tenantId: tenant }
const base =
  '/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-contoso'
const seconds = 1_767_225_600
const instants = { created: seconds, updated: seconds, nbf: seconds, exp: seconds + 86_400 }
const day = '2026-01-01T00:00:00Z'

const { der } = await selfSigned('CN=hma', new Date(day), 365)

const application = {
  ...{ id: guid, appId: guid, displayName: 'KV-App', uniqueName: 'hma-kv', tags: ['hma:contoso'] },
  keyCredentials: [
    { keyId: guid, displayName: 'one', customKeyIdentifier: 'AB'.repeat(20), startDateTime: day, endDateTime: day },
  ],
  passwordCredentials: [{ keyId: guid, displayName: 'two', startDateTime: day, endDateTime: day, hint: 'Abc' }],
  requiredResourceAccess: [{ resourceAppId: guid, resourceAccess: [{ id: guid, type: 'Role' }] }],
}
const principal = {
  id: guid,
  appId: guid,
  displayName: 'Exchange',
  appRoles: [{ id: guid, value: 'full' }],
  servicePrincipalNames: ['https://a'],
}
const certificate = {
  ...{ id: `${vault}/certificates/c/0123456789abcdef0123456789abcdef`, cer: der, x5t: 'q6urq6urq6urq6urq6urq6urq6s' },
  attributes: { enabled: true, ...instants },
  tags: { hma: 'contoso' },
  policy: {
    ...{
      key_props: { kty: 'RSA', key_size: 2048 },
      x509_props: { subject: 'CN=a', validity_months: 12 },
      issuer: { name: 'Self' },
    },
    lifetime_actions: [{ trigger: { lifetime_percentage: 80 }, action: { action_type: 'AutoRenew' } }],
  },
}
const secretVersion = {
  id: `${vault}/secrets/s/0123456789abcdef0123456789abcdef`,
  attributes: { enabled: true, ...instants },
  tags: { a: 'b' },
}
const vaultBody = {
  ...{ id: base, name: 'kv-contoso', type: 'Microsoft.KeyVault/vaults', location: 'westeurope', tags: { a: 'b' } },
  properties: {
    ...{ tenantId: tenant, sku: { family: 'A', name: 'standard' }, vaultUri: `${vault}/`, enableRbacAuthorization: true },
    ...{ provisioningState: 'Succeeded', softDeleteRetentionInDays: 90, enablePurgeProtection: true },
    accessPolicies: [
      { tenantId: tenant, objectId: guid, permissions: { secrets: ['get'], certificates: ['get'], keys: [], storage: [] } },
    ],
  },
}
const identity = {
  managedidentityid: guid,
  name: 'hma',
  applicationid: guid,
  tenantid: tenant,
  credentialsource: 0,
  modifiedon: day,
}
const profile = {
  ...{
    emailserverprofileid: guid,
    name: 'HMA',
    servertype: 1,
    incomingportnumber: 443,
    useautodiscover: false,
    oauthclientid: guid,
  },
  keyvaultreferenceid: {
    keyvaultreferenceid: guid,
    keyvaulturi: vault,
    keyname: 'c',
    keytype: 0,
    _managedidentityid_value: guid,
  },
  managedidentityid: identity,
}

const mailbox = {
  ...{ mailboxid: guid, emailaddress: 'a@contoso.com', statecode: 0, _emailserverprofile_value: guid, lastsyncerror: 'No.' },
  ...{ emailserverprofile: { name: 'HMA' }, incomingemaildeliverymethod: 2, outgoingemaildeliverymethod: 2 },
  ...{ actdeliverymethod: 1, emailrouteraccessapproval: 1, testemailconfigurationscheduled: false },
  ...{ testmailboxaccesscompletedon: day, incomingemailstatus: 1, outgoingemailstatus: 1, actstatus: 1 },
  ...{ enabledforincomingemail: true, enabledforoutgoingemail: true, enabledforact: true },
}

/** Every read, and the writes whose answer is read, with an answer as it should be. */
const calls: Readonly<Record<string, readonly [call: (clients: Clients) => Promise<unknown>, right: unknown]>> = {
  application: [({ directory }) => directory.application(tenant, { uniqueName: 'hma-kv' }), application],
  'applications by name': [({ directory }) => directory.applicationsNamed(tenant, 'KV-App'), { value: [application] }],
  'deleted application': [
    ({ directory }) => directory.deletedApplication(tenant, { uniqueName: 'hma-kv' }),
    { value: [application] },
  ],
  'service principal': [({ directory }) => directory.servicePrincipal(tenant, guid), principal],
  'deleted service principal': [
    ({ directory }) => directory.deletedServicePrincipal(tenant, guid),
    { value: [{ id: guid, appId: guid }] },
  ],
  consent: [
    ({ directory }) => directory.appRoleAssignments(tenant, guid),
    { value: [{ id: 'a', appRoleId: guid, principalId: guid, resourceId: guid }] },
  ],
  'a new client secret': [
    ({ directory }) => directory.addPassword(tenant, guid, { displayName: 'x', start: day, end: day }),
    { keyId: guid, secretText: hiddenSecret },
  ],
  certificate: [({ keyVault }) => keyVault.certificate(vault, 'c'), certificate],
  'versions of a certificate': [({ keyVault }) => keyVault.certificateTags(vault, 'c'), { value: [certificate] }],
  'the request that waits': [
    ({ keyVault }) => keyVault.operation(vault, 'c'),
    { id: `${vault}/certificates/c/pending`, issuer: { name: 'Unknown' }, csr: der, status: 'inProgress', target: 'x' },
  ],
  'what a vault holds': [({ keyVault }) => keyVault.contents(vault), { value: [certificate] }],
  'deleted certificate': [
    ({ keyVault }) => keyVault.deletedCertificate(vault, 'c'),
    { ...certificate, recoveryId: `${vault}/deletedcertificates/c` },
  ],
  'versions of a secret': [({ keyVault }) => keyVault.secret(vault, 's'), { value: [secretVersion] }],
  'the value of a secret': [({ keyVault }) => keyVault.secretValue(vault, 's'), { ...secretVersion, value: hiddenSecret }],
  'deleted secret': [
    ({ keyVault }) => keyVault.deletedSecret(vault, 's'),
    { ...secretVersion, recoveryId: `${vault}/deletedsecrets/s` },
  ],
  vault: [({ resourceManager }) => resourceManager.vault(tenant, id), vaultBody],
  'deleted vault': [
    ({ resourceManager }) => resourceManager.deletedVault(tenant, id, 'westeurope'),
    { ...vaultBody, properties: { tags: { a: 'b' } } },
  ],
  'role assignments': [
    ({ resourceManager }) => resourceManager.roleAssignments(tenant, id, guid),
    { value: [{ id: `${base}/x`, name: guid, properties: { roleDefinitionId: guid, principalId: guid, scope: base } }] },
  ],
  mailboxes: [({ dataverse }) => dataverse.mailboxes(organization, ['a@contoso.com']), { value: [mailbox] }],
  'rights on mailboxes': [
    ({ dataverse }) => dataverse.mailboxRights(organization, [guid]),
    { UserId: guid, RolePrivileges: [{ Depth: 'Basic' }], AccessRights: 'ReadAccess, WriteAccess' },
  ],
  profiles: [({ dataverse }) => dataverse.profiles(organization, { id: guid, name: 'HMA' }), { value: [profile] }],
  'managed identity': [({ dataverse }) => dataverse.identity(organization, guid), identity],
  'key vault reference': [({ dataverse }) => dataverse.reference(organization, guid), profile.keyvaultreferenceid],
}

describe('an answer of another type is reported without quoting its content', () => {
  test.each(Object.entries(calls))('%s', async (_name, [call, right]) => {
    let body: unknown = right
    const { clients } = await world(() => ({ status: 200, body }))
    await expect(call(clients)).resolves.toBeDefined()
    const seen = await call(clients)
    await fc.assert(
      fc.asyncProperty(wrongBody(right), async (text) => {
        body = text
        const outcome = await call(clients).then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        )
        if ('value' in outcome) return void expect(wrongTypes(seen, outcome.value)).toEqual([])
        expectWords(outcome.error)
      }),
      { numRuns: 200 },
    )
  })
})

describe('a list with a next link', () => {
  /** Each with where its service says that a list goes on. */
  const lists = [
    ['applications by name', '@odata.nextLink', 'https://graph.lab.localhost/v1.0/applications?page=2'],
    ['versions of a certificate', 'nextLink', `${vault}/certificates/c/versions?page=2`],
    ['versions of a secret', 'nextLink', `${vault}/secrets/s/versions?page=2`],
    ['role assignments', 'nextLink', 'https://management.lab.localhost/more?page=2'],
    ['profiles', '@odata.nextLink', 'https://contoso.crm4.lab.localhost/api/data/v9.2/emailserverprofiles?page=2'],
  ] as const

  test.each(lists)('%s: an endless list is given up', async (name, field, link) => {
    const { clients } = await world(() => ({ status: 200, body: { value: [], [field]: link } }))
    await expect(calls[name]?.[0](clients)).rejects.toThrow(/the list has no end after 1000 pages/)
  })

  test.each(lists)('%s: a link to another host does not get the token', async (name, field) => {
    for (const link of [
      'https://login.lab.localhost/v1.0/x',
      'https://other.vault.lab.localhost/x',
      '//login.lab.localhost/x',
      'https://login.lab.localhost',
    ]) {
      let answered = 0
      const at = await world(() => ({ status: 200, body: { value: [], ...(answered++ === 0 && { [field]: link }) } }))
      await calls[name]?.[0](at.clients).catch((error: unknown) => expect(error).toBeInstanceOf(HmaError))
      const [first, ...others] = at.server.received.filter(({ headers }) => headers.authorization?.includes('Bearer'))
      expect(others.filter(({ host }) => host !== first?.host)).toEqual([])
    }
  })
})

test('an array for an object', () => expect(wrongTypes({ a: [{ b: '' }] }, { a: [{ b: 1 }] })).toEqual(['.a[].b: number']))
