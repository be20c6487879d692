import { nameOf } from './front/hostName.ts'

/** The host names of one cloud, with their ports if any. */
export interface CloudNames {
  readonly login: string
  readonly management: string
  readonly graph: string
  readonly vaultSuffix: string
}

/** Microsoft's clouds: https://learn.microsoft.com/azure/developer/identity/authentication-national-cloud */
export const microsoftClouds: readonly CloudNames[] = [
  {
    login: 'login.microsoftonline.com',
    management: 'management.azure.com',
    graph: 'graph.microsoft.com',
    vaultSuffix: 'vault.azure.net',
  },
  {
    login: 'login.microsoftonline.us',
    management: 'management.usgovcloudapi.net',
    graph: 'graph.microsoft.us',
    vaultSuffix: 'vault.usgovcloudapi.net',
  },
  {
    login: 'login.microsoftonline.us',
    management: 'management.usgovcloudapi.net',
    graph: 'dod-graph.microsoft.us',
    vaultSuffix: 'vault.usgovcloudapi.net',
  },
  {
    login: 'login.chinacloudapi.cn',
    management: 'management.chinacloudapi.cn',
    graph: 'microsoftgraph.chinacloudapi.cn',
    vaultSuffix: 'vault.azure.cn',
  },
]

/** Other names of login hosts, as https://login.microsoftonline.com/common/discovery/instance lists them. */
const loginAliases: readonly (readonly string[])[] = [
  ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
  ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
  ['login.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
]

/** All names of this login host; just the one given, if it has no others. */
export const aliasesOf = (host: string): readonly string[] => loginAliases.find((names) => names.includes(nameOf(host))) ?? [host]

export type CloudPart = 'login' | 'management' | 'graph' | 'keyVault'

/** Which part of a cloud answers under this name. A vault is known by the part of the name before the suffix. */
export function partOf({ login, management, graph, vaultSuffix }: CloudNames, name: string): CloudPart | undefined {
  if (aliasesOf(login).some((one) => nameOf(one) === name)) return 'login'
  if (name === nameOf(management)) return 'management'
  if (name === nameOf(graph)) return 'graph'
  return name.slice(name.indexOf('.') + 1) === nameOf(vaultSuffix) ? 'keyVault' : undefined
}
