import { HmaError } from '../core/errors.ts'

/** The sandbox that runs in this folder, and the principals that clients sign in as. */
export interface RunningSandbox {
  readonly port: number
  readonly caFile: string
  /** Entra's host: national clouds have their own. */
  readonly login: string
  readonly principals: readonly {
    readonly tenantId: string
    readonly clientId: string
    readonly clientSecret: string
    readonly rights: 'owner' | 'reader'
  }[]
  readonly subscriptions: readonly { readonly id: string; readonly tenantId: string }[]
}

export interface EnvironmentRequest {
  readonly tenant?: string
  readonly rights: 'owner' | 'reader'
}

export type Variables = Readonly<Record<string, string>>

/** Variables that make clients use the sandbox as their proxy, trust its certificates and sign in. */
export function variables(running: RunningSandbox, { tenant, rights }: EnvironmentRequest): Variables {
  const { port, caFile, login, principals, subscriptions } = running
  const wanted = tenant?.toLowerCase() ?? principals[0]?.tenantId
  const found = principals.find((one) => one.tenantId === wanted && one.rights === rights)
  if (found === undefined) {
    const hint = `Its tenants: ${[...new Set(principals.map(({ tenantId }) => tenantId))].join(', ')}`
    throw new HmaError('HMA133', `The sandbox has no tenant ${wanted ?? 'at all'}`, { hint })
  }
  const { tenantId, clientId, clientSecret } = found
  const subscription = subscriptions.find((one) => one.tenantId === tenantId)?.id
  return {
    HTTPS_PROXY: `http://127.0.0.1:${port}`,
    ...caVariables(caFile),
    // Node's own fetch uses the proxy only if this is set.
    NODE_USE_ENV_PROXY: '1',
    ...(nationalLogins.includes(login) && { AZURE_AUTHORITY_HOST: `https://${login}` }),
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    ARM_TENANT_ID: tenantId,
    ARM_CLIENT_ID: clientId,
    ARM_CLIENT_SECRET: clientSecret,
    ...(subscription !== undefined && { AZURE_SUBSCRIPTION_ID: subscription, ARM_SUBSCRIPTION_ID: subscription }),
  }
}

const nationalLogins: readonly string[] = ['login.microsoftonline.us', 'login.chinacloudapi.cn']

/** Node; OpenSSL, Go and Ruby; Python's requests, az with it; curl. */
const caVariables = (caFile: string): Variables =>
  Object.fromEntries(
    ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'].map((name) => [name, caFile]),
  )

export const shells = ['sh', 'fish', 'pwsh', 'json'] as const

export type Shell = (typeof shells)[number]

/** One line per variable, to be evaluated by that shell. */
export function script(all: Variables, shell: Shell): string {
  if (shell === 'json') return `${JSON.stringify(all, undefined, 2)}\n`
  return Object.entries(all)
    .map(([name, value]) => `${assignments[shell](name, value)}\n`)
    .join('')
}

const assignments: Record<Exclude<Shell, 'json'>, (name: string, value: string) => string> = {
  sh: (name, value) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  fish: (name, value) => `set -gx ${name} '${value.replace(/['\\]/g, '\\$&')}'`,
  pwsh: (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
}
