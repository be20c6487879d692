import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Settings } from '../../packages/sandbox/src/azure.ts'
import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import { errorOf, type Graph, graphAs, graphUrl, newClient } from '../../packages/sandbox/test/support/graph.ts'
import { type Answer, ask, bearer, mailTenant, principal, startSandbox } from '../../packages/sandbox/test/support/sandbox.ts'
import { selfSigned } from '../../packages/sandbox/test/support/selfSigned.ts'
import { expectRefusal, type Refusal } from './situations.ts'

let sandbox: Sandbox
let owner: Graph
let reader: Graph
/** May write only what it owns. */
let modest: Graph

beforeAll(async () => {
  sandbox = await startSandbox()
  owner = await graphAs(sandbox, principal(sandbox, mailTenant))
  reader = await graphAs(sandbox, principal(sandbox, mailTenant, 'reader'))
  modest = await graphAs(sandbox, await newClient(owner, mailTenant, 'modest', ['Application.ReadWrite.OwnedBy']))
})
afterAll(() => sandbox.close())

const exchange = '00000002-0000-0ff1-ce00-000000000000'
const fullAccess = 'dc890d15-9560-4a4c-9b7f-a736ec74ec40'

const application = async (more: object = {}): Promise<string> =>
  String((await owner('POST', '/applications', { displayName: 'KV-App', ...more })).json.id)

async function grant(appRoleId: string, principalId?: string): Promise<Answer> {
  const { json } = await owner('GET', `/servicePrincipals(appId='${exchange}')`)
  const { json: made } = await owner('POST', '/servicePrincipals', {
    appId: (await owner('POST', '/applications', { displayName: 'A' })).json.appId,
  })
  const body = { principalId: principalId ?? made.id, resourceId: json.id, appRoleId }
  const path = `/servicePrincipals/${json.id}/appRoleAssignedTo`
  await owner('POST', path, body)
  return owner('POST', path, body)
}

/** A certificate, as an item of keyCredentials. */
async function key(days: number, more: object = {}): Promise<object> {
  const { der, notBefore } = await selfSigned('CN=hma', sandbox.now(), 10)
  const end = new Date(notBefore.getTime() + days * 86_400_000)
  const dates = { startDateTime: notBefore.toISOString(), endDateTime: end.toISOString() }
  return { key: der, type: 'AsymmetricX509Cert', usage: 'Verify', ...dates, ...more }
}

/** Asks with other settings, which are put back. */
async function under(settings: Partial<Settings>, asked: () => Promise<Answer>): Promise<Answer> {
  const before = { ...sandbox.settings }
  Object.assign(sandbox.settings, settings)
  return asked().finally(() => Object.assign(sandbox.settings, before))
}

const lasting = (days: number): object => ({
  passwordCredential: { displayName: 'x', endDateTime: new Date(sandbox.now().getTime() + days * 86_400_000).toISOString() },
})

async function raw(authorization: string | undefined): Promise<Answer> {
  return ask(sandbox, `${graphUrl}/v1.0/applications`, { headers: authorization === undefined ? {} : { authorization } })
}

