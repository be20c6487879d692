import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cloud } from './azure/cloud.ts'
import { createTransport } from './azure/transport.ts'
import { presupposed } from './config/presupposed.ts'
import type { Configuration } from './config/schema.ts'
import { HmaError } from './core/errors.ts'
import type { Seed } from './sandbox/azure.ts'
import { clockOf } from './sandbox/clock.ts'
import { holderOf, lock } from './sandbox/lock.ts'
import { type Sandbox, start } from './sandbox/sandbox.ts'
import { readWorld, writeWorld } from './sandbox/store.ts'

/** A deployment that the sandbox has to hold the prerequisites of. */
export interface Presupposing {
  readonly configuration: Configuration
  readonly cloud: Cloud
}

const folder = (directory: string): string => join(directory, '.hma')
const worldFile = (directory: string): string => join(folder(directory), 'sandbox.json')

/** Start the local Azure, with the world that it had in this directory. */
export async function startSandbox(deployments: readonly Presupposing[], directory: string, port?: number): Promise<Sandbox> {
  mkdirSync(folder(directory), { recursive: true, mode: 0o700 })
  // The world is of no use to anybody else, and must not be committed by accident.
  if (!existsSync(join(folder(directory), '.gitignore'))) writeFileSync(join(folder(directory), '.gitignore'), '*\n')
  return start({ seed: seedOf(deployments), file: worldFile(directory), ...(port !== undefined && { port }) }).catch(foreseen)
}

/** Start it for other programs, and tell them how to reach it. */
export async function serveSandbox(
  deployments: readonly Presupposing[],
  directory: string,
  serving: { port?: number; signal: AbortSignal },
) {
  const sandbox = await startSandbox(deployments, directory, serving.port)
  const caFile = join(folder(directory), 'sandbox-ca.pem')
  writeFileSync(caFile, sandbox.caPem)
  const stopped = new Promise<void>((resolve) => {
    if (serving.signal.aborted) resolve()
    serving.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  const { port, endpoints, principals } = sandbox
  return { ready: { port, caFile, endpoints, principals }, closed: stopped.then(() => sandbox.close()) }
}

/** Move its clock, in the running one if there is one. */
export async function advanceSandbox(directory: string, milliseconds: number): Promise<Date> {
  const file = worldFile(directory)
  const world = attempt(() => readWorld(file))
  if (!world)
    throw new HmaError('There is no sandbox in this directory yet', { hint: 'Run `hma apply --sandbox` or `hma sandbox` first.' })
  const holder = holderOf(file)
  if (holder) return advanceRunning(holder.port, world.keys.authority.certificate, milliseconds)
  const held = attempt(() => lock(file))
  try {
    clockOf(world).advance(milliseconds)
    writeWorld(file, world)
    return clockOf(world).now()
  } finally {
    held.release()
  }
}

async function advanceRunning(port: number, caPem: string, milliseconds: number): Promise<Date> {
  const transport = createTransport({ caPems: [caPem], route: () => ({ host: '127.0.0.1', port }) })
  try {
    const { status, body } = await transport.send({
      method: 'POST',
      url: `https://control.sandbox.localhost:${port}/advance`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ milliseconds }),
    })
    const answer: { now?: string; error?: string } = JSON.parse(body)
    if (status !== 200 || answer.now === undefined)
      throw new HmaError(`The sandbox did not move its clock: ${answer.error ?? status}`)
    return new Date(answer.now)
  } finally {
    await transport.close()
  }
}

/** Forget the world. */
export function resetSandbox(directory: string): void {
  const file = worldFile(directory)
  const held = attempt(() => lock(file))
  rmSync(file, { force: true })
  held.release()
}

/** What the configurations presuppose. The sandbox is one cloud. */
function seedOf(deployments: readonly Presupposing[]): Seed {
  const [first] = deployments
  if (!first) return { hosts: ownHosts, deployments: [example] }
  const other = deployments.find(({ cloud }) => cloud.graph !== first.cloud.graph)
  if (other)
    throw new HmaError(
      `The sandbox is one cloud at a time, and ${first.configuration.name} and ${other.configuration.name} are in two`,
      {
        hint: 'Choose with --only.',
      },
    )
  const { authorityHost, resourceManager, graph, keyVaultSuffix } = first.cloud
  const host = (url: string): string => new URL(url).host
  return {
    hosts: { login: host(authorityHost), management: host(resourceManager), graph: host(graph), vaultSuffix: keyVaultSuffix },
    deployments: deployments.map(({ configuration }) => presupposed(configuration)),
  }
}

const ownHosts: Seed['hosts'] = {
  login: 'login.sandbox.localhost',
  management: 'management.sandbox.localhost',
  graph: 'graph.sandbox.localhost',
  vaultSuffix: 'vault.sandbox.localhost',
}

/** What a sandbox without a configuration holds. */
const example: Seed['deployments'][number] = {
  name: 'sandbox',
  vault: {
    tenantId: '11111111-1111-1111-1111-111111111111',
    subscriptionId: '33333333-3333-3333-3333-333333333333',
    resourceGroup: 'rg-mail',
    name: 'kv-sandbox',
    exists: true,
  },
  exchange: {
    tenantId: '22222222-2222-2222-2222-222222222222',
    ewsUrl: 'https://mail.sandbox.localhost/EWS/Exchange.asmx',
    resourceId: 'https://mail.sandbox.localhost',
    testMailbox: 'user@sandbox.localhost',
  },
  dynamics: {
    tenantId: '22222222-2222-2222-2222-222222222222',
    environmentUrl: 'https://org.crm.sandbox.localhost',
    mailboxes: [],
  },
  registrations: [],
}

/** The sandbox knows no errors of ours; what it throws in one line was foreseen. */
function foreseen(error: unknown): never {
  throw error instanceof Error ? new HmaError(error.message, { cause: error }) : error
}

function attempt<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    return foreseen(error)
  }
}
