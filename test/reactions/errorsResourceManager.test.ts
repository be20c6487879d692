import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import { graphAs, newClient } from '../../packages/sandbox/test/support/graph.ts'
import {
  type Answer,
  ask,
  bearer,
  mailTenant,
  principal,
  startSandbox,
  vaultTenant,
} from '../../packages/sandbox/test/support/sandbox.ts'
import { expectRefusal, type Refusal } from './situations.ts'

type Ask = (method: string, path: string, body?: object) => Promise<Answer>

let sandbox: Sandbox
let owner: Ask
let reader: Ask
let stranger: Ask
let somebody = ''

const subscription = '/subscriptions/33333333-3333-3333-3333-333333333333'
const group = `${subscription}/resourceGroups/rg-mail`
const vaults = `${group}/providers/Microsoft.KeyVault/vaults`
const vault = `${vaults}/kv-contoso-mail`
const secretsUser = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6`

beforeAll(async () => {
  sandbox = await startSandbox({ settings: { registeringDns: 0 } })
  const asker = async (client: { tenantId: string; clientId: string; clientSecret: string }): Promise<Ask> => {
    const authorization = await bearer(sandbox, client, 'https://management.azure.com')
    return (method, path, body) =>
      ask(sandbox, `https://management.azure.com${versioned(path)}`, {
        method,
        headers: { authorization },
        ...(body && { body }),
      })
  }
  owner = await asker(principal(sandbox, vaultTenant))
  reader = await asker(principal(sandbox, vaultTenant, 'reader'))
  stranger = await asker(principal(sandbox, mailTenant))
  somebody = (await newClient(await graphAs(sandbox, principal(sandbox, vaultTenant)), vaultTenant, 'somebody')).principalId
})
afterAll(() => sandbox.close())

const versioned = (path: string): string =>
  path.includes('api-version') ? path : `${path}?api-version=${path.includes('Authorization') ? '2022-04-01' : '2026-02-01'}`

const settings = {
  location: 'westeurope',
  properties: { tenantId: vaultTenant, sku: { family: 'A', name: 'standard' }, accessPolicies: [] },
}

const assign = (name: string, principalId: string, roleDefinitionId = secretsUser): Promise<Answer> =>
  owner('PUT', `${vault}/providers/Microsoft.Authorization/roleAssignments/${name}`, {
    properties: { roleDefinitionId, principalId, principalType: 'ServicePrincipal' },
  })

const mine = randomUUID()

