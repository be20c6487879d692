import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox.ts'
import { type Ask, ask, bearer, principal, startSandbox, vaultTenant } from '../support/sandbox.ts'

const folder = mkdtempSync(join(tmpdir(), 'hma-vault-'))
const file = join(folder, 'world.json')
const subscription = '33333333-3333-3333-3333-333333333333'
const vaults = `/subscriptions/${subscription}/resourceGroups/rg-mail/providers/Microsoft.KeyVault/vaults`
let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await startSandbox({ file, settings: { registeringDns: 0 } })
})
afterAll(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

async function asOwner(url: string, audience: string, request: Ask = {}) {
  const authorization = await bearer(sandbox, principal(sandbox, vaultTenant), audience)
  return ask(sandbox, url, { ...request, headers: { authorization } })
}

const vault = (path: string, request?: Ask) =>
  asOwner(`https://kv-contoso-mail.vault.azure.net${path}?api-version=2025-07-01`, 'https://vault.azure.net', request)

describe('in the whole sandbox', () => {
  it('a vault is read and written with tokens of its tenant', async () => {
    const url = `https://management.azure.com${vaults}/kv-contoso-mail?api-version=2026-02-01`
    const { json } = await asOwner(url, 'https://management.azure.com')
    expect(json.properties).toMatchObject({ vaultUri: 'https://kv-contoso-mail.vault.azure.net/', tenantId: vaultTenant })
    expect((await vault('/secrets/one', { method: 'PUT', body: { value: 'x' } })).status).toBe(200)
  })

  it('a certificate is created, and is the same after a restart of the sandbox', async () => {
    const policy = { x509_props: { subject: 'CN=hma' }, issuer: { name: 'Self' } }
    expect((await vault('/certificates/HMA-Cert/create', { method: 'POST', body: { policy } })).status).toBe(202)
    sandbox.advance(1500)
    const { x5t } = (await vault('/certificates/HMA-Cert/')).json
    expect(x5t).toBeTypeOf('string')
    await sandbox.close()
    sandbox = await startSandbox({ file, settings: { registeringDns: 0 } })
    expect((await vault('/certificates/HMA-Cert/')).json.x5t).toBe(x5t)
    expect((await vault('/secrets/one')).json.value).toBe('x')
  })

  it('a vault that is made is reached by the names of the sandbox, until it is deleted', async () => {
    const { endpoints } = sandbox
    const url = `${endpoints.resourceManager}${vaults}/kv-made?api-version=2026-02-01`
    const properties = { tenantId: vaultTenant, sku: { family: 'A', name: 'standard' } }
    const made = await asOwner(url, 'https://management.azure.com', {
      method: 'PUT',
      body: { location: 'westeurope', properties },
    })
    expect(made.json.properties).toMatchObject({ vaultUri: `https://kv-made.${endpoints.keyVaultSuffix}` })
    const secret = `https://kv-made.${endpoints.keyVaultSuffix}/secrets/s?api-version=7.5`
    const challenge = (await ask(sandbox, secret)).headers['www-authenticate']
    expect(challenge).toContain(
      `authorization="${endpoints.authorityHost}/${vaultTenant}", resource="https://vault.sandbox.localhost"`,
    )
    expect((await asOwner(secret, 'https://vault.sandbox.localhost', { method: 'PUT', body: { value: 'y' } })).status).toBe(200)
    await asOwner(url, 'https://management.azure.com', { method: 'DELETE' })
    expect(sandbox.knows(`kv-made.${endpoints.keyVaultSuffix}`)).toBe(false)
  })
})
