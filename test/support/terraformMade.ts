import { roleIds } from '../../packages/sandbox/src/resourceManager/roles/role.ts'
import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import { vaultTenant } from '../../packages/sandbox/test/support/sandbox.ts'
import { type Made, person, portalMade } from '../discovery/portalMade.ts'
import type { Workplace } from './hma.ts'

/** What azuread calls a password that it makes, and azurerm a secret that a configuration keeps. */
export const terraforms = { password: 'terraform', secret: 'kv-app-secret' } as const

const graph = 'https://graph.microsoft.com/v1.0'

/**
 * A world as azuread, azurerm and a few clicks leave it: registrations without `uniqueName`, credentials that do not name hma, a certificate of the
 * issuer Self that the vault renews by itself, Key Vault Secrets User and no other role for KV-App, its secret in the vault, the profile made in the portal.
 */
export const terraformMade = (): Promise<Workplace> => portalMade({ rows: 'A', secretDays: 180 }, leftByTerraform)

async function leftByTerraform(sandbox: Sandbox, { keyVaultAppId, keyVaultPrincipal }: Made): Promise<void> {
  const act = person(sandbox, vaultTenant)
  const { resources } = sandbox.world
  resources.roleAssignments = resources.roleAssignments.filter(
    ({ principalId, roleId }) => principalId !== keyVaultPrincipal || roleId === roleIds.keyVaultSecretsUser,
  )
  await act('PUT', `https://kv-contoso-mail.vault.azure.net/secrets/${terraforms.secret}?api-version=7.4`, {
    value: 'in-the-state-too',
  })
  const application = await act('GET', `${graph}/applications(appId='${keyVaultAppId}')`)
  const endDateTime = new Date(sandbox.now().getTime() + 180 * 86_400_000).toISOString()
  await act('POST', `${graph}/applications/${application.id}/addPassword`, {
    passwordCredential: { displayName: terraforms.password, endDateTime },
  })
}
