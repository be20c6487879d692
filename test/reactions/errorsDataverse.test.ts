import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import { graphAs, newClient } from '../../packages/sandbox/test/support/graph.ts'
import { type Answer, ask, bearer, mailTenant, principal, startSandbox } from '../../packages/sandbox/test/support/sandbox.ts'
import { expectRefusal, type Refusal } from './situations.ts'

type Ask = (method: string, path: string, body?: object, headers?: Record<string, string>) => Promise<Answer>

const url = 'https://contoso.crm4.dynamics.com'
let sandbox: Sandbox
let owner: Ask
let reader: Ask
/** Has a good token, but is no user of the environment. */
let nobody: Ask

beforeAll(async () => {
  sandbox = await startSandbox()
  const me = principal(sandbox, mailTenant)
  const asker = async (client: { tenantId: string; clientId: string; clientSecret: string }): Promise<Ask> => {
    const authorization = await bearer(sandbox, client, url)
    return (method, path, body, headers = {}) =>
      ask(sandbox, `${url}/api/data/v9.2/${path}`, { method, headers: { authorization, ...headers }, ...(body && { body }) })
  }
  owner = await asker(me)
  reader = await asker(principal(sandbox, mailTenant, 'reader'))
  nobody = await asker(await newClient(await graphAs(sandbox, me), mailTenant, 'nobody'))
})
afterAll(() => sandbox.close())

const row = (id: string): string => `keyvaultreferences(${id})`

async function made(): Promise<string> {
  const id = randomUUID()
  await owner('PATCH', row(id), { keyvaulturi: 'https://kv.vault.azure.net/', keyname: 'HMA-Cert' })
  return id
}

/** Every situation of which it is known how Dataverse refuses it: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors */
const situations: readonly (readonly [string, () => Promise<Answer>, Refusal])[] = [
  [
    'a row that is not there',
    () => owner('GET', row(randomUUID())),
    { status: 404, code: '0x80040217', says: /With Id = [0-9a-f-]{36} Does Not Exist$/, again: true },
  ],
  [
    'a row that is not there and must not be made',
    () => owner('PATCH', row(randomUUID()), { keyname: 'x' }, { 'If-Match': '*' }),
    { status: 404, code: '0x80040217', says: /Does Not Exist$/, again: true },
  ],
  [
    'a row that is there and must not be changed',
    async () => owner('PATCH', row(await made()), { keyname: 'x' }, { 'If-None-Match': '*' }),
    { status: 412, code: '0x80040237', says: /^A record with matching key values already exists\.$/, again: false },
  ],
  [
    'a row that has changed since it was read',
    async () => owner('PATCH', row(await made()), { keyname: 'x' }, { 'If-Match': 'W/"1"' }),
    {
      status: 412,
      code: '0x80060882',
      says: /^The version of the existing record doesn't match the RowVersion property provided\.$/,
      again: false,
    },
  ],
  [
    'a column that there is not',
    async () => owner('PATCH', row(await made()), { colour: 'red' }),
    { status: 400, code: '0x80048d19', says: /colour/, again: false },
  ],
  [
    'a text that is too long',
    async () => owner('PATCH', row(await made()), { keyname: 'x'.repeat(101) }),
    {
      status: 400,
      code: '0x80044331',
      says: /'keyname' attribute of the 'keyvaultreference' entity exceeded the maximum allowed length of '100'/,
      again: false,
    },
  ],
  [
    'an option that there is not',
    async () => owner('PATCH', row(await made()), { keytype: 77 }),
    { status: 400, code: '0x8004431a', says: /'keytype'/, again: false },
  ],
  [
    'a table that there is not',
    () => owner('GET', 'colours'),
    { status: 404, code: '0x8006088a', says: /^Resource not found for the segment 'colours'\.$/, again: true },
  ],
  [
    'an application that is no user of the environment',
    () => nobody('GET', 'WhoAmI'),
    {
      status: 403,
      code: '0x80072560',
      says: /^The user is not a member of the organization\.$/,
      again: false,
      hint: /Application users/,
    },
  ],
  [
    'a privilege that is missing',
    () => reader('POST', 'keyvaultreferences', { keyvaulturi: 'https://kv.vault.azure.net/' }),
    { status: 403, code: '0x80040220', says: /prvCreate\w+ privilege/, again: false, hint: /prvCreate/ },
  ],
]

test.each(situations)('%s', async (_what, situation, wanted) => {
  expectRefusal('dataverse', await situation(), wanted)
})

test('no token: a challenge that says where to get one', async () => {
  const { status, headers } = await ask(sandbox, `${url}/api/data/v9.2/WhoAmI`)
  expect(status).toBe(401)
  expect(headers['www-authenticate']).toBe(
    `Bearer authorization_uri=https://login.microsoftonline.com/${mailTenant}/oauth2/authorize, resource_id=${url}/`,
  )
})

test('a client that requests annotations gets more detail', async () => {
  const { json } = await owner('GET', row(randomUUID()), undefined, { Prefer: 'odata.include-annotations="*"' })
  expect(Object.keys(Object(json.error))).toEqual(
    expect.arrayContaining([
      'code',
      'message',
      '@Microsoft.PowerApps.CDS.HelpLink',
      '@Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode',
    ]),
  )
})