/** Every situation of which it is known how Graph refuses it: https://learn.microsoft.com/graph/errors */
const situations: readonly (readonly [string, () => Promise<Answer>, Refusal])[] = [
  [
    'an object that is not there, or not yet on this replica',
    () => owner('GET', `/applications/${randomUUID()}`),
    {
      status: 404,
      code: 'Request_ResourceNotFound',
      says: /^Resource '[0-9a-f-]{36}' does not exist or one of its queried/,
      again: true,
    },
  ],
  [
    'an alternate key that nobody has',
    () => owner('PATCH', "/applications(uniqueName='nobody')", { displayName: 'x' }),
    { status: 404, code: 'Request_ResourceNotFound', says: /^Resource 'nobody' does not exist/, again: true },
  ],
  [
    'a right that is missing',
    () => reader('POST', '/applications', { displayName: 'x' }),
    {
      status: 403,
      code: 'Authorization_RequestDenied',
      says: /^Insufficient privileges to complete the operation\.$/,
      again: false,
    },
  ],
  [
    'a service principal before its application can be seen',
    () => owner('POST', '/servicePrincipals', { appId: randomUUID() }),
    {
      ...{ status: 400, code: 'Request_BadRequest', inner: 'NoBackingApplicationObject', again: true },
      says: /^The appId '[0-9a-f-]{36}' of the service principal does not reference a valid application object\.$/,
    },
  ],
  [
    'the same, for who may write only its own',
    () => modest('POST', '/servicePrincipals', { appId: randomUUID() }),
    {
      status: 403,
      code: 'Authorization_RequestDenied',
      says: /backing application of the service principal being created must in the local tenant/,
      again: true,
    },
  ],
  [
    'a service principal that is there',
    () => owner('POST', '/servicePrincipals', { appId: exchange }),
    {
      status: 409,
      code: 'Request_MultipleObjectsWithSameKeyValue',
      says: /because the service principal name .* is already in use\.$/,
      again: true,
    },
  ],
  [
    'a unique name that a deleted application holds',
    async () => {
      const make = (uniqueName: string) =>
        owner('PATCH', `/applications(uniqueName='${uniqueName}')`, { displayName: 'x' }, { Prefer: 'create-if-missing' })
      const { json } = await make('held')
      await owner('DELETE', `/applications/${json.id}`)
      return owner('PATCH', `/applications/${await application()}`, { uniqueName: 'held' })
    },
    {
      ...{ status: 400, code: 'Request_BadRequest', inner: 'ObjectConflict', again: true, hint: /30 days/ },
      says: /^Another object with the same value for property uniqueName already exists\.$/,
    },
  ],
  [
    'a unique name that is changed',
    async () => {
      const id = await application()
      await owner('PATCH', `/applications/${id}`, { uniqueName: 'once' })
      return owner('PATCH', `/applications/${id}`, { uniqueName: 'twice' })
    },
    { status: 400, code: 'Request_BadRequest', inner: 'PropertyReadOnly', says: /uniqueName/, again: false },
  ],
  [
    'a URI that another application has',
    async () => {
      await application({ identifierUris: ['api://taken'] })
      return owner('POST', '/applications', { displayName: 'x', identifierUris: ['api://taken'] })
    },
    {
      ...{ status: 400, code: 'Request_BadRequest', inner: 'ObjectConflict', again: false },
      says: /^Another object with the same value for property identifierUris already exists\.$/,
    },
  ],
  [
    'a search without its header',
    () => owner('GET', `/applications?$search=${encodeURIComponent('"displayName:x"')}`),
    {
      status: 400,
      code: 'Request_UnsupportedQuery',
      says: /special request header: 'ConsistencyLevel: eventual'$/,
      again: false,
    },
  ],
  [
    'a secret where the policy allows none',
    async () => {
      const id = await application()
      return under({ forbidSecrets: true }, () => owner('POST', `/applications/${id}/addPassword`, lasting(1)))
    },
    {
      ...{ status: 400, code: 'CredentialTypeNotAllowedAsPerAppPolicy', again: false, hint: /policy [0-9a-f-]{36} forbids/ },
      says: /^Credential type not allowed as per assigned policy '[0-9a-f-]{36}'\.$/,
    },
  ],
  [
    'a secret that outlives what the policy allows',
    async () => {
      const id = await application()
      return under({ secretDays: 30 }, () => owner('POST', `/applications/${id}/addPassword`, lasting(31)))
    },
    {
      ...{
        status: 400,
        code: 'CredentialInvalidLifetimeAsPerAppPolicy',
        inner: 'InvalidKeyEndDate',
        again: false,
        hint: /lifetimeDays/,
      },
      says: /^Credential lifetime exceeds the max value allowed as per assigned policy '[0-9a-f-]{36}'\.$/,
    },
  ],
  [
    'a certificate that outlives what the policy allows',
    async () => {
      const [id, one] = [await application(), await key(10)]
      return under({ certificateDays: 5 }, () => owner('PATCH', `/applications/${id}`, { keyCredentials: [one] }))
    },
    {
      ...{
        status: 400,
        code: 'CredentialInvalidLifetimeAsPerAppPolicy',
        inner: 'InvalidKeyEndDate',
        again: false,
        hint: /validityMonths/,
      },
      says: /^Credential lifetime exceeds/,
    },
  ],
  [
    'a credential that ends after its certificate',
    async () => owner('PATCH', `/applications/${await application()}`, { keyCredentials: [await key(11)] }),
    { status: 400, code: 'KeyCredentialsInvalidEndDate', says: /^Key credential end date is invalid\.$/, again: false },
  ],
  [
    'other content under the keyId of a stored key',
    async () => {
      const [id, keyId] = [await application(), randomUUID()]
      await owner('PATCH', `/applications/${id}`, { keyCredentials: [await key(5, { keyId })] })
      return owner('PATCH', `/applications/${id}`, { keyCredentials: [await key(5, { keyId })] })
    },
    {
      ...{ status: 400, code: 'Request_BadRequest', inner: 'KeyNotUpdatable', again: false },
      says: /^Update to existing credential with KeyId '[0-9a-f-]{36}' is not allowed\.$/,
    },
  ],
  [
    'a keyId for an application that is being made',
    async () => owner('POST', '/applications', { displayName: 'x', keyCredentials: [await key(5, { keyId: randomUUID() })] }),
    {
      status: 400,
      code: 'Request_BadRequest',
      says: /^The property KeyId is not supported for Create Application flow$/,
      again: false,
    },
  ],
  [
    'a usage that there is not',
    async () => owner('PATCH', `/applications/${await application()}`, { keyCredentials: [await key(5, { usage: 'Encrypt' })] }),
    {
      ...{ status: 400, code: 'Request_BadRequest', again: false },
      says: /^The value for the property "usage" in one of your credentials is invalid\. Acceptable values are Sign, Verify\.$/,
    },
  ],
  [
    'the removal of a secret that is not there',
    async () => owner('POST', `/applications/${await application()}/removePassword`, { keyId: randomUUID() }),
    { status: 400, code: 'Request_BadRequest', says: /^No password credential found with keyId\.$/, again: false },
  ],
  [
    'a secret that nobody generated',
    async () => owner('PATCH', `/applications/${await application()}`, { passwordCredentials: [{ displayName: 'x' }] }),
    {
      status: 400,
      code: 'Request_BadRequest',
      says: /^New password credentials must be generated using service actions\.$/,
      again: false,
    },
  ],
  [
    'consent that was given',
    () => grant(fullAccess),
    { status: 400, code: 'Request_BadRequest', says: /^Permission being assigned already exists on the object$/, again: false },
  ],
  [
    'consent to a role that there is not',
    () => grant(randomUUID()),
    { status: 400, code: 'Request_BadRequest', says: /^Permission being assigned was not found on application\.$/, again: false },
  ],
  [
    'consent for a service principal that cannot be seen',
    () => grant(fullAccess, randomUUID()),
    { status: 400, code: 'Request_BadRequest', says: /^Not a valid reference update\.$/, again: true },
  ],
  [
    'an assignment whose id is none',
    async () =>
      owner(
        'DELETE',
        `/servicePrincipals/${(await owner('GET', `/servicePrincipals(appId='${exchange}')`)).json.id}/appRoleAssignedTo/none`,
      ),
    { status: 400, code: 'Request_BadRequest', says: /^Invalid resource identifier for EntitlementGrant\.$/, again: false },
  ],
  [
    'a change of an assignment',
    async () => owner('PATCH', `/servicePrincipals/${randomUUID()}/appRoleAssignedTo/x`, {}),
    {
      status: 405,
      code: 'Request_BadRequest',
      says: /^Specified HTTP method is not allowed for the request target\.$/,
      again: false,
    },
  ],
  [
    'an object id that is none',
    () => owner('GET', '/applications/none'),
    { status: 400, code: 'Request_BadRequest', says: /^Invalid object identifier 'none'\.$/, again: false },
  ],
  [
    'two writes of credentials at once',
    async () => {
      const id = await application()
      return under({ credentialPause: 60_000 }, async () => {
        await owner('POST', `/applications/${id}/addPassword`, lasting(1))
        const answer = await owner('POST', `/applications/${id}/addPassword`, lasting(1))
        // Seen with either status.
        expect([409, 503]).toContain(answer.status)
        return { ...answer, status: 409 }
      })
    },
    {
      ...{ status: 409, code: 'Directory_ConcurrencyViolation', again: true },
      says: /^Error due to concurrent requests being made to the tenant\. Please wait briefly and retry\.$/,
    },
  ],
  [
    'more than an object can hold',
    async () => {
      const tags = Array.from({ length: 1001 }, (_, index) => `tag-${index}`)
      return owner('PATCH', `/applications/${await application()}`, { tags })
    },
    {
      status: 400,
      code: 'Directory_ResourceSizeExceeded',
      says: /^The size of the object has exceeded its limit/,
      again: false,
      hint: /too many/,
    },
  ],
  [
    'a third secret for personal accounts',
    async () => {
      const id = await application({ signInAudience: 'AzureADandPersonalMicrosoftAccount' })
      for (const _ of [1, 2]) await owner('POST', `/applications/${id}/addPassword`, lasting(1))
      return owner('POST', `/applications/${id}/addPassword`, lasting(1))
    },
    {
      status: 400,
      code: 'Request_BadRequest',
      says: /^Unable to save changes because the credential limit has been reached/,
      again: false,
      hint: /too many/,
    },
  ],
  [
    'a property that there is not',
    async () => owner('PATCH', `/applications/${await application()}`, { colour: 'red' }),
    { status: 400, code: 'Request_BadRequest', says: /^Invalid property 'colour'\.$/, again: false },
  ],
  [
    'no token',
    () => raw(undefined),
    { status: 401, code: 'InvalidAuthenticationToken', says: /^Access token is empty\.$/, again: false, hint: /token/ },
  ],
  [
    'a token that is none',
    () => raw('Bearer none'),
    {
      status: 401,
      code: 'InvalidAuthenticationToken',
      says: /^CompactToken parsing failed with error code: 80049217$/,
      again: false,
    },
  ],
  [
    'a token whose time is over',
    async () => {
      const token = await bearer(sandbox, principal(sandbox, mailTenant), graphUrl)
      sandbox.advance(2 * 3_600_000)
      return raw(token)
    },
    { status: 401, code: 'InvalidAuthenticationToken', says: /^Access token has expired or is not yet valid\.$/, again: false },
  ],
]

test.each(situations)('%s', async (_what, situation, wanted) => {
  const answer = await situation()
  expectRefusal('graph', answer, wanted)
  // Plain JSON, in which the date has no zone.
  expect(answer.headers['content-type']).toBe('application/json')
  expect(errorOf(answer).innerError).toMatchObject({ date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/) })
})
