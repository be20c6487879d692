import { exchangeOnline } from '../azure/wellKnown.ts'
import type { FoundApplication, FoundHmaApp, FoundKeyVaultApp, FoundVault, Ports } from './discovery.ts'
import { ifExists, ifRead, type ReadResult, readResult, seen, unread } from './readResult.ts'
import type { Rows } from './rows.ts'

/** KV-App, in the tenant of the vault. */
export async function keyVaultAppOf({ reader }: Rows, vault: FoundVault, ports: Ports): Promise<FoundKeyVaultApp> {
  const appId = await ifRead(reader, async (row) => guid(row?.applicationId, 'the profile names no KeyVault Application Id'))
  const found = await registration(vault.tenantId, appId, ports)
  const roles = await ifRead(found.principal, (principal) =>
    ifRead(vault.tenantId, (tenantId) =>
      ifRead(vault.settings, (settings) =>
        ifRead(vault.place, async (place) =>
          principal === undefined || settings.authorization === 'accessPolicy'
            ? seen([])
            : readResult(ports.resourceManager.roleAssignments(tenantId, place, principal.id)),
        ),
      ),
    ),
  )
  return { ...found, roles }
}

/** HMA-App, in the tenant that the profile names. */
export async function hmaAppOf({ profile, application }: Rows, dynamicsTenant: string, ports: Ports): Promise<FoundHmaApp> {
  const own = profile.useDefaultTenantId === false ? profile.tenantId : undefined
  const tenantId = guid(own ?? application?.tenantId ?? dynamicsTenant, 'the profile names no tenant')
  const appId = guid(application?.applicationId ?? profile.clientId, 'the profile names no HMA Application Id')
  const [found, exchange] = await Promise.all([
    registration(tenantId, appId, ports),
    ifRead(tenantId, (tenant) => readResult(ports.directory.servicePrincipal(tenant, exchangeOnline))),
  ])
  const consents = await ifRead(found.principal, (principal) =>
    ifRead(tenantId, async (tenant) =>
      principal === undefined ? seen([]) : readResult(ports.directory.appRoleAssignments(tenant, principal.id)),
    ),
  )
  return { ...found, exchange, consents }
}

async function registration(
  tenantId: ReadResult<string>,
  appId: ReadResult<string>,
  { directory }: Ports,
): Promise<FoundApplication> {
  const application = await ifRead(tenantId, (tenant) =>
    ifRead(appId, (id) => readResult(directory.application(tenant, { appId: id }))),
  )
  const principal = await ifRead(tenantId, (tenant) =>
    ifExists(application, ({ appId: id }) => readResult(directory.servicePrincipal(tenant, id))),
  )
  return { tenantId, appId, application, principal }
}

/** A column that people fill in may contain anything. */
function guid(text: string | undefined, missing: string): ReadResult<string> {
  if (text === undefined || text.trim() === '') return unread(missing)
  const id = text.trim().toLowerCase()
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(id)
    ? seen(id)
    : unread(`the profile says "${text}", which is no id`)
}