/** Every situation of which it is known how Resource Manager refuses it: https://learn.microsoft.com/azure/key-vault/general/common-error-codes */
const situations: readonly (readonly [string, () => Promise<Answer>, Refusal])[] = [
  [
    'no token',
    () => ask(sandbox, `https://management.azure.com${versioned(vault)}`),
    { status: 401, code: 'AuthenticationFailed', says: /'Authorization' header is missing/, again: false, hint: /token/ },
  ],
  [
    'a token of another tenant',
    () => stranger('GET', vault),
    { status: 401, code: 'InvalidAuthenticationTokenTenant', says: /wrong issuer/, again: false, hint: /subscriptionId/ },
  ],
  [
    'a subscription that is not there',
    () => owner('GET', vault.replace('33333333', '44444444')),
    {
      status: 404,
      code: 'SubscriptionNotFound',
      says: /^The subscription '44444444-[^']*' could not be found\.$/,
      again: false,
      hint: /subscriptionId/,
    },
  ],
  [
    'a resource group that is not there',
    () => owner('GET', vault.replace('rg-mail', 'rg-none')),
    {
      status: 404,
      code: 'ResourceGroupNotFound',
      says: /^Resource group 'rg-none' could not be found\.$/,
      again: false,
      hint: /az group create/,
    },
  ],
  [
    'a vault that is not there',
    () => owner('GET', `${vaults}/kv-none`),
    {
      status: 404,
      code: 'ResourceNotFound',
      says: /^The Resource 'Microsoft\.KeyVault\/vaults\/kv-none' under resource group 'rg-mail' was not found\./,
      again: true,
    },
  ],
  [
    'a right that is missing',
    () => reader('PUT', `${vaults}/kv-new`, settings),
    {
      ...{ status: 403, code: 'AuthorizationFailed', again: false, hint: /Key Vault Contributor/ },
      says: /^The client '[^']*' with object id '[^']*' does not have authorization to perform action 'Microsoft\.KeyVault\/vaults\/write' over scope '/,
    },
  ],
  [
    'the right to give rights',
    () =>
      reader('PUT', `${vault}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`, {
        properties: { roleDefinitionId: secretsUser, principalId: somebody },
      }),
    {
      status: 403,
      code: 'AuthorizationFailed',
      says: /'Microsoft\.Authorization\/roleAssignments\/write'/,
      again: false,
      hint: /Role Based Access Control Administrator/,
    },
  ],
  [
    'a name that a deleted vault holds',
    async () => {
      await owner('PUT', `${vaults}/kv-gone`, settings)
      await owner('DELETE', `${vaults}/kv-gone`)
      return owner('PUT', `${vaults}/kv-gone`, settings)
    },
    {
      status: 409,
      code: 'ConflictError',
      says: /^A vault with the same name already exists in deleted state\. You need to either recover or purge/,
      again: true,
      hint: /recovers/,
    },
  ],
  [
    'a name that another vault has',
    async () => {
      await owner('PUT', `${subscription}/resourceGroups/rg-other?api-version=2021-04-01`, { location: 'westeurope' })
      return owner('PUT', vault.replace('rg-mail', 'rg-other'), settings)
    },
    {
      status: 409,
      code: 'VaultAlreadyExists',
      says: /^The vault name 'kv-contoso-mail' is already in use\. Vault names are globally unique/,
      again: false,
      hint: /unique/,
    },
  ],
  [
    'a name that no vault can have',
    () => owner('PUT', `${vaults}/kv--x`, settings),
    { status: 400, code: 'VaultNameNotValid', says: /kv--x/, again: false },
  ],
  [
    'the same role of the same principal under another name',
    async () => {
      expect((await assign(mine, somebody)).status).toBe(201)
      return assign(randomUUID(), somebody)
    },
    {
      status: 409,
      code: 'RoleAssignmentExists',
      says: new RegExp(
        `^The role assignment already exists\\. The ID of the conflicting role assignment is ${mine.replaceAll('-', '')}\\.$`,
      ),
      again: false,
    },
  ],
  [
    'another principal under the same name',
    async () => {
      const other = await newClient(await graphAs(sandbox, principal(sandbox, vaultTenant)), vaultTenant, 'other')
      return assign(mine, other.principalId)
    },
    {
      status: 400,
      code: 'RoleAssignmentUpdateNotPermitted',
      says: /^Tenant ID, application ID, principal ID, and scope are not allowed to be updated\.$/,
      again: false,
    },
  ],
  [
    'a principal that the directory does not know',
    () =>
      owner('PUT', `${vault}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`, {
        properties: { roleDefinitionId: secretsUser, principalId: randomUUID() },
      }),
    { status: 400, code: 'PrincipalNotFound', says: /^Principal [0-9a-f]{32} does not exist in the directory /, again: true },
  ],
  [
    'a role that there is not',
    () => assign(randomUUID(), somebody, secretsUser.replace(/[^/]+$/, randomUUID())),
    { status: 404, code: 'RoleDefinitionDoesNotExist', says: /does not exist\.$/, again: true },
  ],
  [
    'no version',
    () => owner('GET', `${vault}?api-version=`),
    { status: 400, code: 'MissingApiVersionParameter', says: /required for all requests/, again: false },
  ],
  [
    'a version that there is not',
    () => owner('GET', `${vault}?api-version=2014-01-01`),
    { status: 400, code: 'NoRegisteredProviderFound', says: /2014-01-01/, again: false },
  ],
]

test.each(situations)('%s', async (_what, situation, wanted) => {
  const answer = await situation()
  expectRefusal('resourceManager', answer, wanted)
  expect(answer.headers['x-ms-request-id']).toMatch(/^[0-9a-f-]{36}$/)
})
