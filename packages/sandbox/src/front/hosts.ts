import type { Azure, LogEntry, Seed } from '../azure.ts'
import { type CloudNames, microsoftClouds, partOf } from '../clouds.ts'
import { organizationAt } from '../dataverse/organization.ts'
import { serverAt } from '../exchange/server.ts'
import { nameOf } from './hostName.ts'

export type Served = Exclude<LogEntry['service'], 'proxy'>

/** Names under which every sandbox can be reached, in addition to those of the seed. */
export const own = {
  login: 'login.sandbox.localhost',
  management: 'management.sandbox.localhost',
  graph: 'graph.sandbox.localhost',
  vaultSuffix: 'vault.sandbox.localhost',
  dataverse: 'org.crm.sandbox.localhost',
  exchange: 'mail.sandbox.localhost',
  control: 'control.sandbox.localhost',
} as const

/** The sandbox's own names first, then those of the seed, and Microsoft's, which proxied clients use. */
const cloudsOf = (hosts: Seed['hosts']): readonly CloudNames[] => [own, hosts, ...microsoftClouds]

/** The names of the cloud through whose host the client came; the sandbox's own names carry its port. */
export function cloudBy(hosts: Seed['hosts'], host: string): CloudNames {
  const found = cloudsOf(hosts).find((cloud) => partOf(cloud, nameOf(host)) !== undefined) ?? hosts
  if (found !== own) return found
  const port = /:\d+$/.exec(host)?.[0] ?? ''
  const { login, management, graph, vaultSuffix } = own
  return { login: login + port, management: management + port, graph: graph + port, vaultSuffix: vaultSuffix + port }
}

type Surroundings = Pick<Azure, 'world' | 'settings' | 'now' | 'met'>

/**
 * Which part of the sandbox answers under a host name; undefined for an unknown name. A vault has its name as long as it
 * exists: https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#vault-name-and-object-name
 */
export function servedAt(azure: Surroundings, hosts: Seed['hosts'], host: string): Served | undefined {
  const { world } = azure
  const name = nameOf(host)
  if (name === own.control) return 'sandbox'
  const part = cloudsOf(hosts)
    .map((cloud) => partOf(cloud, name))
    .find((one) => one !== undefined)
  if (part !== undefined) return part !== 'keyVault' || isVault(azure, name) ? part : undefined
  if (organizationAt(world.dataverse, `https://${name}`) !== undefined) return 'dataverse'
  return serverAt(world.exchange, name) === undefined ? undefined : 'exchange'
}

/** The name of a new vault does not resolve until it is registered: https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/get#vaultprovisioningstate */
function isVault({ world, settings, now, met }: Surroundings, name: string): boolean {
  const [label = ''] = name.split('.')
  const found = world.resources.vaults.find((vault) => vault.name.toLowerCase() === label && vault.deletedAt === undefined)
  if (found === undefined) return false
  const registered = now().getTime() - Date.parse(found.properties.provisioningStarted) >= settings.registeringDns
  if (!registered) met?.('vault without a name yet')
  return registered
}
