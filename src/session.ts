import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { setTimeout } from 'node:timers/promises'
import pLimit from 'p-limit'
import type { Auth } from './azure/auth.ts'
import { type Clients, createClients } from './azure/clients.ts'
import { type Cloud, clouds, vaultUri } from './azure/cloud.ts'
import { createCredentials } from './azure/credentials.ts'
import { createTransport, type TransportOptions } from './azure/transport.ts'
import { desired } from './config/desired.ts'
import { ConfigurationInvalid } from './config/diagnostic.ts'
import { type Deployment, load } from './config/load.ts'
import { outputs } from './config/outputs.ts'
import type { Configuration, Credential } from './config/schema.ts'
import type { Pace } from './core/apply.ts'
import { HmaError } from './core/errors.ts'
import type { Kinds, Node } from './core/kind.ts'
import { Secret } from './core/secret.ts'
import type { World } from './core/survey.ts'
import { createKinds } from './resources/index.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import type { Outputs, Terminal, View } from './views/view.ts'

/** What the operator says for every command. */
export interface Options {
  readonly file: readonly string[]
  readonly only: readonly string[]
  readonly sandbox: boolean
  readonly json: boolean
  readonly color: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly yes: boolean
  readonly concurrency: number
}

/** One deployment, ready to be surveyed. */
export interface Target {
  readonly name: string
  readonly nodes: readonly Node[]
  /** The kinds, with clients that sign in as this deployment says. */
  readonly kinds: Kinds
  readonly preventRemoval: boolean
  /** What `hma output` tells of it, from what the survey saw. */
  outputs(world: World): Outputs
  /** The client secret's value, where the vault keeps it. */
  secret(): Promise<Secret | undefined>
}

/** Everything a command may use of the running world. */
export interface Session {
  readonly view: View
  readonly targets: readonly Target[]
  readonly pace: Pace
  readonly signal: AbortSignal
  readonly version: string
  now(): Date
  /** Run one deployment's work, so many at a time. */
  limit<Result>(work: () => Promise<Result>): Promise<Result>
  /** Ask the person at the terminal; an error where there is none. */
  ask(question: string): Promise<boolean>
  close(): Promise<void>
}

/** What a command is composed with. */
interface Setting {
  readonly view: View
  readonly terminal: Terminal
  readonly signal: AbortSignal
  /** Where relative paths start, and where the sandbox keeps its world. */
  readonly directory: string
}

export const environment = (): Readonly<Record<string, string | undefined>> => process.env

/** Configuration, clients, kinds and clock, joined for one command. */
export async function open(options: Options, setting: Setting): Promise<Session> {
  const deployments = await configured(options, setting.directory)
  const sandbox = options.sandbox ? await startLocal(deployments, setting.directory) : undefined
  const works = sandbox ? local(sandbox) : real()
  const clients = clientsFor(works, options, setting)
  const limit = pLimit(options.concurrency)
  return {
    view: setting.view,
    signal: setting.signal,
    version: version(),
    pace: works.pace,
    now: works.now,
    targets: deployments.map(({ configuration }) => target(configuration, clients.of(configuration))),
    limit: (work) => limit(work),
    ask: (question) => ask(question, setting),
    close: async () => {
      await clients.close()
      await sandbox?.close()
    },
  }
}

