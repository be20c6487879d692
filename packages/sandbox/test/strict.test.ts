import { expect, test } from 'vitest'
import { asClient, errorOf } from './clients/asClient.ts'
import { ask, bearer, principal, startSandbox, vaultTenant } from './support/sandbox.ts'

const group = 'https://management.azure.com/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/rg-strict'
const secret = 'https://kv-contoso-mail.vault.azure.net/secrets/strict?api-version=7.4'
const graph = 'https://graph.microsoft.com/v1.0'

type Row = readonly [ignored: string, method: string, url: string, body?: object]
const requests: readonly Row[] = [
  ['$orderby', 'GET', 'https://management.azure.com/subscriptions?api-version=2022-12-01&$orderby=name'],
  ['filter', 'GET', 'https://kv-contoso-mail.vault.azure.net/secrets?api-version=7.4&filter=x'],
  ['search', 'GET', `${graph}/applications?search=x`],
  ['managedBy', 'PUT', `${group}?api-version=2022-09-01`, { location: 'westeurope', managedBy: 'nobody' }],
  ['attributes.recoverableDays', 'PUT', secret, { value: '1', attributes: { enabled: true, recoverableDays: 7 } }],
  ['expires.at.last', 'PUT', secret, { value: '1', expires: { at: { last: true } } }],
]

for (const [name, method, url, body] of requests)
  test(`${name}: refused in strict mode, and in the log otherwise`, async () => {
    const sandbox = await startSandbox({ settings: { registeringDns: 0, strict: true } })
    const client = asClient(sandbox)
    const refused = errorOf(await client(method, url, body))
    expect(refused).toMatchObject({ code: 'SandboxStrict', message: expect.stringContaining(`no notice of ${name} here`) })
    sandbox.settings.strict = false
    expect((await client(method, url, body)).status).toBeLessThan(300)
    expect(sandbox.log.at(-1)).toMatchObject({ ignored: [name] })
    await sandbox.close()
  })

test('the program that serves it is notified once of each kind', async () => {
  const told: string[] = []
  const ignored = ({ method, ignored: names = [] }: { method: string; ignored?: readonly string[] }): void =>
    void told.push(`${method} ${names.join()}`)
  const sandbox = await startSandbox({ settings: { strict: false }, ignored })
  const client = asClient(sandbox)
  for (const option of ['search', 'search', 'filter']) await client('GET', `${graph}/applications?${option}=x`)
  expect(told).toEqual(['GET search', 'GET filter'])
  await sandbox.close()
})

test('a batch is checked part by part, except parts that were refused anyway', async () => {
  const sandbox = await startSandbox({ settings: { strict: true } })
  const client = asClient(sandbox)
  const batch = (url: string) => client('POST', `${graph}/$batch`, { requests: [{ id: '1', method: 'GET', url }] })
  expect(errorOf(await batch('/applications?search=x')).code).toBe('SandboxStrict')
  expect((await batch('/applications/none?search=x')).status).toBe(200)
  await sandbox.close()
})

test('stored parts of a body are plain data, and an unread body is ignored as a whole', async () => {
  const sandbox = await startSandbox({ settings: { registeringDns: 0, strict: true } })
  const authorization = await bearer(sandbox, principal(sandbox, vaultTenant), 'https://vault.azure.net')
  const sent = { method: 'PUT', headers: { authorization }, body: { value: '1', tags: { deep: 'kept' } } }
  expect((await ask(sandbox, secret, sent)).status).toBe(200)
  expect(structuredClone(sandbox.world.vaults)).toEqual(sandbox.world.vaults)
  const client = asClient(sandbox)
  const rotated = await client('POST', 'https://kv-contoso-mail.vault.azure.net/keys/strict/create?api-version=7.4', {
    kty: 'EC',
  })
  expect(rotated.status).toBe(200)
  const rotate = await client('POST', 'https://kv-contoso-mail.vault.azure.net/keys/strict/rotate?api-version=7.4', { kty: 'EC' })
  expect(errorOf(rotate).message).toContain('no notice of the whole body here')
  await sandbox.close()
})
