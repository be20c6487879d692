import type { Azure, LogEntry, Seed } from './azure.ts'
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

type Surroundings = Pick<Azure, 'world' | 'settings' | 'now' | 'met'>

/**
 * Which part of the sandbox answers under a host name; undefined for a name that leads nowhere. A vault has its name while it
 * is there: https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#vault-name-and-object-name
 */
export function servedAt(azure: Surroundings, hosts: Seed['hosts'], host: string): Served | undefined {
  const { world } = azure
  const name = nameOf(host)
  if (name === own.control) return 'sandbox'
  if (name === own.login || name === nameOf(hosts.login)) return 'login'
  if (name === own.management || name === nameOf(hosts.management)) return 'management'
  if (name === own.graph || name === nameOf(hosts.graph)) return 'graph'
  if (isVault(azure, hosts, name)) return 'keyVault'
  if (organizationAt(world.dataverse, `https://${name}`) !== undefined) return 'dataverse'
  return serverAt(world.exchange, name) === undefined ? undefined : 'exchange'
}

/** A new vault has no name until it is registered: https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/get#vaultprovisioningstate */
function isVault({ world, settings, now, met }: Surroundings, hosts: Seed['hosts'], name: string): boolean {
  const [label = '', ...rest] = name.split('.')
  const suffix = rest.join('.')
  if (suffix !== own.vaultSuffix && suffix !== nameOf(hosts.vaultSuffix)) return false
  const found = world.resources.vaults.find((vault) => vault.name.toLowerCase() === label && vault.deletedAt === undefined)
  if (found === undefined) return false
  const registered = now().getTime() - Date.parse(found.properties.provisioningStarted) >= settings.registeringDns
  if (!registered) met?.('vault without a name yet')
  return registered
}

/** Names of one login host: https://login.microsoftonline.com/common/discovery/instance lists them. */
const logins = ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'] as const

/** All names of the login host that this one is of; itself alone where it has no others. */
export const aliasesOf = (host: string): readonly string[] => (logins.some((one) => one === nameOf(host)) ? logins : [host])