const version = (): string => {
  const { version }: { version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return version
}

/** The deployments that were asked for; every mistake in the configuration at once. */
async function configured({ file, only }: Pick<Options, 'file' | 'only'>, directory: string): Promise<readonly Deployment[]> {
  const { deployments, diagnostics } = await load({ files: file, env: environment(), directory })
  if (diagnostics.some(({ severity }) => severity === 'error')) throw new ConfigurationInvalid(diagnostics)
  const wanted = only.map(
    (name) =>
      new RegExp(
        `^${name
          .replace(/[^\w*?-]/g, '\\$&')
          .replace(/\*/g, '.*')
          .replace(/\?/g, '.')}$`,
      ),
  )
  const chosen = deployments.filter(
    ({ configuration }) => only.length === 0 || wanted.some((one) => one.test(configuration.name)),
  )
  if (chosen.length > 0) return chosen
  const names = deployments.map(({ configuration }) => configuration.name).join(', ')
  throw new HmaError(`No deployment is named ${only.join(' or ')}`, { hint: `The configuration has ${names}.` })
}

/** What differs between Azure and the sandbox. */
interface Works {
  readonly transport: TransportOptions
  readonly pace: Pace
  now(): Date
  /** How to sign in, where it is not as the configuration says. */
  readonly auth?: ReadonlyMap<string, Auth>
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> => setTimeout(milliseconds, undefined, { signal })

const real = (): Works => ({
  transport: {
    proxy: {
      httpsProxy: process.env.HTTPS_PROXY ?? process.env.https_proxy,
      httpProxy: process.env.HTTP_PROXY ?? process.env.http_proxy,
      noProxy: process.env.NO_PROXY ?? process.env.no_proxy,
    },
  },
  // Entra's replicas need seconds, now and then minutes: in all about ten minutes are given to one resource.
  pace: { looks: 90, refusals: 15, wait: (stalls, signal) => pause(Math.min(1000 * 1.4 ** stalls, 10_000), signal) },
  now: () => new Date(),
})

const local = (sandbox: Sandbox): Works => ({
  transport: {
    caPems: [sandbox.caPem],
    route: (host, port) => (sandbox.knows(`${host}:${port}`) ? { host: '127.0.0.1', port: sandbox.port } : undefined),
  },
  pace: { looks: 300, refusals: 3, wait: (stalls, signal) => pause(Math.min(100 + 20 * stalls, 500), signal) },
  now: () => sandbox.now(),
  auth: new Map(
    sandbox.principals
      .filter(({ rights }) => rights === 'owner')
      .map(({ tenantId, clientId, clientSecret }) => [
        tenantId,
        { credential: 'clientSecret', clientId, clientSecret: new Secret(clientSecret) },
      ]),
  ),
})

/** Clients for each deployment: it may sign in in its own way, to its own cloud. */
function clientsFor(works: Works, { verbose }: Options, { terminal, signal }: Setting) {
  const trace = verbose ? (line: string) => terminal.err(`${line}\n`) : undefined
  const transports: ReturnType<typeof createTransport>[] = []
  return {
    of(configuration: Configuration): Clients {
      const cloud = cloudOf(configuration)
      const caPems = [...(works.transport.caPems ?? []), ...(cloud.caFile ? [readFileSync(cloud.caFile, 'utf8')] : [])]
      const transport = createTransport({ ...works.transport, caPems, trace, signal })
      transports.push(transport)
      const auth =
        works.auth ?? new Map(Object.entries(configuration.auth).map(([tenant, one]) => [tenant, signInBy(one, terminal)]))
      const credentials = createCredentials({ cloud, auth, transport, now: () => Date.now() })
      return createClients({ cloud, credentials, transport, tenantOf: () => configuration.keyVault.tenantId })
    },
    close: async () => void (await Promise.all(transports.map((transport) => transport.close()))),
  }
}

const signInBy = (credential: Credential, terminal: Terminal): Auth => {
  if (credential.credential === 'clientCertificate') {
    const { certificateFile, certificatePassword, ...rest } = credential
    return { ...rest, certificatePath: certificateFile, certificatePassword }
  }
  if (credential.credential === 'clientSecret') return credential
  const { credential: kind, clientId } = credential
  return kind === 'deviceCode'
    ? { credential: kind, clientId, prompt: (message) => terminal.err(`${message}\n`) }
    : { credential: kind, clientId }
}

const cloudOf = ({ cloud }: Pick<Configuration, 'cloud'>): Cloud => (typeof cloud === 'string' ? clouds[cloud] : cloud)

function target(configuration: Configuration, clients: Clients): Target {
  const cloud = cloudOf(configuration)
  const places = { authorityHost: cloud.authorityHost, keyVaultUri: vaultUri(cloud, configuration.keyVault.name) }
  const { vaultSecretName } = configuration.keyVaultApp.clientSecret
  return {
    name: configuration.name,
    nodes: desired(configuration, places),
    kinds: createKinds(clients),
    preventRemoval: configuration.safety.preventRemoval,
    outputs: (world) => outputs(configuration, places, world),
    secret: async () =>
      vaultSecretName === undefined ? undefined : clients.keyVault.secretValue(places.keyVaultUri, vaultSecretName),
  }
}

/** The sandbox's own commands. */
export async function sandbox(options: Options, setting: Setting) {
  const { advanceSandbox, resetSandbox, serveSandbox } = await import('./sandboxed.ts')
  const { directory } = setting
  return {
    serve: async (serving: { port?: number; signal: AbortSignal }) => {
      const given = options.file.length > 0 || existsSync(join(directory, 'hma.config.yaml'))
      return serveSandbox(given ? presupposing(await configured(options, directory)) : [], directory, serving)
    },
    advance: (milliseconds: number) => advanceSandbox(directory, milliseconds),
    reset: () => resetSandbox(directory),
  }
}

const presupposing = (deployments: readonly Deployment[]) =>
  deployments.map(({ configuration }) => ({ configuration, cloud: cloudOf(configuration) }))

async function startLocal(deployments: readonly Deployment[], directory: string): Promise<Sandbox> {
  const { startSandbox } = await import('./sandboxed.ts')
  return startSandbox(presupposing(deployments), directory)
}

async function ask(question: string, { terminal, signal }: Setting): Promise<boolean> {
  if (!process.stdin.isTTY || !terminal.live)
    throw new HmaError('There is nobody to ask: this is not a terminal', {
      hint: 'Run it with --yes to carry it out without a question.',
    })
  const lines = createInterface({ input: process.stdin })
  try {
    terminal.err(`${question} [y/N] `)
    return /^y(es)?$/i.test((await lines.question('', { signal })).trim())
  } finally {
    lines.close()
  }
}
