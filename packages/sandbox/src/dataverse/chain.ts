import { createHash } from 'node:crypto'
import type { World } from '../azure.ts'
import type { Application, ServicePrincipal, Tenant } from '../directory/state.ts'
import { mayRead } from '../keyVault/access.ts'
import { servedCertificate } from '../keyVault/certificates/versions.ts'
import type { VaultResource } from '../resourceManager/state.ts'
import type { ProfileInUse } from './profileRows.ts'

/** A broken link in the sign-in chain. */
export interface Break {
  readonly at: 'secret' | 'access' | 'certificate' | 'permission'
  readonly detail: string
}

const exchangeOnline = '00000002-0000-0ff1-ce00-000000000000'
const fullAccessAsApp = 'dc890d15-9560-4a4c-9b7f-a736ec74ec40'

/**
 * Follows sign-in as Dynamics does it: the vault application's secret, its right to read the vault, the certificate that the vault
 * serves, and the Exchange application that trusts it. Returns every link that is broken at that instant.
 */
export function breaks(world: World, profile: ProfileInUse, now: Date): readonly Break[] {
  return [secret, access, certificate, permission].flatMap((check) => check(world, profile, now) ?? [])
}

type Check = (world: World, profile: ProfileInUse, now: Date) => Break | undefined

const same = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase()

const byAppId = <Kind extends Application | ServicePrincipal>(
  all: Record<string, Kind> | undefined,
  appId: string,
): Kind | undefined => Object.values(all ?? {}).find((each) => same(each.appId, appId) && each.deletedDateTime === null)

const tenantOf = (world: World, id: string): Tenant | undefined => world.directory.tenants[id.toLowerCase()]

const valid = (credential: { startDateTime: string; endDateTime: string }, now: Date): boolean =>
  Date.parse(credential.startDateTime) <= now.getTime() && now.getTime() < Date.parse(credential.endDateTime)

/** A vault's name is the first label of its host. */
const vaultName = (uri: string): string => (URL.canParse(uri) ? (new URL(uri).hostname.split('.')[0] ?? '') : '')

function vaultNamed(world: World, uri: string): VaultResource | undefined {
  const wanted = vaultName(uri)
  return world.resources.vaults.find(({ name, deletedAt }) => same(name, wanted) && deletedAt === undefined)
}

const vaultTenantId = (world: World, profile: ProfileInUse): string | undefined =>
  profile.keyVaultTenantId ?? vaultNamed(world, profile.keyVaultUri)?.properties.tenantId

const vaultTenant = (world: World, profile: ProfileInUse): Tenant | undefined =>
  tenantOf(world, vaultTenantId(world, profile) ?? '')

/** The tenants in which something can break this sign-in, in lower case; undefined for one that is unknown. */
export function tenantsInvolved(world: World, profile: ProfileInUse): readonly (string | undefined)[] {
  const vault = vaultNamed(world, profile.keyVaultUri)
  const subscription = world.resources.subscriptions[vault?.subscriptionId ?? '']
  const ids = [
    profile.tenantId,
    vaultTenantId(world, profile),
    vault?.properties.tenantId,
    ...(subscription ? [subscription.tenantId] : []),
  ]
  return ids.map((id) => id?.toLowerCase())
}

const secret: Check = (world, profile, now) => {
  const tenant = vaultTenant(world, profile)
  const application = byAppId(tenant?.applications, profile.keyVaultApplicationId)
  const held = [...(application?.passwordCredentials ?? [])].filter(({ sha256 }) => sha256 === profile.secretHash)
  if (application === undefined)
    return { at: 'secret', detail: `The application ${profile.keyVaultApplicationId} does not exist.` }
  if (held.some((credential) => valid(credential, now))) return undefined
  const state = held.length === 0 ? 'is none of its secrets' : 'has expired'
  return { at: 'secret', detail: `The secret that Dynamics holds for the application ${profile.keyVaultApplicationId} ${state}.` }
}

const access: Check = (world, profile) => {
  const principal = byAppId(vaultTenant(world, profile)?.servicePrincipals, profile.keyVaultApplicationId)
  const name = vaultName(profile.keyVaultUri)
  if (principal === undefined || !principal.accountEnabled)
    return { at: 'access', detail: `The application ${profile.keyVaultApplicationId} has no service principal that may sign in.` }
  const rights = mayRead(world, name, principal.id)
  const lacking = [...(rights.secrets ? [] : ['secrets']), ...(rights.certificates ? [] : ['certificates'])]
  if (lacking.length === 0) return undefined
  const who = `The application ${profile.keyVaultApplicationId}`
  return { at: 'access', detail: `${who} may not get ${lacking.join(' and ')} of the vault ${name}.` }
}

const certificate: Check = (world, profile, now) => {
  const served = servedThumbprint(world, profile)
  if (served === undefined)
    return { at: 'certificate', detail: `The vault ${profile.keyVaultUri} serves no certificate ${profile.keyName}.` }
  const application = byAppId(tenantOf(world, profile.tenantId)?.applications, profile.hmaApplicationId)
  if (application === undefined)
    return {
      at: 'certificate',
      detail: `The application ${profile.hmaApplicationId} does not exist in the tenant ${profile.tenantId}.`,
    }
  const trusted = application.keyCredentials.filter(({ thumbprint }) => same(thumbprint, served))
  if (trusted.some((credential) => valid(credential, now))) return undefined
  const state = trusted.length === 0 ? 'is none of the credentials' : 'is an expired credential'
  return {
    at: 'certificate',
    detail: `The certificate ${served} that the vault serves ${state} of the application ${profile.hmaApplicationId}.`,
  }
}

/** SHA-1. The vault serves its current version: it refuses a disabled one, and gives no former one in its place. */
function servedThumbprint(world: World, profile: ProfileInUse): string | undefined {
  const der = servedCertificate(world, vaultName(profile.keyVaultUri), profile.keyName)?.chain[0]
  return der === undefined ? undefined : createHash('sha1').update(Buffer.from(der, 'base64')).digest('hex').toUpperCase()
}

const permission: Check = (world, profile) => {
  const tenant = tenantOf(world, profile.tenantId)
  const principal = byAppId(tenant?.servicePrincipals, profile.hmaApplicationId)
  const exchange = byAppId(tenant?.servicePrincipals, exchangeOnline)
  const granted = Object.values(tenant?.appRoleAssignments ?? {}).some(
    (each) => each.appRoleId === fullAccessAsApp && each.principalId === principal?.id && each.resourceId === exchange?.id,
  )
  if (principal !== undefined && granted) return undefined
  return { at: 'permission', detail: `The application ${profile.hmaApplicationId} has no consent to full_access_as_app.` }
}
