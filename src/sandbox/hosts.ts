import type { LogEntry, Seed, World } from './azure.ts'
import { organizationAt } from './dataverse/organization.ts'
import { serverAt } from './exchange/server.ts'

export type Served = LogEntry['service']

/** Names under which every sandbox is reached, whatever names the seed gives. */
export const own = {
  login: 'login.sandbox.localhost',
  management: 'management.sandbox.localhost',
  graph: 'graph.sandbox.localhost',
  vaultSuffix: 'vault.sandbox.localhost',
  dataverse: 'org.crm.sandbox.localhost',
  exchange: 'mail.sandbox.localhost',
  control: 'control.sandbox.localhost',
} as const

/** A host name in lower case, without its port. */
export const nameOf = (host: string): string => host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '')

/**
 * Which part of the sandbox answers under a host name; undefined for a name that leads nowhere. A vault has its name while it
 * is there: https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#vault-name-and-object-name
 */
export function servedAt(world: World, hosts: Seed['hosts'], host: string): Served | undefined {
  const name = nameOf(host)
  if (name === own.control) return 'sandbox'
  if (name === own.login || name === nameOf(hosts.login)) return 'login'
  if (name === own.management || name === nameOf(hosts.management)) return 'management'
  if (name === own.graph || name === nameOf(hosts.graph)) return 'graph'
  if (isVault(world, hosts, name)) return 'keyVault'
  if (organizationAt(world.dataverse, `https://${name}`) !== undefined) return 'dataverse'
  return serverAt(world.exchange, name) === undefined ? undefined : 'exchange'
}

function isVault(world: World, hosts: Seed['hosts'], name: string): boolean {
  const [label = '', ...rest] = name.split('.')
  const suffix = rest.join('.')
  if (suffix !== own.vaultSuffix && suffix !== nameOf(hosts.vaultSuffix)) return false
  return world.resources.vaults.some((vault) => vault.name.toLowerCase() === label && vault.deletedAt === undefined)
}
