import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import { mailTenant, vaultTenant } from '../../packages/sandbox/test/support/sandbox.ts'
import { assign, type Made, person, vaultPath } from './portalMade.ts'

/** A change made in addition to the procedure. */
export type More = (sandbox: Sandbox, made: Made) => Promise<void> | void

const graph = 'https://graph.microsoft.com/v1.0'

const exchange = { resourceAppId: '00000002-0000-0ff1-ce00-000000000000', role: 'dc890d15-9560-4a4c-9b7f-a736ec74ec40' }
const mailRead = { resourceAppId: '00000003-0000-0000-c000-000000000000', role: 'df021288-bdef-4463-88db-98f22de89214' }

/** Changes on which import must remark. */
export const handMadeChanges = {
  withoutPurgeProtection({ world }) {
    for (const vault of world.resources.vaults) delete vault.properties.enablePurgeProtection
  },
  async administrator(sandbox, { keyVaultPrincipal }) {
    await assign(person(sandbox, vaultTenant), keyVaultPrincipal, '00482a5a-887f-4fb3-b363-3b7fe8e74483')
  },
  async broaderPolicy(sandbox, { keyVaultPrincipal: objectId }) {
    const permissions = { secrets: ['get', 'list'], certificates: ['get'], keys: [] }
    const url = `https://management.azure.com${vaultPath}/accessPolicies/replace?api-version=2024-11-01`
    const properties = { accessPolicies: [{ tenantId: vaultTenant, objectId, permissions }] }
    await person(sandbox, vaultTenant)('PUT', url, { properties })
  },
  async secretOnHmaApp(sandbox, { hmaObject }) {
    await person(sandbox, mailTenant)('POST', `${graph}/applications/${hmaObject}/addPassword`, {})
  },
  async withoutKeys(sandbox, { hmaObject }) {
    await person(sandbox, mailTenant)('PATCH', `${graph}/applications/${hmaObject}`, { keyCredentials: [] })
  },
  async morePermissions(sandbox, { hmaObject }) {
    const asked = [exchange, mailRead].map(({ resourceAppId, role }) => ({
      resourceAppId,
      resourceAccess: [{ id: role, type: 'Role' }],
    }))
    await person(sandbox, mailTenant)('PATCH', `${graph}/applications/${hmaObject}`, { requiredResourceAccess: asked })
  },
  otherTenant({ world }) {
    const rows = world.dataverse.organizations.flatMap(({ tables }) => Object.values(tables.managedidentity))
    for (const row of rows) row.cells.tenantid = '99999999-9999-9999-9999-999999999999'
  },
} satisfies Readonly<Record<string, More>>
