import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createClients } from '../../src/azure/clients.ts'
import { clouds, vaultUri } from '../../src/azure/cloud.ts'
import { createCredentials } from '../../src/azure/credentials.ts'
import { createTransport } from '../../src/azure/transport.ts'
import { desired } from '../../src/config/desired.ts'
import { load } from '../../src/config/load.ts'
import { outputs } from '../../src/config/outputs.ts'
import { presupposed } from '../../src/config/presupposed.ts'
import { apply, type Event } from '../../src/core/apply.ts'
import { type Change, type Intent, plan } from '../../src/core/plan.ts'
import { Secret } from '../../src/core/secret.ts'
import { survey } from '../../src/core/survey.ts'
import { createKinds } from '../../src/resources/index.ts'
import type { LogEntry, Settings } from '../../src/sandbox/azure.ts'
import { type Sandbox, start } from '../../src/sandbox/sandbox.ts'

export const ids = {
  vaultTenant: '11111111-1111-1111-1111-111111111111',
  exchangeTenant: '22222222-2222-2222-2222-222222222222',
  subscription: '33333333-3333-3333-3333-333333333333',
} as const

export interface Variant {
  readonly name?: string
  readonly create?: 'rbac' | 'accessPolicy' | false
  readonly tenants?: 1 | 2
  readonly dynamics?: boolean
  readonly copy?: boolean
  readonly issuer?: string
  readonly consent?: 'grant' | 'manual'
  readonly displayName?: string
  readonly hmaAppId?: string
  readonly keyVaultAppId?: string
  readonly preventRemoval?: boolean
  readonly more?: string
}

/** One configuration, as an operator would write it. */
export function yaml(variant: Variant = {}): string {
  const {
    name = 'contoso',
    create = 'rbac',
    tenants = 2,
    dynamics = true,
    copy = !dynamics,
    issuer = 'hma',
    consent = 'grant',
  } = variant
  const tenant = tenants === 2 ? ids.exchangeTenant : ids.vaultTenant
  return [
    'apiVersion: hma/v1',
    `name: ${name}`,
    'keyVault:',
    `  tenantId: ${ids.vaultTenant}`,
    `  subscriptionId: ${ids.subscription}`,
    '  resourceGroup: rg-mail',
    `  name: kv-${name}-mail`,
    ...(create ? ['  create:', '    location: westeurope', `    authorization: ${create}`] : []),
    'certificate:',
    '  name: HMA-Cert',
    `  issuer: ${issuer}`,
    '  subject: CN=hma.contoso.com',
    'keyVaultApp:',
    `  displayName: ${variant.displayName ?? 'KV-App'}`,
    ...(variant.keyVaultAppId ? [`  appId: ${variant.keyVaultAppId}`] : []),
    '  clientSecret:',
    '    lifetimeDays: 180',
    ...(copy ? ['    vaultSecretName: hma-kv-app-client-secret'] : []),
    'hmaApp:',
    `  tenantId: ${tenant}`,
    `  adminConsent: ${consent}`,
    ...(variant.hmaAppId ? [`  appId: ${variant.hmaAppId}`] : []),
    'exchange:',
    '  ewsUrl: https://mail.contoso.com/EWS/Exchange.asmx',
    '  testMailbox: svc-d365@contoso.com',
    ...(dynamics
      ? ['dynamics:', '  environmentUrl: https://contoso.crm4.dynamics.com', '  profile:', '    name: Exchange on-premises (HMA)']
      : []),
    ...(variant.preventRemoval ? ['safety:', '  preventRemoval: true'] : []),
    ...(variant.more ? [variant.more] : []),
  ].join('\n')
}

