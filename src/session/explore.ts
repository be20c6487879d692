import type { Cloud, clouds } from '../azure/cloud.ts'
import type { Search } from '../azure/search/port.ts'
import type { AvailableConfiguration } from '../config/availableConfiguration.ts'
import type { SignInSettings } from '../config/signIn.ts'
import { copiedAuth, copiedCloud } from '../config/write/copiedSignIn.ts'
import { type Entry, value } from '../config/write/entry.ts'
import { dataOf, yamlOf } from '../config/write/writing.ts'
import { describe } from '../discovery/describe.ts'
import { discover } from '../discovery/discover.ts'
import { type Connected, type ConnectionTarget, cloudOf } from './connections.ts'

/** The user's description of where to look. */
export interface Site {
  /** The environment's scheme and host. */
  readonly environmentUrl?: string
  /** The name of a Microsoft cloud. */
  readonly cloud?: CloudName
}

/** Which profile to import. */
export interface ImportTarget extends Site {
  readonly environmentUrl: string
  /** Name or id; required if several are possible. */
  readonly profile?: string
  /** The tenant of Dynamics. */
  readonly tenantId?: string
  /** The folder where the configuration will be. */
  readonly folder: string
}

export type CloudName = keyof typeof clouds

/** The configuration that describes a profile. */
export interface ImportedProfile {
  /** With comments. */
  readonly yaml: string
  /** The same as data, without what could not be read. */
  readonly configuration: Readonly<Record<string, unknown>>
  /** What is missing, about to expire, or different from the procedure. */
  readonly notes: readonly { readonly at: string; readonly message: string; readonly next?: string }[]
}

/** Lookups for `hma import` and `hma init`. */
export interface Exploration {
  readonly search: Search
  readonly cloud: Cloud
  read(sought: ImportTarget): Promise<ImportedProfile>
  /** Lookups that answer or fail quickly. */
  glance<Result>(look: () => Promise<Result>): Promise<Result>
  /** Cloud and sign-in for a configuration in that folder, as in the one at hand; for these tenants or all. */
  access(folder: string, tenants?: ReadonlySet<string>): readonly Entry[]
  close(): Promise<void>
}

/** Where an environment is and how to sign in there: from the user, from a configuration at hand, or from its host. */
export interface EnvironmentAccess extends ConnectionTarget {
  access: Exploration['access']
}

export function surroundings(
  { signIns }: Pick<AvailableConfiguration, 'signIns'>,
  { environmentUrl, cloud: named }: Site,
): EnvironmentAccess {
  const itself = signIns.find((one) => environmentUrl !== undefined && one.environmentUrl === environmentUrl)
  const near = itself ?? signIns[0]
  // The first entry for a tenant counts.
  const inOrder = near ? [near, ...signIns.filter((one) => one !== near)] : []
  const cloud = named ?? near?.cloud ?? cloudOfHost(environmentUrl)
  const kept: SignInSettings | undefined = named === undefined && near?.cloud !== undefined ? near : undefined
  return {
    ...(environmentUrl !== undefined && { dynamics: { environmentUrl } }),
    cloud,
    auth: Object.fromEntries(inOrder.toReversed().flatMap(({ auth }) => Object.entries(auth))),
    access: (folder, tenants) => [
      kept ? copiedCloud(kept, folder) : value('cloud', cloudOf({ cloud }).name),
      ...copiedAuth(inOrder, tenants, folder),
    ],
  }
}

/** https://learn.microsoft.com/power-platform/admin/new-datacenter-regions; crm9.dynamics.com signs in to the public cloud. */
const hosts: readonly (readonly [suffix: string, cloud: CloudName])[] = [
  ['.microsoftdynamics.us', 'usgov'],
  ['.appsplatform.us', 'usgov-dod'],
  ['.dynamics.cn', 'china'],
]

function cloudOfHost(environmentUrl: string | undefined): CloudName {
  const host = environmentUrl === undefined ? '' : new URL(environmentUrl).hostname
  return hosts.find(([suffix]) => host.endsWith(suffix))?.[1] ?? 'public'
}

/** What is known about the environment. */
interface ImportContext {
  readonly place: EnvironmentAccess
  readonly deployments: AvailableConfiguration['deployments']
  now(): Date
}

/** Reads the profile with these clients and describes it. */
export async function imported(
  { clients, search }: Connected,
  sought: ImportTarget,
  context: ImportContext,
): Promise<ImportedProfile> {
  const { environmentUrl, profile, tenantId, folder } = sought
  const found = await discover(
    {
      environmentUrl,
      vaultSuffix: cloudOf(context.place).keyVaultSuffix,
      ...(profile !== undefined && { profile }),
      ...(tenantId !== undefined && { tenantId }),
    },
    { ...clients, search },
  )
  const neighbours = context.deployments.map(({ configuration: { name, dynamics } }) => ({
    name,
    ...(dynamics && { environmentUrl: dynamics.environmentUrl, profile: dynamics.profile.name }),
  }))
  const description = describe(found, {
    now: context.now(),
    access: (tenants) => context.place.access(folder, tenants),
    neighbours,
  })
  return { yaml: yamlOf(description), configuration: dataOf(description.entries), notes: description.notes }
}
