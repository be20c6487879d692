/** The lines of a configuration that make a sandbox on this port a custom cloud named `lab`. */
export const labCloud = (port: number): readonly string[] => [
  'cloud:',
  '  name: lab',
  `  authorityHost: https://login.sandbox.localhost:${port}`,
  `  resourceManager: https://management.sandbox.localhost:${port}`,
  `  graph: https://graph.sandbox.localhost:${port}`,
  `  keyVaultSuffix: vault.sandbox.localhost:${port}`,
]
