import type { Seed, Settings, World } from '../../src/azure.ts'
import { empty as emptyDataverse } from '../../src/dataverse/state.ts'
import { empty as emptyDirectory, type ServicePrincipal, type Tenant } from '../../src/directory/state.ts'
import { empty as emptyExchange } from '../../src/exchange/state.ts'
import { empty as emptyVaults } from '../../src/keyVault/state.ts'
import { empty as emptyResources } from '../../src/resourceManager/state.ts'
import { defaultSettings } from '../../src/settings.ts'

/** The global cloud. */
export const publicHosts: Seed['hosts'] = {
  login: 'login.microsoftonline.com',
  management: 'management.azure.com',
  graph: 'graph.microsoft.com',
  vaultSuffix: 'vault.azure.net',
}

/** As by default, but nothing lags. */
export const promptly: Settings = { ...defaultSettings, replicationLag: 0, propagation: 0, registeringDns: 0 }

/** An empty world with placeholder keys, for tests of one service. */
export const keylessWorld = (): World => ({
  format: 1,
  ahead: 0,
  keys: { tokens: '', authority: { key: '', certificate: '' } },
  seeded: [],
  directory: emptyDirectory(),
  resources: emptyResources(),
  vaults: emptyVaults(),
  dataverse: emptyDataverse(),
  exchange: emptyExchange(),
})

type Named = Pick<ServicePrincipal, 'id' | 'appId' | 'createdDateTime' | 'appOwnerOrganizationId'>

/** Named after its application. */
export const plainPrincipal = (named: Named): ServicePrincipal => ({
  ...named,
  displayName: named.appId,
  deletedDateTime: null,
  tags: [],
  appRoles: [],
  keyCredentials: [],
  passwordCredentials: [],
  owners: [],
  more: {},
  accountEnabled: true,
  servicePrincipalNames: [],
})

/** With these service principals, and nothing else. */
export const plainTenant = (
  named: Pick<Tenant, 'id' | 'displayName' | 'createdDateTime'>,
  principals: readonly ServicePrincipal[],
): Tenant => ({
  ...named,
  domain: 'contoso.onmicrosoft.com',
  policy: { isEnabled: false, passwordAddition: false },
  recent: { applications: [], servicePrincipals: [], appRoleAssignments: [] },
  applications: {},
  servicePrincipals: Object.fromEntries(principals.map((one) => [one.id, one])),
  appRoleAssignments: {},
})
