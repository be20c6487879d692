import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createClients } from '../../src/azure/clients.ts'
import { clouds, vaultUri } from '../../src/azure/cloud.ts'
import { createCredentials } from '../../src/azure/credentials.ts'
import { createTransport, type Transport } from '../../src/azure/transport.ts'
import { readCertificateFile } from '../../src/config/certificateFile.ts'
import { desired } from '../../src/config/desired.ts'
import { load } from '../../src/config/load.ts'
import { outputs } from '../../src/config/outputs.ts'
import { presupposed } from '../../src/config/presupposed.ts'
import { type Rotatable, rotated } from '../../src/config/rotation.ts'
import type { Configuration } from '../../src/config/schema.ts'
import { apply, type Event } from '../../src/core/apply.ts'
import { type Change, type Intent, plan } from '../../src/core/plan.ts'
import { Secret } from '../../src/core/secret.ts'
import { type World as Seen, survey } from '../../src/core/survey.ts'
import { createKinds } from '../../src/resources/index.ts'
import type { LogEntry, Settings, World } from '../../src/sandbox/azure.ts'
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
  /** In place of issuer and subject. */
  readonly certificate?: readonly string[]
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
    ...(variant.certificate ?? [`issuer: ${issuer}`, 'subject: CN=hma.contoso.com']).map((line) => `  ${line}`),
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

/** What is asked for besides what the configuration says. */
export interface Asked extends Partial<Intent> {
  /** Replace this one: the one that was in use in `seen`, or is now. */
  readonly rotate?: Rotatable
  readonly seen?: Seen
}

export interface Applied {
  readonly changes: readonly Change[]
  readonly events: readonly Event[]
  /** The writes that reached the services. */
  readonly writes: readonly LogEntry[]
}

export interface Stage {
  readonly sandbox: Sandbox
  survey(): Promise<Seen>
  /** Survey and plan. */
  plan(asked?: Asked): Promise<readonly Change[]>
  /** Survey, plan and apply; what was planned, what happened, and the writes that reached the services. */
  apply(asked?: Asked): Promise<Applied>
  outputs(): Promise<Readonly<Record<string, string | null>>>
  /** The same sandbox, with another configuration or as another principal. */
  with(variant: Variant, rights?: 'owner' | 'reader'): Promise<Stage>
  /** The same sandbox, seen by a new process: no memory of the one before, and its own wire. */
  process(wire?: Wire): Promise<Stage>
  close(): Promise<void>
}

/** Stands between one process and the network. */
export type Wire = (transport: Transport) => Transport

/** A sandbox with what the configuration presupposes, and hma pointed at it: the real clients, over real HTTPS. */
export async function stage(variant: Variant = {}, settings: Partial<Settings> = {}, world?: World): Promise<Stage> {
  const first = await configuration(yaml(variant))
  const { authorityHost, resourceManager, graph, keyVaultSuffix } = clouds.public
  const host = (url: string): string => new URL(url).host
  const sandbox = await start({
    seed: {
      hosts: { login: host(authorityHost), management: host(resourceManager), graph: host(graph), vaultSuffix: keyVaultSuffix },
      deployments: [presupposed(first)],
    },
    settings: { replicationLag: 0, registeringDns: 0, ...settings },
    ...(world && { world }),
  })
  const opened: Transport[] = []
  const open = (as: Omit<Part, 'open' | 'opened'>): Promise<Stage> => on(sandbox, { ...as, open, opened })
  return open({ variant, rights: 'owner', wire: (transport) => transport })
}

/** Who hma is, in front of a sandbox. */
interface Part {
  readonly variant: Variant
  readonly rights: 'owner' | 'reader'
  readonly wire: Wire
  open(as: Omit<Part, 'open' | 'opened'>): Promise<Stage>
  /** Every connection to the sandbox, so that they are closed with it. */
  readonly opened: Transport[]
}

async function on(sandbox: Sandbox, { variant, rights, wire, open, opened }: Part): Promise<Stage> {
  const wanted = await configuration(yaml(variant))
  const { kinds, places } = pointed(sandbox, wanted, { rights, wire, opened })
  const signal = new AbortController().signal
  const pace = { looks: 200, refusals: 15, wait: async (stalls: number) => setTimeout(Math.min(5 + 5 * stalls, 100)) }

  const foresee = async ({ rotate, seen, ...intent }: Asked = {}) => {
    const context = { now: sandbox.now(), owner: wanted.name, signal }
    const file = await readCertificateFile(wanted.certificate, { directory: import.meta.dirname, now: sandbox.now() })
    if (file?.problem && !intent.remove) throw file.problem
    const all = desired(wanted, places, file)
    const world = await survey(all, kinds, context)
    const nodes = rotate ? rotated(all, rotate, seen ?? world) : all
    const { preventRemoval } = wanted.safety
    const changes = plan(nodes, world, kinds, { owner: wanted.name, preventRemoval, ...intent }, context.now)
    return { context, world, nodes, changes }
  }
  return {
    sandbox,
    survey: async () => (await foresee()).world,
    plan: async (asked) => (await foresee(asked)).changes,
    apply: async (asked) => {
      const before = sandbox.log.length
      const { context, world, nodes, changes } = await foresee(asked)
      const events: Event[] = []
      await apply(changes, { nodes, world, kinds, context, pace, emit: (event) => void events.push(event) })
      return { changes, events, writes: writes(sandbox.log.slice(before)) }
    },
    outputs: async () => outputs(wanted, places, (await foresee()).world),
    with: (other, as = 'owner') => open({ variant: other, rights: as, wire }),
    process: (other = (transport) => transport) => open({ variant, rights, wire: other }),
    close: async () => {
      await Promise.all(opened.map((transport) => transport.close()))
      await sandbox.close()
    },
  }
}

/** The kinds of one process, with clients that reach the sandbox. */
function pointed(sandbox: Sandbox, wanted: Configuration, { rights, wire, opened }: Pick<Part, 'rights' | 'wire' | 'opened'>) {
  const cloud = clouds.public
  const plain = createTransport({
    caPems: [sandbox.caPem],
    route: (name, port) => (sandbox.knows(`${name}:${port}`) ? { host: '127.0.0.1', port: sandbox.port } : undefined),
    wait: async (milliseconds) => setTimeout(Math.min(milliseconds, 20)),
  })
  opened.push(plain)
  const transport = wire(plain)
  const mine = sandbox.principals.filter((one) => one.rights === rights)
  const auth = new Map(
    mine.map((one) => [
      one.tenantId,
      { credential: 'clientSecret' as const, clientId: one.clientId, clientSecret: new Secret(one.clientSecret) },
    ]),
  )
  const credentials = createCredentials({ cloud, auth, transport, now: () => Date.now() })
  const places = { authorityHost: cloud.authorityHost, keyVaultUri: vaultUri(cloud, wanted.keyVault.name) }
  return {
    places,
    kinds: createKinds(createClients({ cloud, credentials, transport, tenantOf: () => wanted.keyVault.tenantId })),
  }
}
