import { harmless, pad } from './terminal/line.ts'

/** The output of a sandbox when it is ready (`hma sandbox --json`). */
export interface Ready {
  readonly port: number
  /** The certificate of the sandbox's own CA, for clients to trust. */
  readonly caFile: string
  readonly endpoints: Readonly<
    Record<'authorityHost' | 'resourceManager' | 'graph' | 'keyVaultSuffix' | 'dataverse' | 'exchange', string>
  >
  readonly principals: readonly {
    readonly tenantId: string
    readonly clientId: string
    readonly clientSecret: string
    readonly rights: 'owner' | 'reader'
  }[]
}

/** The same for people. The secrets are worthless outside the sandbox. */
export function readyText({ port, caFile, endpoints, principals }: Ready): string {
  const rows = (facts: Readonly<Record<string, string>>): readonly string[] =>
    Object.entries(facts).map(([name, value]) => `  ${pad(name, 15)}  ${harmless(value)}`)
  return [
    `The sandbox listens on port ${port}. Ctrl-C stops it.`,
    '',
    ...rows({ caFile, ...endpoints }),
    ...principals.flatMap(({ rights, tenantId, ...principal }) => [
      '',
      `${harmless(rights)} of tenant ${harmless(tenantId)}`,
      ...rows(principal),
    ]),
    '',
  ].join('\n')
}
