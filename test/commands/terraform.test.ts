import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { readWorld } from '../../packages/sandbox/src/store.ts'
import { ids, yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

let here: Workplace
afterEach(() => here.leave())

const exchangeOnline = '00000002-0000-0ff1-ce00-000000000000'

function worldOf({ directory }: Workplace): World {
  const world = readWorld(join(directory, '.hma', 'sandbox.json'))
  if (!world) throw new Error('there is no world')
  return world
}

const only = <Value>(values: readonly Value[]): Value => {
  const [first, ...more] = values
  if (first === undefined || more.length > 0) throw new Error(`${values.length} in place of one`)
  return first
}

/** A deployment's objects in the sandbox, by the ids in the providers' documentation. */
function expected(world: World, tenants: { vault: string; mail: string }): Readonly<Record<string, string>> {
  const directory = (tenant: string) => {
    const found = world.directory.tenants[tenant]
    if (!found) throw new Error(`there is no tenant ${tenant}`)
    return { applications: Object.values(found.applications), principals: Object.values(found.servicePrincipals), found }
  }
  const named = (tenant: string, name: string) => {
    const application = only(directory(tenant).applications.filter(({ displayName }) => displayName === name))
    const principal = only(directory(tenant).principals.filter(({ appId }) => appId === application.appId))
    return { application, principal }
  }
  const [kv, hma] = [named(tenants.vault, 'KV-App'), named(tenants.mail, 'HMA-App')]
  const assignment = only(
    Object.values(directory(tenants.mail).found.appRoleAssignments).filter((one) => one.principalId === hma.principal.id),
  )
  const vault = only(Object.values(world.vaults))
  const rows = only(world.dataverse.organizations).tables
  return {
    'azuread_application.contoso_kv_app': `/applications/${kv.application.id}`,
    'azuread_service_principal.contoso_kv_app': `/servicePrincipals/${kv.principal.id}`,
    'azurerm_key_vault_certificate.contoso_certificate': `https://kv-contoso-mail.vault.azure.net/certificates/HMA-Cert/${vault.certificates['hma-cert']?.versions.at(-1)?.version}`,
    'azurerm_key_vault_secret.contoso_client_secret': `https://kv-contoso-mail.vault.azure.net/secrets/hma-kv-app-client-secret/${vault.secrets['hma-kv-app-client-secret']?.versions.at(-1)?.version}`,
    'azuread_application.contoso_hma_app': `/applications/${hma.application.id}`,
    'azuread_service_principal.contoso_hma_app': `/servicePrincipals/${hma.principal.id}`,
    'azuread_application_certificate.contoso_hma_app': `${hma.application.id}/certificate/${only(hma.application.keyCredentials).keyId}`,
    'azuread_application_api_access.contoso_exchange_online': `/applications/${hma.application.id}/apiAccess/${exchangeOnline}`,
    'azuread_app_role_assignment.contoso_full_access_as_app': `/servicePrincipals/${assignment.resourceId}/appRoleAssignedTo/${assignment.id}`,
    'powerplatform_data_record.contoso_emailserverprofile': `\${var.contoso_environment_id}/emailserverprofile(${only(Object.keys(rows.emailserverprofile))})`,
    'powerplatform_data_record.contoso_keyvaultreference': `\${var.contoso_environment_id}/keyvaultreference(${only(Object.keys(rows.keyvaultreference))})`,
    'powerplatform_data_record.contoso_managedidentity': `\${var.contoso_environment_id}/managedidentity(${only(Object.keys(rows.managedidentity))})`,
  }
}

const vaultId = `/subscriptions/${ids.subscription}/resourceGroups/rg-mail/providers/Microsoft.KeyVault/vaults/kv-contoso-mail`

const blocksIn = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...text.matchAll(/^import \{\n {2}to = (\S+)\n {2}id = "(.*)"\n\}$/gm)].map(([, to, id]) => [to, id]))

test('every object under the id by which its provider imports it: a vault of hma, with RBAC, and two tenants', async () => {
  here = await workplace(yaml({ create: 'rbac', copy: true, tenants: 2 }))
  expect((await here.hma('apply --sandbox --yes --quiet')).code).toBe(0)
  const { code, stdout, stderr } = await here.hma('output --sandbox --terraform')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const world = worldOf(here)
  const roles = Object.fromEntries(
    world.resources.roleAssignments
      .filter(({ scope, roleId }) => scope === vaultId && /^(4633458b|db79e9a7)/.test(roleId))
      .map(({ roleId, name }) => [
        `azurerm_role_assignment.contoso_kv_app_key_vault_${roleId.startsWith('4633458b') ? 'secrets' : 'certificate'}_user`,
        `${vaultId}/providers/Microsoft.Authorization/roleAssignments/${name}`,
      ]),
  )
  expect(Object.keys(roles)).toHaveLength(2)
  const all = { ...expected(world, { vault: ids.vaultTenant, mail: ids.exchangeTenant }), ...roles }
  expect(blocksIn(stdout)).toEqual({ ...all, 'azurerm_key_vault.contoso_vault': vaultId })
  // Each is said to belong to the tenant of its provider.
  const [inVault = '', inMail = ''] = stdout.split(`# Tenant ${ids.exchangeTenant}`)
  expect([inVault.includes('_kv_app'), inVault.includes('_hma_app'), inMail.includes('_hma_app')]).toEqual([true, false, true])
  expect(stdout).toContain('variable "contoso_environment_id" {')

  const data: Readonly<Record<string, readonly { to: string; id: string }[]>> = JSON.parse(
    (await here.hma('output --sandbox --terraform --json')).stdout,
  )
  expect(data.contoso?.map(({ to }) => to).sort()).toEqual(Object.keys(blocksIn(stdout)).sort())
})

test('an existing vault has no block; both registrations may be in one tenant', async () => {
  here = await workplace(yaml({ create: false, copy: true, tenants: 1 }))
  expect((await here.hma('apply --sandbox --yes --quiet')).code).toBe(0)
  const { stdout } = await here.hma('output --sandbox --terraform')
  expect(Object.keys(blocksIn(stdout)).filter((one) => one.startsWith('azurerm_key_vault.'))).toEqual([])
  expect(blocksIn(stdout)).toMatchObject(expected(worldOf(here), { vault: ids.vaultTenant, mail: ids.vaultTenant }))
})

test('in a vault with access policies it is the policy of KV-App', async () => {
  here = await workplace(yaml({ create: 'accessPolicy' }))
  expect((await here.hma('apply --sandbox --yes --quiet')).code).toBe(0)
  const blocks = blocksIn((await here.hma('output --sandbox --terraform')).stdout)
  const principal = blocks['azuread_service_principal.contoso_kv_app']?.replace('/servicePrincipals/', '')
  expect(blocks['azurerm_key_vault_access_policy.contoso_kv_app']).toBe(`${vaultId}/objectId/${principal}`)
  expect(Object.keys(blocks).filter((one) => one.startsWith('azurerm_role'))).toEqual([])
})

test('absent objects have no block', async () => {
  here = await workplace(yaml({ create: false }))
  expect(blocksIn((await here.hma('output --sandbox --terraform')).stdout)).toEqual({})
  for (const more of ['hmaApplicationId', '--reveal']) {
    const { code, stderr } = await here.hma(`output ${more} --sandbox --terraform`)
    expect([code, stderr]).toEqual([1, expect.stringContaining('HMA112')])
  }
})