export async function configuration(text: string) {
  const directory = await mkdtemp(join(tmpdir(), 'hma-test-'))
  try {
    await writeFile(join(directory, 'hma.config.yaml'), text)
    const { deployments, diagnostics } = await load({ files: [], env: {}, directory })
    const [first] = deployments
    if (!first) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
    return first.configuration
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** Writes as an auditor would count them: everything but reads and sign-ins. */
export const writes = (log: readonly LogEntry[]): readonly LogEntry[] =>
  log.filter(({ service, method }) => service !== 'login' && service !== 'sandbox' && !['GET', 'HEAD'].includes(method))

export interface Stage {
  readonly sandbox: Sandbox
  /** Survey and plan. */
  plan(intent?: Partial<Intent>): Promise<readonly Change[]>
  /** Survey, plan and apply; what was planned, what happened, and the writes that reached the services. */
  apply(intent?: Partial<Intent>): Promise<{ changes: readonly Change[]; events: readonly Event[]; writes: readonly LogEntry[] }>
  outputs(): Promise<Readonly<Record<string, string | null>>>
  /** The same sandbox, with another configuration or as another principal. */
  with(variant: Variant, rights?: 'owner' | 'reader'): Promise<Stage>
  close(): Promise<void>
}

/** A sandbox with what the configuration presupposes, and hma pointed at it: the real clients, over real HTTPS. */
export async function stage(variant: Variant = {}, settings: Partial<Settings> = {}): Promise<Stage> {
  const first = await configuration(yaml(variant))
  const { authorityHost, resourceManager, graph, keyVaultSuffix } = clouds.public
  const host = (url: string): string => new URL(url).host
  const sandbox = await start({
    seed: {
      hosts: { login: host(authorityHost), management: host(resourceManager), graph: host(graph), vaultSuffix: keyVaultSuffix },
      deployments: [presupposed(first)],
    },
    settings: { replicationLag: 0, registeringDns: 0, ...settings },
  })
  return on(sandbox, variant, 'owner')
}

async function on(sandbox: Sandbox, variant: Variant, rights: 'owner' | 'reader'): Promise<Stage> {
  const wanted = await configuration(yaml(variant))
  const cloud = clouds.public
  const transport = createTransport({
    caPems: [sandbox.caPem],
    route: (name, port) => (sandbox.knows(`${name}:${port}`) ? { host: '127.0.0.1', port: sandbox.port } : undefined),
    wait: async (milliseconds) => setTimeout(Math.min(milliseconds, 20)),
  })
  const mine = sandbox.principals.filter((one) => one.rights === rights)
  const auth = new Map(
    mine.map((one) => [
      one.tenantId,
      { credential: 'clientSecret' as const, clientId: one.clientId, clientSecret: new Secret(one.clientSecret) },
    ]),
  )
  const credentials = createCredentials({ cloud, auth, transport, now: () => Date.now() })
  const kinds = createKinds(createClients({ cloud, credentials, transport, tenantOf: () => wanted.keyVault.tenantId }))
  const places = { authorityHost: cloud.authorityHost, keyVaultUri: vaultUri(cloud, wanted.keyVault.name) }
  const nodes = desired(wanted, places)
  const signal = new AbortController().signal
  const pace = { looks: 200, refusals: 3, wait: async (stalls: number) => setTimeout(Math.min(5 + 5 * stalls, 100)) }

  const foresee = async (intent: Partial<Intent> = {}) => {
    const context = { now: sandbox.now(), owner: wanted.name, signal }
    const world = await survey(nodes, kinds, context)
    const { preventRemoval } = wanted.safety
    return { context, world, changes: plan(nodes, world, kinds, { owner: wanted.name, preventRemoval, ...intent }, context.now) }
  }
  return {
    sandbox,
    plan: async (intent) => (await foresee(intent)).changes,
    apply: async (intent) => {
      const before = sandbox.log.length
      const { context, world, changes } = await foresee(intent)
      const events: Event[] = []
      await apply(changes, { nodes, world, kinds, context, pace, emit: (event) => void events.push(event) })
      return { changes, events, writes: writes(sandbox.log.slice(before)) }
    },
    outputs: async () => outputs(wanted, places, (await foresee()).world),
    with: (other, as = 'owner') => on(sandbox, other, as),
    close: async () => {
      await transport.close()
      await sandbox.close()
    },
  }
}
