import { expect, test } from 'vitest'
import { asClient, errorOf } from './asClient.ts'
import { startSandbox } from './support/sandbox.ts'

const requests = [
  'https://management.azure.com/subscriptions?api-version=2022-12-01&$orderby=name',
  'https://kv-contoso-mail.vault.azure.net/secrets?api-version=7.4&filter=x',
  'https://graph.microsoft.com/v1.0/applications?search=x',
]

test('what is not honoured is refused in strict mode, and stands in the log otherwise', async () => {
  const sandbox = await startSandbox({ settings: { registeringDns: 0, strict: true } })
  const client = asClient(sandbox)
  for (const url of requests) expect(errorOf(await client('GET', url)).code).toBe('SandboxStrict')
  sandbox.settings.strict = false
  for (const url of requests) expect((await client('GET', url)).status).toBe(200)
  const ignored = sandbox.log.filter(({ status }) => status === 200).flatMap((entry) => entry.ignored ?? [])
  expect(ignored).toEqual(['$orderby', 'filter', 'search'])
  await sandbox.close()
})
