import type { World } from '../azure.ts'
import type { Application, ServicePrincipal } from '../directory/state.ts'
import { renewalTime } from '../keyVault/certificates/lifetimeActions.ts'
import type { Certificate } from '../keyVault/state.ts'

/** Every tenant that has a directory or a vault, in lower case. */
export const tenantsOf = ({ directory, resources }: World): ReadonlySet<string> =>
  new Set(
    [...Object.keys(directory.tenants), ...resources.vaults.map(({ properties }) => properties.tenantId)].map((id) =>
      id.toLowerCase(),
    ),
  )

/** Instants at which something in a tenant changes without a request: milliseconds since 1970, unordered. */
const moments = (world: World, tenant: string): readonly number[] => [
  ...credentialTimes(world, tenant),
  ...world.resources.vaults
    .filter(({ properties }) => properties.tenantId.toLowerCase() === tenant)
    .flatMap(({ name }) => certificateTimes(world.vaults[name.toLowerCase()]?.certificates ?? {})),
]

/** Those in any tenant, after one instant and up to another, earliest first. */
export const momentsBetween = (world: World, from: number, to: number): readonly number[] =>
  [...new Set([...tenantsOf(world)].flatMap((tenant) => moments(world, tenant)))]
    .filter((moment) => moment > from && moment <= to)
    .sort((left, right) => left - right)

/** The first one in a tenant after an instant; infinity if there is none. */
export const nextMoment = (world: World, tenant: string, from: number): number =>
  moments(world, tenant).reduce((next, moment) => (moment > from && moment < next ? moment : next), Number.POSITIVE_INFINITY)

/** Secrets and certificates of applications start and expire. */
function credentialTimes({ directory }: World, tenant: string): readonly number[] {
  const { applications = {}, servicePrincipals = {} } = directory.tenants[tenant] ?? {}
  const holders: (Application | ServicePrincipal)[] = [...Object.values(applications), ...Object.values(servicePrincipals)]
  return holders
    .flatMap(({ keyCredentials, passwordCredentials }) => [...keyCredentials, ...passwordCredentials])
    .flatMap(({ startDateTime, endDateTime }) => [Date.parse(startDateTime), Date.parse(endDateTime)])
}

/** A vault renews certificates by itself, and new versions become current at once. */
const certificateTimes = (certificates: Record<string, Certificate>): readonly number[] =>
  Object.values(certificates).flatMap(({ policy, versions }) =>
    versions.flatMap(({ attributes }) => [
      attributes.created * 1000,
      attributes.exp * 1000,
      (renewalTime(policy, attributes) ?? 0) * 1000,
    ]),
  )

/** The world as it was at an instant, as far as vaults go: without the versions that were made later. */
export const worldAt = (world: World, moment: number): World => ({
  ...world,
  vaults: Object.fromEntries(
    Object.entries(world.vaults).map(([name, vault]) => [name, { ...vault, certificates: earlier(vault.certificates, moment) }]),
  ),
})

const earlier = (certificates: Record<string, Certificate>, moment: number): Record<string, Certificate> =>
  Object.fromEntries(
    Object.entries(certificates).map(([name, certificate]) => [
      name,
      { ...certificate, versions: certificate.versions.filter(({ attributes }) => attributes.created * 1000 <= moment) },
    ]),
  )
