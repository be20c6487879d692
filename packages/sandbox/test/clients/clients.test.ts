import { AuthorizationManagementClient } from '@azure/arm-authorization'
import { KeyVaultManagementClient } from '@azure/arm-keyvault'
import { CertificateClient } from '@azure/keyvault-certificates'
import { SecretClient } from '@azure/keyvault-secrets'
import { GraphError, PageIterator } from '@microsoft/microsoft-graph-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox.ts'
import { company } from '../support/companyCa.ts'
import { modern, thumbprintOfTools } from '../support/pfxOfTools.ts'
import { principal, startSandbox, vaultTenant } from '../support/sandbox.ts'
import { credentialOf, graphClientOf, pointed } from './foreignClients.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ settings: { registeringDns: 0, keyPool: 2 } })
})
afterAll(() => sandbox.close())

const subscription = '33333333-3333-3333-3333-333333333333'
const ours = () => credentialOf(sandbox, principal(sandbox, vaultTenant))
const vaultUrl = (): string => `https://kv-contoso-mail.${sandbox.endpoints.keyVaultSuffix}`

async function all<T>(pages: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = []
  for await (const each of pages) found.push(each)
  return found
}

describe("Microsoft's SDKs, used plainly under the sandbox's own names", () => {
  test('secrets: written, read, paged, deleted and recovered', async () => {
    const client = new SecretClient(vaultUrl(), ours(), pointed(sandbox))
    for (const name of ['a', 'b', 'c']) await client.setSecret(name, `value of ${name}`, { contentType: 'text/plain' })
    expect((await client.getSecret('a')).value).toBe('value of a')
    const pages: number[] = []
    for await (const page of client.listPropertiesOfSecrets().byPage({ maxPageSize: 2 })) pages.push(page.length)
    expect(pages).toEqual([2, 1])
    const deleting = await client.beginDeleteSecret('a', { intervalInMs: 20 })
    sandbox.advance(60_000)
    await deleting.pollUntilDone()
    const recovering = await client.beginRecoverDeletedSecret('a', { intervalInMs: 20 })
    sandbox.advance(60_000)
    await recovering.pollUntilDone()
    expect((await client.getSecret('a')).value).toBe('value of a')
    await expect(client.getSecret('none')).rejects.toMatchObject({ statusCode: 404, code: 'SecretNotFound' })
  })

  test('certificates: signed by the vault, by a CA, and brought along', async () => {
    const client = new CertificateClient(vaultUrl(), ours(), pointed(sandbox))
    const policy = { subject: 'CN=hma.contoso.com', keySize: 2048 } as const
    const making = await client.beginCreateCertificate('own', { ...policy, issuerName: 'Self' }, { intervalInMs: 20 })
    sandbox.advance(60_000)
    expect((await making.pollUntilDone()).properties.x509ThumbprintString).toMatch(/^[0-9a-f]{40}$/)

    await client.beginCreateCertificate('signed', { ...policy, issuerName: 'Unknown' })
    const waiting = await client.getCertificateOperation('signed')
    const { csr } = waiting.getOperationState().certificateOperation ?? {}
    const request = `-----BEGIN CERTIFICATE REQUEST-----\n${Buffer.from(csr ?? []).toString('base64')}\n-----END CERTIFICATE REQUEST-----`
    const { leaf, thumbprint } = await (await company()).sign(request, { from: sandbox.now(), days: 30 })
    const merged = await client.mergeCertificate('signed', [Buffer.from(leaf.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64')])
    expect(merged.properties.x509ThumbprintString?.toUpperCase()).toBe(thumbprint)

    const brought = await client.importCertificate('brought', modern, { password: 'brought' })
    expect(brought.properties.x509ThumbprintString?.toUpperCase()).toBe(thumbprintOfTools)
    const names = (await all(client.listPropertiesOfCertificates())).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['own', 'signed', 'brought']))
    await expect(client.getCertificateOperation('none')).rejects.toMatchObject({ statusCode: 404 })
  })

  test('vaults and role assignments', async () => {
    const options = { ...pointed(sandbox), endpoint: sandbox.endpoints.resourceManager }
    const client = new KeyVaultManagementClient(ours(), subscription, options)
    const properties = { tenantId: vaultTenant, sku: { family: 'A', name: 'standard' }, enableRbacAuthorization: true } as const
    const made = await client.vaults.createOrUpdate('rg-mail', 'kv-stranger', { location: 'westeurope', properties })
    expect(made.properties.vaultUri).toMatch(/^https:\/\/kv-stranger\.vault\.sandbox\.localhost:\d+\/?$/)
    const found = await all(client.vaults.listByResourceGroup('rg-mail', { top: 1 }))
    expect(found.map(({ name }) => name).sort()).toEqual(['kv-contoso-mail', 'kv-stranger'])
    await client.vaults.delete('rg-mail', 'kv-stranger')
    expect((await all(client.vaults.listDeleted())).map(({ name }) => name)).toEqual(['kv-stranger'])
    await client.vaults.purgeDeleted('kv-stranger', 'westeurope').submitted()
    expect(await all(client.vaults.listDeleted())).toEqual([])

    const roles = new AuthorizationManagementClient(ours(), subscription, {
      ...pointed(sandbox),
      endpoint: sandbox.endpoints.resourceManager,
      credentialScopes: `${sandbox.endpoints.resourceManager}/.default`,
    })
    const scope = `subscriptions/${subscription}/resourceGroups/rg-mail/providers/Microsoft.KeyVault/vaults/kv-contoso-mail`
    const assigned = await all(roles.roleAssignments.listForScope(scope, { filter: 'atScope()' }))
    expect(assigned.length).toBeGreaterThan(0)
    expect((await all(roles.roleDefinitions.list(scope))).map(({ roleName }) => roleName)).toContain('Key Vault Secrets User')
  })

  test('the Graph client: create, select, filter, page, batch, and an error', async () => {
    const graph = graphClientOf(sandbox, principal(sandbox, vaultTenant))
    const made: { id: string; appId: string } = await graph.api('/applications').post({ displayName: "O'Hara & Sons" })
    for (const index of [1, 2, 3, 4, 5]) await graph.api('/applications').post({ displayName: `stranger-${index}` })
    expect(await graph.api(`/applications/${made.id}`).select('displayName').get()).toMatchObject({
      displayName: "O'Hara & Sons",
    })
    const filter = encodeURIComponent("displayName eq 'O''Hara & Sons'")
    expect((await graph.api(`/applications?$filter=${filter}`).get()).value).toHaveLength(1)

    const names: string[] = []
    const first = await graph.api("/applications?$filter=startswith(displayName,'stranger-')&$top=2").get()
    await new PageIterator(graph, first, (each: { displayName: string }) => names.push(each.displayName) > 0).iterate()
    expect(names.sort()).toEqual([1, 2, 3, 4, 5].map((index) => `stranger-${index}`))

    const { responses } = await graph.api('/$batch').post({
      requests: [
        { id: '1', method: 'GET', url: `/applications/${made.id}?$select=appId` },
        { id: '2', method: 'GET', url: '/applications/00000000-0000-0000-0000-000000000000' },
      ],
    })
    expect(new Map(responses.map(({ id, status }: { id: string; status: number }) => [id, status]))).toEqual(
      new Map([
        ['1', 200],
        ['2', 404],
      ]),
    )
    const failure: unknown = await graph
      .api('/applications/none')
      .get()
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(GraphError)
    expect(failure).toMatchObject({ statusCode: 400, code: 'Request_BadRequest' })
  })

  test('a credential with a wrong secret is refused as such', async () => {
    const stranger = credentialOf(sandbox, { ...principal(sandbox, vaultTenant), clientSecret: 'wrong' })
    await expect(stranger.getToken(`${sandbox.endpoints.graph}/.default`)).rejects.toThrow(/AADSTS7000215/)
  })
})
