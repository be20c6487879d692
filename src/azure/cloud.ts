/** The endpoints of a cloud. URLs have no trailing slash; `keyVaultSuffix` may carry a port. */
export interface Cloud {
  readonly name: string
  readonly authorityHost: string
  readonly resourceManager: string
  readonly graph: string
  readonly keyVaultSuffix: string
  /** Path of a PEM file with certificates to trust in addition to the usual ones. */
  readonly caFile?: string
}

/**
 * Microsoft's clouds (https://learn.microsoft.com/graph/deployments,
 * https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates).
 */
export const clouds = {
  public: {
    name: 'public',
    authorityHost: 'https://login.microsoftonline.com',
    resourceManager: 'https://management.azure.com',
    graph: 'https://graph.microsoft.com',
    keyVaultSuffix: 'vault.azure.net',
  },
  usgov: {
    name: 'usgov',
    authorityHost: 'https://login.microsoftonline.us',
    resourceManager: 'https://management.usgovcloudapi.net',
    graph: 'https://graph.microsoft.us',
    keyVaultSuffix: 'vault.usgovcloudapi.net',
  },
  'usgov-dod': {
    name: 'usgov-dod',
    authorityHost: 'https://login.microsoftonline.us',
    resourceManager: 'https://management.usgovcloudapi.net',
    graph: 'https://dod-graph.microsoft.us',
    keyVaultSuffix: 'vault.usgovcloudapi.net',
  },
  china: {
    name: 'china',
    authorityHost: 'https://login.chinacloudapi.cn',
    resourceManager: 'https://management.chinacloudapi.cn',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    keyVaultSuffix: 'vault.azure.cn',
  },
} as const satisfies Record<string, Cloud>

export const vaultUri = (cloud: Cloud, name: string): string => `https://${name.toLowerCase()}.${cloud.keyVaultSuffix}`

export const vaultScope = (cloud: Cloud): string => `https://${cloud.keyVaultSuffix.replace(/:\d+$/, '')}/.default`
