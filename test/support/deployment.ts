import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogEntry, Settings, World } from '../../packages/sandbox/src/azure.ts'
import { type Sandbox, type Start, start } from '../../packages/sandbox/src/sandbox.ts'
import { emptyWorld, pooled } from '../../packages/sandbox/test/support/worlds.ts'
import { createClients } from '../../src/azure/clients.ts'
import { clouds, vaultUri } from '../../src/azure/cloud.ts'
import { createCredentials } from '../../src/azure/credentials/credentials.ts'
import { machineTimer } from '../../src/azure/http/timer.ts'
import { createTransport, type Transport } from '../../src/azure/http/transport.ts'
import { load } from '../../src/config/load.ts'
import type { Configuration } from '../../src/config/schema.ts'
import { apply, type Event } from '../../src/core/apply.ts'
import type { Timer } from '../../src/core/deadline.ts'
import type { Pace } from '../../src/core/pace.ts'
import { type Change, type Intent, plan } from '../../src/core/plan.ts'
import { type ActualState as Seen, survey } from '../../src/core/survey.ts'
import { obstacleOf, readCertificateFile } from '../../src/deployment/certificateFile.ts'
import { desired } from '../../src/deployment/desired.ts'
import { outputs } from '../../src/deployment/outputs.ts'
import { prerequisites } from '../../src/deployment/prerequisites.ts'
import { type Rotatable, rotated } from '../../src/deployment/renewal/rotation.ts'
import { textFiles } from '../../src/deployment/textFiles.ts'
import { createKinds } from '../../src/resources/index.ts'
import type { Prove } from '../../src/resources/mailboxes/mailboxes.ts'
import { signIns } from './signIns.ts'
import { fastTimer } from './timer.ts'

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
  /** `https://contoso.crm4.dynamics.com`, by default. */
  readonly environmentUrl?: string
  /** `kv-NAME-mail`, by default. */
  readonly vault?: string
  readonly issuer?: string
  /** In place of issuer and subject. */
  readonly certificate?: readonly string[]
  readonly consent?: 'grant' | 'manual'
  readonly displayName?: string
  readonly hmaAppId?: string
  readonly keyVaultAppId?: string
  readonly preventRemoval?: boolean
  /** As in the list: an address, or `{address: …, approve: false}`. */
  readonly mailboxes?: readonly string[]
  /** `mail.contoso.com`, by default. */
  readonly ewsHost?: string
  /** More lines of the block `exchange`. */
  readonly exchange?: readonly string[]
  /** The result of the proof of sign-in; default: it passes. */
  readonly prove?: Prove
  readonly more?: string
}

/** A configuration as you would write it. */
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
    `  name: ${variant.vault ?? `kv-${name}-mail`}`,
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
    `  ewsUrl: https://${variant.ewsHost ?? 'mail.contoso.com'}/EWS/Exchange.asmx`,
    '  testMailbox: svc-d365@contoso.com',
    ...(variant.exchange ?? []).map((line) => `  ${line}`),
    ...(dynamics
      ? [
          'dynamics:',
          `  environmentUrl: ${variant.environmentUrl ?? 'https://contoso.crm4.dynamics.com'}`,
          '  profile:',
          '    name: Exchange on-premises (HMA)',
        ]
      : []),
    ...(variant.mailboxes ? ['  mailboxes:', ...variant.mailboxes.map((one) => `    - ${one}`)] : []),
    ...(variant.preventRemoval ? ['safety:', '  preventRemoval: true'] : []),
    ...(variant.more ? [variant.more] : []),
  ].join('\n')
}

const loaded = new Map<string, ReturnType<typeof loadText>>()

/** The configuration in a text. */
export function configuration(text: string): ReturnType<typeof loadText> {
  const one = loaded.get(text) ?? loadText(text)
  loaded.set(text, one)
  return one
}

async function loadText(text: string) {
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

/** All writes: everything except reads, sign-ins, and opening an inbox. */
export const writes = (log: readonly LogEntry[]): readonly LogEntry[] =>
  log.filter(
    ({ service, method, url }) =>
      !['login', 'exchange', 'sandbox'].includes(service) && !['GET', 'HEAD'].includes(method) && !isQuestion(url),
  )

/** A POST that changes nothing (https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/check-name-availability). */
const isQuestion = (url: string): boolean => /\/checkNameAvailability$/i.test(new URL(url).pathname)

/** What is requested in addition to the configuration. */
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
  /** How long each resource took, in milliseconds. */
  readonly times: ReadonlyMap<string, number>
}

export interface OpenDeployment {
  readonly sandbox: Sandbox
  survey(): Promise<Seen>
  /** Survey and plan. */
  plan(asked?: Asked): Promise<readonly Change[]>
  /** Surveys, plans and applies; returns the plan, the events, and the writes that reached the services. */
  apply(asked?: Asked): Promise<Applied>
  outputs(): Promise<Readonly<Record<string, string | null>>>
  /** The same sandbox, with another configuration or as another principal. */
  with(variant: Variant, rights?: 'owner' | 'reader'): Promise<OpenDeployment>
  /** The same sandbox, used by a new process with its own connection and no memory of the previous one. */
  process(wire?: Wire): Promise<OpenDeployment>
  close(): Promise<void>
}

/** Intercepts between a process and the network. */
export type Wire = (transport: Transport) => Transport

