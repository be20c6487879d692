import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import {
  type Answer,
  type Ask,
  ask,
  bearer,
  principal,
  startSandbox,
  vaultTenant,
} from '../../packages/sandbox/test/support/sandbox.ts'

export const subscription = '33333333-3333-3333-3333-333333333333'
export const armUrl = 'https://management.azure.com'
export const vaultUrl = 'https://myvault.vault.azure.net'
export const group = `/subscriptions/${subscription}/resourceGroups/rg-mail`

/** Clients of the vault name their requests. */
const named = { 'x-ms-client-request-id': '12345678-0000-4000-8000-000000000000' }

export interface Place {
  readonly sandbox: Sandbox
  graph(method: string, pathOrUrl: string, body?: object, headers?: Record<string, string>): Promise<Answer>
  arm(method: string, path: string, body?: object): Promise<Answer>
  vault(method: string, path: string, body?: object): Promise<Answer>
  /** The vault, asked without a token. */
  stranger(method: string, path: string): Promise<Answer>
  close(): Promise<void>
}

/** A sandbox with the vault of the examples, `myvault`, asked as its owner. */
export async function place(): Promise<Place> {
  const sandbox = await startSandbox({ settings: { registeringDns: 0, keyPool: 4 } })
  const owner = principal(sandbox, vaultTenant)
  const tokens = new Map<string, Promise<string>>()
  const asking = async (audience: string, method: string, url: string, body?: object, headers: Record<string, string> = {}) => {
    const token = tokens.get(audience) ?? bearer(sandbox, owner, audience)
    tokens.set(audience, token)
    const sent: Ask = { method, headers: { authorization: await token, ...headers }, ...(body !== undefined && { body }) }
    return ask(sandbox, url, sent)
  }
  const graph = 'https://graph.microsoft.com'
  const made: Place = {
    sandbox,
    graph: (method, path, body, headers) =>
      asking(graph, method, path.startsWith('/') ? `${graph}/v1.0${path}` : path, body, headers),
    arm: (method, path, body) => asking(armUrl, method, `${armUrl}${path}`, body),
    vault: (method, path, body) => asking('https://vault.azure.net', method, `${vaultUrl}${path}`, body, named),
    stranger: (method, path) => ask(sandbox, `${vaultUrl}${path}`, { method, headers: named }),
    close: () => sandbox.close(),
  }
  await makeVault(made, 'myvault', {
    ...{ enabledForDeployment: true, enabledForDiskEncryption: true, enabledForTemplateDeployment: true },
    accessPolicies: [
      {
        tenantId: vaultTenant,
        objectId: owner.clientId,
        permissions: { keys: ['get'], secrets: ['get'], certificates: ['get'] },
      },
    ],
  })
  return made
}

/** Without purge protection, so that what is deleted can be purged. */
export async function makeVault({ arm }: Place, name: string, more: object = {}): Promise<void> {
  const properties = {
    tenantId: vaultTenant,
    sku: { family: 'A', name: 'standard' },
    enableRbacAuthorization: true,
    accessPolicies: [],
    ...more,
  }
  const { status, text } = await arm('PUT', `${group}/providers/Microsoft.KeyVault/vaults/${name}?api-version=2023-07-01`, {
    location: 'westeurope',
    properties,
  })
  if (status !== 200 && status !== 201) throw new Error(text)
}
