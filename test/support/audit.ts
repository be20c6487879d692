import type { World } from '../../src/sandbox/azure.ts'
import {
  copiedSecret,
  day,
  deliveredSecret,
  deliveredSince,
  ourCertificates,
  ourSecrets,
  registration,
  servedSince,
  servedThumbprint,
} from './credentials.ts'
import type { Variant } from './deployment.ts'

/** Credentials on hma's registrations that somebody else made, as they are. */
export const foreign = (world: World): readonly string[] =>
  (['kv-app', 'hma-app'] as const).flatMap((role) => {
    const { keyCredentials = [], passwordCredentials = [] } = registration(world, role) ?? {}
    return [...keyCredentials, ...passwordCredentials]
      .filter(({ displayName }) => displayName === 'of somebody else')
      .map((one) => JSON.stringify(one))
  })

const inUse = (world: World, { dynamics = true }: Variant) => (dynamics ? deliveredSecret(world) : copiedSecret(world))

/** How many there are of everything that there has to be one of. */
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
}

/** What is not as it has to be in the end, whatever happened on the way. */
export function audit(world: World, { variant, before, now }: Circumstances): readonly string[] {
  const count = Object.entries(census(world, variant)).filter(([, number]) => number !== 1)
  const gone = foreign(before).filter((one) => !foreign(world).includes(one))
  const pending = Object.values(world.vaults['kv-contoso-mail']?.certificates ?? {}).filter(
    ({ operation }) => operation?.status === 'inProgress',
  )
  return [
    ...count.map(([what, number]) => `${number} ${what}`),
    ...gone.map((one) => `a foreign credential was touched: ${one}`),
    ...pending.map(({ name }) => `a key pair of ${name} still waits`),
    ...orphans(world, { variant, before, now }),
  ]
}

const overlap = 7 * day

/** Credentials of ours that are neither in use nor were in use before and are in their overlap. */
function orphans(world: World, { variant, before, now }: Circumstances): readonly string[] {
  const served = ourCertificates(world).find(({ thumbprint }) => thumbprint === servedThumbprint(world))
  const secret = inUse(world, variant)
  // Counted from the moment in which the new one was both made and in use, to the second that a vault knows.
  const within = (start: string | undefined, since: number): boolean =>
    start !== undefined && now.getTime() <= Math.max(Date.parse(start), since + 1000) + overlap
  const formerCertificates = within(served?.startDateTime, servedSince(world))
    ? ourCertificates(before).map(({ keyId }) => keyId)
    : []
  // Where no Dynamics witnesses, one whose delivery was lost may be what an operator typed in: it has its overlap too.
  const candidates = variant.dynamics === false ? world : before
  const formerSecrets = within(secret?.startDateTime, deliveredSince(world))
    ? ourSecrets(candidates).map(({ keyId }) => keyId)
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
