import type { World } from '../../packages/sandbox/src/azure.ts'
import {
  copiedSecret,
  day,
  deliveredSecret,
  deliveredSince,
  ourCertificates,
  ourSecrets,
  registration,
  servedSince,
  trusting,
} from './credentials.ts'
import type { Variant } from './deployment.ts'

/** Credentials on hma's registrations that hma did not create. */
export const foreign = (world: World): readonly string[] =>
  (['kv-app', 'hma-app'] as const).flatMap((role) => {
    const { keyCredentials = [], passwordCredentials = [] } = registration(world, role) ?? {}
    return [...keyCredentials, ...passwordCredentials]
      .filter(({ displayName }) => displayName === 'of somebody else')
      .map((one) => JSON.stringify(one))
  })

const inUse = (world: World, { dynamics = true }: Variant) => (dynamics ? deliveredSecret(world) : copiedSecret(world))

/** Counts of the objects of which exactly one must exist. */
function census(world: World, { dynamics = true }: Variant): Readonly<Record<string, number>> {
  const tenants = Object.values(world.directory.tenants)
  const apps = tenants.flatMap((tenant) => Object.values(tenant.applications))
  const principals = tenants.flatMap((tenant) => Object.values(tenant.servicePrincipals))
  const rows = (table: 'emailserverprofile' | 'keyvaultreference' | 'managedidentity'): number =>
    world.dataverse.organizations.reduce((sum, { tables }) => sum + Object.keys(tables[table]).length, 0)
  const named = (name: string) => apps.filter(({ displayName }) => displayName === name)
  const one = (name: string): Record<string, number> => ({
    [`registrations ${name}`]: named(name).length,
    [`service principals of ${name}`]: principals.filter(({ appId }) => named(name).some((app) => app.appId === appId)).length,
  })
  return {
    ...{ ...one('KV-App'), ...one('HMA-App') },
    ...{
      vaults: world.resources.vaults.length,
      certificates: Object.keys(world.vaults['kv-contoso-mail']?.certificates ?? {}).length,
    },
    ...(dynamics && {
      profiles: rows('emailserverprofile'),
      references: rows('keyvaultreference'),
      identities: rows('managedidentity'),
    }),
  }
}

export interface Circumstances {
  readonly variant: Variant
  readonly before: World
  readonly now: Date
  /** keyIds of credentials that were once in use, and foreign credentials that existed. */
  readonly wasInUse: ReadonlySet<string>
  readonly foreignCredentials: ReadonlySet<string>
  /** A change by a person that hides which credentials were ever in use: then ours have their overlap. */
  readonly hidden: { readonly certificates: boolean; readonly secrets: boolean }
}

/** The credentials that are in use now, by keyId. */
export function inUseNow(world: World, variant: Variant): readonly string[] {
  const [served] = trusting(world)
  return [served, inUse(world, variant)].flatMap((one) => one?.keyId ?? [])
}

/** Everything that is wrong at the end, whatever happened on the way. */
export function audit(world: World, circumstances: Circumstances): readonly string[] {
  const count = Object.entries(census(world, circumstances.variant)).filter(([, number]) => number !== 1)
  const pending = Object.values(world.vaults['kv-contoso-mail']?.certificates ?? {}).filter(
    ({ operation }) => operation?.status === 'inProgress',
  )
  return [
    ...count.map(([what, number]) => `${number} ${what}`),
    ...touched(world, circumstances),
    ...pending.map(({ name }) => `a key pair of ${name} still waits`),
    ...orphans(world, circumstances),
  ]
}

const touched = (world: World, { foreignCredentials }: Pick<Circumstances, 'foreignCredentials'>): readonly string[] => {
  const left = foreign(world)
  return [...foreignCredentials].filter((one) => !left.includes(one)).map((one) => `a foreign credential was touched: ${one}`)
}

const overlap = 7 * day

/** Credentials of ours that are neither in use nor were in use before and are in their overlap. */
function orphans(world: World, { variant, before, now, wasInUse, hidden }: Circumstances): readonly string[] {
  const [served] = trusting(world)
  const secret = inUse(world, variant)
  // Counted from the moment in which the new one was both made and in use, to the second that a vault knows.
  const within = (start: string | undefined, since: number): boolean =>
    start !== undefined && now.getTime() <= Math.max(Date.parse(start), since + 1000) + overlap
  const formerCertificates = within(served?.startDateTime, servedSince(world))
    ? [...wasInUse, ...ourCertificates(hidden.certificates ? world : before).map(({ keyId }) => keyId)]
    : []
  // Without Dynamics, one whose delivery was lost may have been entered by a user, so it has its overlap, too.
  const candidates = variant.dynamics === false || hidden.secrets ? world : before
  const formerSecrets = within(secret?.startDateTime, deliveredSince(world))
    ? [...wasInUse, ...ourSecrets(candidates).map(({ keyId }) => keyId)]
    : []
  return [
    ...(served ? [] : ['the certificate that the vault serves is not trusted']),
    ...(secret ? [] : ['nobody holds a secret that works']),
    ...ourCertificates(world)
      .filter(({ keyId }) => keyId !== served?.keyId && !formerCertificates.includes(keyId))
      .map(({ thumbprint, startDateTime }) => `an orphan certificate ${thumbprint} of ${startDateTime}`),
    ...ourSecrets(world)
      .filter(({ keyId }) => keyId !== secret?.keyId && !formerSecrets.includes(keyId))
      .map(({ keyId, startDateTime }) => `an orphan secret ${keyId} of ${startDateTime}`),
  ]
}

/** After a destroy: leftovers that must not exist, and missing objects that must. */
export function auditDestroyed(
  world: World,
  { variant, foreignCredentials }: Pick<Circumstances, 'variant' | 'foreignCredentials'>,
): readonly string[] {
  const tenants = Object.values(world.directory.tenants)
  const apps = tenants.flatMap((tenant) => Object.values(tenant.applications)).filter((one) => one.deletedDateTime === null)
  const marked = apps.filter(({ tags }) => tags.includes('hma:contoso'))
  const vault = world.vaults['kv-contoso-mail']
  const alive = [...Object.values(vault?.certificates ?? {}), ...Object.values(vault?.secrets ?? {})].filter(
    ({ deleted }) => deleted === undefined,
  )
  const rows = world.dataverse.organizations.flatMap(({ tables }) =>
    [tables.emailserverprofile, tables.keyvaultreference, tables.managedidentity].flatMap((table) => Object.keys(table)),
  )
  const vaults = world.resources.vaults.filter(({ deletedAt }) => deletedAt === undefined)
  const made = variant.create !== false
  return [
    ...marked.map(({ displayName }) => `${displayName} is still marked`),
    ...ourSecrets(world).map(({ keyId }) => `the secret ${keyId} is still there`),
    ...ourCertificates(world).map(({ thumbprint }) => `the certificate ${thumbprint} is still trusted`),
    ...(made && vaults.length > 0 ? ['the vault is still there'] : []),
    ...(!made && vaults.length !== 1 ? ['the vault is gone'] : []),
    ...(made ? [] : alive.map(({ name }) => `${name} is still in the vault`)),
    ...rows.map((id) => `the row ${id} is still there`),
    ...touched(world, { foreignCredentials }),
  ]
}