/** A sandbox with what the configuration presupposes, and hma pointed at it: the real clients, over real HTTPS. */
export async function openDeployment(
  variant: Variant = {},
  settings: Partial<Settings> = {},
  world?: World,
  conditions: Conditions = {},
): Promise<OpenDeployment> {
  const first = await configuration(yaml(variant))
  const { authorityHost, resourceManager, graph, keyVaultSuffix } = clouds.public
  const host = (url: string): string => new URL(url).host
  const sandbox = await start({
    seed: {
      hosts: { login: host(authorityHost), management: host(resourceManager), graph: host(graph), vaultSuffix: keyVaultSuffix },
      deployments: [prerequisites(first)],
    },
    settings: { replicationLag: 0, registeringDns: 0, strict: true, ...pooled, ...settings },
    world: world ?? (await emptyWorld()),
    ...conditions.start,
  })
  const opened: Transport[] = []
  const open = (as: Opening): Promise<OpenDeployment> => on(sandbox, { ...as, open, opened, conditions })
  return open({ variant, rights: 'owner', wire: (transport) => transport })
}

/** Options for running the sandbox and its processes. */
export interface Conditions {
  readonly start?: Pick<Start, 'conductor' | 'randomSeed'>
  /** By which requests are repeated. */
  readonly timer?: Timer
  readonly pace?: Pace
  readonly random?: () => number
  /** Processes that come later take the connections of those before: handshakes take most of the time. */
  readonly keepsConnections?: true
}

const doorAt = (port: number | undefined) => (port === undefined ? undefined : { host: '127.0.0.1', port })

/** The identity of hma at a sandbox. */
interface Part {
  readonly variant: Variant
  readonly rights: 'owner' | 'reader'
  readonly wire: Wire
  open(as: Opening): Promise<OpenDeployment>
  /** Every connection to the sandbox, so that they are closed with it. */
  readonly opened: Transport[]
  readonly conditions: Conditions
}

type Opening = Pick<Part, 'variant' | 'rights' | 'wire'>

async function on(sandbox: Sandbox, { variant, rights, wire, open, opened, conditions }: Part): Promise<OpenDeployment> {
  const wanted = await configuration(yaml(variant))
  const { kinds, places } = pointed(sandbox, wanted, { rights, wire, opened, conditions, prove: variant.prove ?? passing })
  const signal = new AbortController().signal
  const pace = conditions.pace ?? {
    ...{ timer: machineTimer, resourceMs: 20_000, refusedMs: 1500 },
    delay: (stalls: number) => Math.min(5 + 5 * stalls, 100),
  }

  const foresee = async ({ rotate, seen, ...intent }: Asked = {}) => {
    const context = { now: sandbox.now(), owner: wanted.name, signal }
    const file = await readCertificateFile(wanted.certificate, { directory: import.meta.dirname })
    const obstacle = obstacleOf(file, sandbox.now())
    if (obstacle && !intent.remove) throw obstacle
    const all = desired(wanted, places, file)
    const actual = await survey(all, kinds, context)
    const nodes = rotate ? rotated(all, rotate, seen ?? actual) : all
    const { preventRemoval } = wanted.safety
    const changes = plan(nodes, actual, kinds, { owner: wanted.name, preventRemoval, ...intent }, context.now)
    return { context, actual, nodes, changes }
  }
  return {
    sandbox,
    survey: async () => (await foresee()).actual,
    plan: async (asked) => (await foresee(asked)).changes,
    apply: async (asked) => {
      const before = sandbox.log.length
      const { context, actual, nodes, changes } = await foresee(asked)
      const events: Event[] = []
      const [began, times] = [new Map<string, number>(), new Map<string, number>()]
      const emit = (event: Event): void => {
        events.push(event)
        const now = pace.timer.now()
        if (event.type === 'started') began.set(event.address, now)
        if (event.type === 'done' || event.type === 'failed') times.set(event.address, now - (began.get(event.address) ?? now))
      }
      await apply(changes, { nodes, actual, kinds, context, pace, emit })
      return { changes, events, writes: writes(sandbox.log.slice(before)), times }
    },
    outputs: async () => outputs(wanted, places, (await foresee()).actual),
    with: (other, as = 'owner') => open({ variant: other, rights: as, wire }),
    process: (other = (transport) => transport) => open({ variant, rights, wire: other }),
    close: async () => {
      await Promise.all(opened.map((transport) => transport.close()))
      await sandbox.close()
    },
  }
}

const passing: Prove = async () => [{ name: 'inbox', status: 'passed', detail: 'The inbox was opened.' }]

const transportTo = (sandbox: Sandbox, conditions: Conditions): Transport =>
  createTransport({
    caPems: [sandbox.caPem],
    route: (name, port) => doorAt(sandbox.doorOf(`${name}:${port}`)),
    timer: conditions.timer ?? fastTimer(20),
    ...(conditions.random && { random: conditions.random }),
  })

/** The kinds of one process, with clients that reach the sandbox. */
type Pointed = Pick<Part, 'rights' | 'wire' | 'opened' | 'conditions'> & { readonly prove: Prove }

function pointed(sandbox: Sandbox, wanted: Configuration, { rights, wire, opened, conditions, prove }: Pointed) {
  const cloud = clouds.public
  const plain = (conditions.keepsConnections && opened[0]) || transportTo(sandbox, conditions)
  if (!opened.includes(plain)) opened.push(plain)
  const transport = wire(plain)
  const credentials = createCredentials({ cloud, auth: signIns(sandbox, rights), transport, now: () => Date.now() })
  const places = { authorityHost: cloud.authorityHost, keyVaultUri: vaultUri(cloud, wanted.keyVault.name) }
  const clients = createClients({ cloud, credentials, transport, tenantOf: () => wanted.keyVault.tenantId })
  return { places, kinds: createKinds({ ...clients, files: textFiles(import.meta.dirname), prove }) }
}
