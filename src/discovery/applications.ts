import { exchangeOnline } from '../azure/wellKnown.ts'
import type { FoundApplication, FoundHmaApp, FoundKeyVaultApp, FoundVault, Ports } from './discovery.ts'
import { ifThere, type Look, look, onward, seen, unread } from './look.ts'
import type { Rows } from './rows.ts'

/** KV-App, in the tenant of the vault. */
export async function keyVaultAppOf({ reader }: Rows, vault: FoundVault, ports: Ports): Promise<FoundKeyVaultApp> {
  const appId = await onward(reader, async (row) => guid(row?.applicationId, 'the profile names no KeyVault Application Id'))
  const found = await registration(vault.tenantId, appId, ports)
  const roles = await onward(found.principal, (principal) =>
    onward(vault.tenantId, (tenantId) =>
      onward(vault.settings, (settings) =>
        onward(vault.place, async (place) =>
          principal === undefined || settings.authorization === 'accessPolicy'
            ? seen([])
            : look(ports.resourceManager.roleAssignments(tenantId, place, principal.id)),
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
    onward(tenantId, (tenant) => look(ports.directory.servicePrincipal(tenant, exchangeOnline))),
  ])
  const consents = await onward(found.principal, (principal) =>
    onward(tenantId, async (tenant) =>
      principal === undefined ? seen([]) : look(ports.directory.appRoleAssignments(tenant, principal.id)),
    ),
  )
  return { ...found, exchange, consents }
}

async function registration(tenantId: Look<string>, appId: Look<string>, { directory }: Ports): Promise<FoundApplication> {
  const application = await onward(tenantId, (tenant) =>
    onward(appId, (id) => look(directory.application(tenant, { appId: id }))),
  )
  const principal = await onward(tenantId, (tenant) =>
    ifThere(application, ({ appId: id }) => look(directory.servicePrincipal(tenant, id))),
  )
  return { tenantId, appId, application, principal }
}

/** What people typed into a column need not be what belongs there. */
function guid(text: string | undefined, missing: string): Look<string> {
  if (text === undefined || text.trim() === '') return unread(missing)
  const id = text.trim().toLowerCase()
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(id)
    ? seen(id)
    : unread(`the profile says "${text}", which is no id`)
}
