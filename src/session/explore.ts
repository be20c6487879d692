import { relative, sep } from 'node:path'
import type { Cloud, clouds } from '../azure/cloud.ts'
import type { Landscape } from '../azure/search/port.ts'
import type { Deployment } from '../config/load.ts'
import { dataOf, yamlOf } from '../config/write/writing.ts'
import type { CloudWritten } from '../discovery/describe/rest.ts'
import { describe } from '../discovery/describe.ts'
import { discover } from '../discovery/discover.ts'
import { type Connected, cloudOf, type Whereabouts } from './connections.ts'

/** What the operator says of the place that is looked at. */
export interface Site {
  /** Of the environment: scheme and host. */
  readonly environmentUrl?: string
  /** The name of a Microsoft cloud. */
  readonly cloud?: CloudName
}

/** Which profile is to be imported. */
export interface Sought extends Site {
  readonly environmentUrl: string
  /** Name or id; needed where several are possible. */
  readonly profile?: string
  /** The tenant of Dynamics. */
  readonly tenantId?: string
  /** The folder in which the configuration is going to lie. */
  readonly folder: string
}

export type CloudName = keyof typeof clouds

/** The configuration that describes a profile. */
export interface Imported {
  /** With comments. */
  readonly yaml: string
  /** The same as data, without what could not be read. */
  readonly configuration: Readonly<Record<string, unknown>>
  /** What is missing, about to end, or other than the procedure says. */
  readonly notes: readonly { readonly at: string; readonly message: string; readonly next?: string }[]
}

/** What `hma import` and `hma init` look round with. */
export interface Exploration {
  readonly landscape: Landscape
  readonly cloud: Cloud
  read(sought: Sought): Promise<Imported>
  close(): Promise<void>
}

/** Where an environment is, and how to sign in there: as the operator says, as a configuration at hand says, or as its host tells. */
export function whereabouts(deployments: readonly Deployment[], { environmentUrl, cloud }: Site): Whereabouts {
  const configurations = deployments.map(({ configuration }) => configuration)
  const itself = configurations.find(({ dynamics }) => dynamics && dynamics.environmentUrl === environmentUrl)
  const near = itself ?? configurations[0]
  const auths = configurations.flatMap(({ auth }) => Object.entries(auth))
  return {
    ...(environmentUrl !== undefined && { dynamics: { environmentUrl } }),
    cloud: cloud ?? near?.cloud ?? cloudOfHost(environmentUrl),
    // The first that says something of a tenant counts.
    auth: { ...Object.fromEntries(auths.reverse()), ...near?.auth },
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

/** What is known round the environment. */
interface Around {
  readonly place: Whereabouts
  readonly deployments: readonly Deployment[]
  now(): Date
}

/** Read the profile with these clients, and describe it. */
export async function imported({ clients, landscape }: Connected, sought: Sought, around: Around): Promise<Imported> {
  const { environmentUrl, profile, tenantId, folder } = sought
  const found = await discover(
    {
      environmentUrl,
      vaultSuffix: cloudOf(around.place).keyVaultSuffix,
      ...(profile !== undefined && { profile }),
      ...(tenantId !== undefined && { tenantId }),
    },
    { ...clients, landscape },
  )
  const neighbours = around.deployments.map(({ configuration: { name, dynamics } }) => ({
    name,
    ...(dynamics && { environmentUrl: dynamics.environmentUrl, profile: dynamics.profile.name }),
  }))
  const description = describe(found, { now: around.now(), cloud: written(around.place.cloud, folder), neighbours })
  return { yaml: yamlOf(description), configuration: dataOf(description.entries), notes: description.notes }
}

function written(cloud: Whereabouts['cloud'], folder: string): CloudWritten {
  if (typeof cloud === 'string') return cloud
  const { name, authorityHost, resourceManager, graph, keyVaultSuffix, caFile } = cloud
  const file = caFile === undefined ? undefined : `./${relative(folder, caFile).split(sep).join('/')}`
  return { name, authorityHost, resourceManager, graph, keyVaultSuffix, caFile: file }
}
