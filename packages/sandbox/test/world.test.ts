import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../src/sandbox.ts'
import { asClient } from './clients/asClient.ts'
import { type Ask, ask, startSandbox, vaultTenant } from './support/sandbox.ts'

const control = 'https://control.sandbox.localhost'
const graph = 'https://graph.microsoft.com/v1.0'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ settings: { registeringDns: 0 } })
})
afterAll(() => sandbox.close())

const asked = (path: string, options?: Ask) => ask(sandbox, `${control}${path}`, options)

describe('the page that shows the world', () => {
  test('shows applications, vaults, rows, faults, settings and requests, but no secret', async () => {
    const client = asClient(sandbox)
    const { id } = (await client('POST', `${graph}/applications`, { displayName: '<script>alert(1)</script>' })).json
    const { secretText } = (await client('POST', `${graph}/applications/${id}/addPassword`)).json
    const secret = 'https://kv-contoso-mail.vault.azure.net/secrets/shown?api-version=7.4'
    await client('PUT', secret, { value: 'never to be shown' })
    sandbox.settings.mailboxTest = 7
    sandbox.faults.push({ service: 'graph', url: '/never', times: 1, when: 'instead', answer: 'drop' })
    sandbox.faults.push({ service: 'graph', url: '$top=1', times: 1, when: 'after', answer: { status: 503 } })
    expect((await client('GET', `${graph}/applications?$top=1`)).status).toBe(503)
    const { headers, text } = await asked('/')
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    for (const part of ['&lt;script&gt;', vaultTenant, 'kv-contoso-mail', 'shown', 'Dataverse https://contoso.crm4.dynamics.com'])
      expect(text).toContain(part)
    for (const part of ['sales@contoso.com', 'mailboxTest', '/never', 'POST', 'Sign-in never broke.'])
      expect(text).toContain(part)
    for (const part of ['the connection ends', 'used up', 'fault: status 503', 'Automation (owner)', 'secret'])
      expect(text).toContain(part)
    for (const part of ['<script', 'never to be shown', String(secretText), 'PRIVATE KEY']) expect(text).not.toContain(part)
  })

  test('expired entries are marked', async () => {
    const other = await startSandbox({ settings: { registeringDns: 0 } })
    const client = asClient(other)
    const { id } = (await client('POST', `${graph}/applications`, { displayName: 'short' })).json
    const endDateTime = new Date(other.now().getTime() + 60_000).toISOString()
    await client('POST', `${graph}/applications/${id}/addPassword`, { passwordCredential: { endDateTime } })
    const look = async (): Promise<string> => (await ask(other, `${control}/`)).text
    expect(await look()).not.toContain('expired')
    other.advance(120_000)
    expect(await look()).toMatch(/secret \S+… expired /)
    await other.close()
  })

  test('a browser with the token may read it; another page of the browser may not', async () => {
    const other = await startSandbox()
    expect((await ask(other, `${control}/`, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403)
    expect((await ask(other, `${control}/`, { headers: { 'sec-fetch-site': 'none' } })).status).toBe(200)
    await other.close()
  })
})

describe('a snapshot', () => {
  test('restores the state and the clock; issued tokens stay valid', async () => {
    const client = asClient(sandbox)
    const names = async () => (await client('GET', `${graph}/applications?$select=displayName`)).text
    const before = await names()
    const now = sandbox.now().getTime()
    const snapshot = (await asked('/snapshot')).json
    await client('POST', `${graph}/applications`, { displayName: 'made later' })
    sandbox.advance(60_000)
    expect(await names()).not.toBe(before)
    expect((await asked('/snapshot', { method: 'PUT', body: snapshot })).status).toBe(200)
    expect(await names()).toBe(before)
    expect(sandbox.now().getTime()).toBeLessThan(now + 60_000)
  })

  test('of another sandbox is restored without its keys', async () => {
    const other = await startSandbox()
    const { keys } = other.world
    await ask(other, `${control}/snapshot`, { method: 'PUT', body: (await asked('/snapshot')).json })
    expect(other.world.keys).toBe(keys)
    expect(Object.keys(other.world.directory.tenants)).toContain(vaultTenant)
    await other.close()
  })

  test('anything else is refused', async () => {
    for (const body of [{}, { format: 2 }, []])
      expect((await asked('/snapshot', { method: 'PUT', body })).json.error).toBe('Send what GET /snapshot answered.')
  })
})
