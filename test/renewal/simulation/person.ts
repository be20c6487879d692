import type { World } from '../../../packages/sandbox/src/azure.ts'
import { exchangeOnline } from '../../../src/azure/wellKnown.ts'
import { copiedSecret, deliveredSecret, ourCertificates, ourSecrets, registration } from '../../support/credentials.ts'
import type { OpenDeployment, Variant } from '../../support/deployment.ts'
import { newVersion, portal } from '../../support/portal.ts'

/** What a person reads before they change anything. */
interface Place {
  readonly here: OpenDeployment
  readonly variant: Variant
}

type ManualAction = (place: Place) => Promise<unknown>

const app = (world: World, role: 'kv-app' | 'hma-app'): string => `/applications/${registration(world, role)?.id}`

const foreign = { passwordCredential: { displayName: 'of somebody else' } }

const inUse = ({ here, variant }: Place) =>
  variant.dynamics === false ? copiedSecret(here.sandbox.world) : deliveredSecret(here.sandbox.world)

/** All principals with their own role to read the vault lose it. */
async function removeRoles({ here }: Place): Promise<void> {
  const { servicePrincipals = {} } = tenantOf(here.sandbox.world, 'kv-app') ?? {}
  const { appId } = registration(here.sandbox.world, 'kv-app') ?? {}
  const principal = Object.values(servicePrincipals).find((one) => one.appId === appId)
  const theirs = here.sandbox.world.resources.roleAssignments.filter((one) => one.principalId === principal?.id)
  for (const { scope, name } of theirs)
    await portal(here).resourceManager('DELETE', `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`)
}

const tenantOf = (world: World, role: 'kv-app' | 'hma-app') =>
  Object.values(world.directory.tenants).find((tenant) => tenant.applications[registration(world, role)?.id ?? ''])

async function revokeConsent({ here }: Place): Promise<void> {
  const { world } = here.sandbox
  const tenant = tenantOf(world, 'hma-app')
  const { appId } = registration(world, 'hma-app') ?? {}
  const principal = Object.values(tenant?.servicePrincipals ?? {}).find((one) => one.appId === appId)
  const granted = Object.values(tenant?.appRoleAssignments ?? {}).filter(({ principalId }) => principalId === principal?.id)
  for (const { id } of granted)
    await portal(here).mailGraph('DELETE', `/servicePrincipals/${principal?.id}/appRoleAssignments/${id}`)
}

async function changeRows({ here }: Place, table: 'emailserverprofile' | 'managedidentity', body: object): Promise<void> {
  const sets = { emailserverprofile: 'emailserverprofiles', managedidentity: 'managedidentities' } as const
  for (const { tables } of here.sandbox.world.dataverse.organizations)
    for (const id of Object.keys(tables[table])) await portal(here).dynamics('PATCH', `/${sets[table]}(${id})`, body)
}

const selfRenewal = {
  issuer: { name: 'Self' },
  lifetime_actions: [{ trigger: { days_before_expiry: 300 }, action: { action_type: 'AutoRenew' } }],
}

/** Changes people make in portals, which hma promises to revert or leave alone. */
export const manualChanges = {
  'renames KV-App': ({ here }) => portal(here).graph('PATCH', app(here.sandbox.world, 'kv-app'), { displayName: 'Old' }),
  'adds a secret of their own to KV-App': ({ here }) =>
    portal(here).graph('POST', `${app(here.sandbox.world, 'kv-app')}/addPassword`, foreign),
  'adds a secret of their own to HMA-App': ({ here }) =>
    portal(here).mailGraph('POST', `${app(here.sandbox.world, 'hma-app')}/addPassword`, foreign),
  'removes the secret in use': (place) =>
    portal(place.here).graph('POST', `${app(place.here.sandbox.world, 'kv-app')}/removePassword`, { keyId: inUse(place)?.keyId }),
  'removes every secret': async ({ here }) => {
    for (const { keyId } of ourSecrets(here.sandbox.world))
      await portal(here).graph('POST', `${app(here.sandbox.world, 'kv-app')}/removePassword`, { keyId })
  },
  'removes the certificates from HMA-App': async ({ here }) => {
    const { keyCredentials = [] } = registration(here.sandbox.world, 'hma-app') ?? {}
    const ours = new Set(ourCertificates(here.sandbox.world).map(({ keyId }) => keyId))
    const kept = keyCredentials.filter(({ keyId }) => !ours.has(keyId)).map(({ keyId, type, usage }) => ({ keyId, type, usage }))
    await portal(here).mailGraph('PATCH', app(here.sandbox.world, 'hma-app'), { keyCredentials: kept })
  },
  'revokes the consent': revokeConsent,
  // Of Exchange Online alone: other permissions of the registration belong to others.
  'removes the permission': ({ here }) => {
    const { world } = here.sandbox
    const asked = registration(world, 'hma-app')?.requiredResourceAccess ?? []
    const requiredResourceAccess = asked.filter(({ resourceAppId }) => resourceAppId !== exchangeOnline)
    return portal(here).mailGraph('PATCH', app(world, 'hma-app'), { requiredResourceAccess })
  },
  'takes the roles away': removeRoles,
  'makes a new version in the vault': ({ here }) => newVersion(here),
  'lets the certificate renew itself': ({ here }) => portal(here).vault('PATCH', '/policy', selfRenewal),
  'deletes the certificate in the vault': ({ here }) => portal(here).vault('DELETE', ''),
  'disables the certificate': ({ here }) => portal(here).vault('PATCH', '/', { attributes: { enabled: false } }),
  'cancels the request that waits': ({ here }) => portal(here).vault('DELETE', '/pending'),
  'deletes KV-App': ({ here }) => portal(here).graph('DELETE', app(here.sandbox.world, 'kv-app')),
  'deletes HMA-App': ({ here }) => portal(here).mailGraph('DELETE', app(here.sandbox.world, 'hma-app')),
  'deletes the copy of the secret': ({ here }) => portal(here).vaultRoot('DELETE', '/secrets/hma-kv-app-client-secret'),
  'renames the row with the secret': (place) => changeRows(place, 'managedidentity', { name: 'Key vault of the mail team' }),
  'points the profile elsewhere': (place) =>
    changeRows(place, 'emailserverprofile', { incomingserverlocation: 'https://other.contoso.com' }),
} as const satisfies Record<string, ManualAction>

export type ManualChange = keyof typeof manualChanges
