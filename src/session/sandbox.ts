import { existsSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Seed } from 'hma-sandbox'
import { advanceStored, forgetStored, running, type Sandbox, type Start, start, truststore } from 'hma-sandbox'
import type { Cloud } from '../azure/cloud.ts'
import type { Deployment } from '../config/load.ts'
import type { Configuration } from '../config/schema.ts'
import { HmaError } from '../core/errors.ts'
import { prerequisites } from '../deployment/prerequisites.ts'
import { fileProblem, isFileFailure } from '../files/problem.ts'
import { cloudOf } from './connections.ts'

/** A deployment whose prerequisites the sandbox has to contain. */
export interface WithPrerequisites {
  readonly configuration: Configuration
  readonly cloud: Cloud
}

const folder = (directory: string): string => join(directory, '.hma')
const worldFile = (directory: string): string => join(folder(directory), 'sandbox.json')

type Serving = 'port' | 'alsoPort' | 'inMemory' | 'refused' | 'ignored'

interface SandboxOptions extends Pick<Start, Serving | 'settings' | 'forOthers'> {
  /** The cloud whose host names it answers to, if no deployment says; its content is unchanged then. */
  readonly cloud?: Cloud | undefined
}

/** Starts the local Azure with the state stored in this directory. */
export async function startSandbox(
  deployments: readonly WithPrerequisites[],
  directory: string,
  { cloud, ...serving }: SandboxOptions = {},
): Promise<Sandbox> {
  requireNoLinks(folder(directory))
  try {
    mkdirSync(folder(directory), { recursive: true, mode: 0o700 })
    // The state is private to this folder and must not be committed by accident.
    if (!existsSync(join(folder(directory), '.gitignore'))) writeFileSync(join(folder(directory), '.gitignore'), '*\n')
  } catch (error) {
    asExpectedFailure(error)
  }
  return start({ seed: seedOf(deployments, cloud), file: worldFile(directory), ...serving }).catch(asExpectedFailure)
}

/** A repository may contain a `.hma` folder: a link in it could make hma write anywhere. */
function requireNoLinks(path: string): void {
  const seen = lstatSync(path, { throwIfNoEntry: false })
  if (seen === undefined) return
  const entries = seen.isDirectory() ? readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isSymbolicLink()) : []
  const links = seen.isSymbolicLink() ? [path] : entries.map(({ name }) => join(path, name))
  if (links.length === 0) return
  throw new HmaError('HMA133', `${links.join(', ')} is a symbolic link. The sandbox keeps its data in regular files only`, {
    hint: 'Remove it, or run hma in another folder.',
  })
}

export type ServedSandbox = Pick<SandboxOptions, Serving> & { readonly signal: AbortSignal }

const caFileIn = (directory: string): string => join(folder(directory), 'sandbox-ca.pem')

/** Starts it for other programs and tells them how to reach it. */
export async function serveSandbox(
  deployments: readonly WithPrerequisites[],
  directory: string,
  { signal, ...serving }: ServedSandbox,
) {
  const sandbox = await startSandbox(deployments, directory, { ...serving, forOthers: true })
  const caFile = caFileIn(directory)
  writeFileSync(caFile, sandbox.caPem)
  writeFileSync(join(folder(directory), 'sandbox-truststore.p12'), truststore(sandbox.caPem))
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  const { port, endpoints, principals } = sandbox
  return {
    ready: { port, caFile, endpoints, principals },
    closed: stopped.then(() => sandbox.close()).then(() => sandbox.violations.length),
  }
}

/** The sandbox currently serving this folder. */
export function runningSandbox(directory: string) {
  const found = running(worldFile(directory))
  if (found === undefined)
    throw new HmaError('HMA133', 'No sandbox is running in this folder', {
      hint: 'Start one in another terminal: `hma sandbox`.',
    })
  const { port, principals, subscriptions, hosts } = found
  return { port, principals, subscriptions, login: hosts.login, caFile: caFileIn(directory) }
}

/** Moves its clock, in the running sandbox if there is one. */
export const advanceSandbox = async (directory: string, milliseconds: number): Promise<Date> => {
  requireNoLinks(folder(directory))
  return advanceStored(worldFile(directory), milliseconds).catch(asExpectedFailure)
}

/** Deletes the stored state. */
export const resetSandbox = async (directory: string): Promise<void> => {
  requireNoLinks(folder(directory))
  try {
    forgetStored(worldFile(directory))
  } catch (error) {
    asExpectedFailure(error)
  }
}

/** What the configurations presuppose. A sandbox is one cloud. */
function seedOf(deployments: readonly WithPrerequisites[], cloud?: Cloud): Seed {
  const [first] = deployments
  if (!first && cloud) return { hosts: hostsOf(cloud), deployments: [] }
  if (!first) return { hosts: ownHosts, deployments: [example] }
  const other = deployments.find(({ cloud }) => cloud.graph !== first.cloud.graph)
  if (other)
    throw new HmaError(
      'HMA133',
      `The sandbox can be one cloud at a time, but ${first.configuration.name} and ${other.configuration.name} are in two`,
      {
        hint: 'Choose with --only.',
      },
    )
  return { hosts: hostsOf(first.cloud), deployments: deployments.map(({ configuration }) => prerequisites(configuration)) }
}

export function hostsOf({ authorityHost, resourceManager, graph, keyVaultSuffix }: Cloud): Seed['hosts'] {
  const host = (url: string): string => new URL(url).host
  return { login: host(authorityHost), management: host(resourceManager), graph: host(graph), vaultSuffix: keyVaultSuffix }
}

const ownHosts: Seed['hosts'] = {
  login: 'login.sandbox.localhost',
  management: 'management.sandbox.localhost',
  graph: 'graph.sandbox.localhost',
  vaultSuffix: 'vault.sandbox.localhost',
}

/** The content of a sandbox without a configuration. */
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

/** The sandbox does not know our errors; a one-line error of its own is an expected failure. */
function asExpectedFailure(error: unknown): never {
  if (isFileFailure(error))
    throw new HmaError('HMA118', `The sandbox cannot save its state in ${error.path}: ${fileProblem(error)}`, {
      hint: 'Run hma in a folder where you may write, or free some space on the disk.',
      cause: error,
    })
  throw error instanceof Error ? new HmaError('HMA133', error.message, { cause: error }) : error
}

/** The deployments in the form in which the sandbox is seeded. */
export const withPrerequisites = (deployments: readonly Deployment[]): readonly WithPrerequisites[] =>
  deployments.map(({ configuration }) => ({ configuration, cloud: cloudOf(configuration) }))
