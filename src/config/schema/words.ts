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
  [patterns.deploymentName]: 'must be 1 to 32 lowercase letters, digits and hyphens',
  [patterns.vaultName]:
    'must be 3 to 24 letters, digits and hyphens, start with a letter, end with a letter or digit, and have no two hyphens in a row',
  [patterns.objectName]: 'must be 1 to 127 letters, digits and hyphens',
  [patterns.resourceGroup]:
    'must be 1 to 90 letters, digits, underscores, parentheses, hyphens and periods, and not end with a period',
  [patterns.hostAndPort]: 'must be a host name, with a port if needed, and no scheme: vault.azure.net',
  [patterns.https]: 'must be an address that starts with https://',
  [patterns.filled]: 'must not be blank',
  [patterns.oneLine]: 'must be one line of text, without control characters or characters that change the reading direction',
}
