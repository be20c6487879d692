/**
 * The schema's patterns, each with its rule in words: messages show the words, never the expression.
 * Vault and object names: https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates,
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault
 */
export const patterns = {
  deploymentName: '^[a-z0-9-]{1,32}$',
  vaultName: '^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$',
  objectName: '^[0-9A-Za-z-]{1,127}$',
  resourceGroup: '^[\\p{L}\\p{N}_().-]{0,89}[\\p{L}\\p{N}_()-]$',
  hostAndPort: '^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$',
  https: '^[Hh][Tt][Tt][Pp][Ss]://[^\\s]+$',
  tenantKey: '^[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$',
  filled: '\\S',
  oneLine: '^(?=.*\\S)[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\u202A-\\u202E\\u2066-\\u2069]+$',
} as const

export const rules: Readonly<Record<string, string>> = {
  [patterns.deploymentName]: 'takes 1 to 32 small letters, digits and hyphens',
  [patterns.vaultName]:
    'takes 3 to 24 letters, digits and hyphens, starts with a letter, ends with a letter or digit, and has no two hyphens together',
  [patterns.objectName]: 'takes 1 to 127 letters, digits and hyphens',
  [patterns.resourceGroup]:
    'takes 1 to 90 letters, digits, underscores, parentheses, hyphens and periods, and ends with no period',
  [patterns.hostAndPort]: 'must be a host name, with a port where it needs one, and no scheme: vault.azure.net',
  [patterns.https]: 'must be an address that starts with https://',
  [patterns.filled]: 'must not be blank',
  [patterns.oneLine]: 'must be one line of text, with no control characters and none that turn the direction of reading',
}
