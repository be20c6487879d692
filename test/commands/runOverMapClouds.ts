import type { Composer, SandboxControl } from '../../src/commands/commandLine/commandContext.ts'
import { main } from '../../src/commands/commandLine/main.ts'
import { HmaError } from '../../src/core/errors.ts'
import type { Node } from '../../src/core/kind.ts'
import { Secret } from '../../src/core/secret.ts'
import type { Target } from '../../src/session/deployment.ts'
import type { Session } from '../../src/session/session.ts'
import { Cloud, pace, thing } from '../support/mapCloud.ts'

export interface Deployment {
  readonly name: string
  readonly nodes: readonly Node[]
  readonly cloud?: Cloud
  readonly preventRemoval?: boolean
  readonly secret?: string
}

export interface Stage {
  readonly deployments?: readonly Deployment[]
  readonly directory?: string
  /** The person's answer; without it, there is no terminal to ask. */
  answer?(question: string): boolean
  /** Sees the function that a press of Ctrl-C calls. */
  keyboard?(press: () => void): void
  readonly sandbox?: SandboxControl
  readonly env?: Readonly<Record<string, string>>
  /** What happens when the session ends. */
  readonly close?: () => Promise<void>
}

export interface Transcript {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** The exit code with which the process was told to exit at once. */
  readonly left: readonly number[]
  readonly closed: number
  /** The deployments that stayed signed in after a piece of work. */
  readonly stayed: readonly string[]
}

/** Runs a command line in this process over toy clouds and records its output. */
export async function run(line: string, stage: Stage = {}): Promise<Transcript> {
  const text = { stdout: '', stderr: '' }
  const left: number[] = []
  const stayed: string[] = []
  let closed = 0
  const stream = (name: keyof typeof text) => ({
    write(chunk: string) {
      text[name] += chunk
    },
  })
  const composer: Composer = {
    environment: () => ({ LANG: 'C.UTF-8', ...stage.env }),
    addToEnvironment: () => {},
    machineNow: () => Date.parse('2026-01-01T00:00:00Z'),
    open: async (options, { view, signal }): Promise<Session> => ({
      view,
      signal,
      pace,
      version: '1.2.3',
      unusable: 0,
      sandbox: options.sandbox,
      targets: (stage.deployments ?? [])
        .filter(({ name }) => options.only.length === 0 || options.only.includes(name))
        .map(target),
      now: () => new Date('2026-01-01T00:00:00Z'),
      skew: () => 0,
      turn: () => (work) => work(),
      async limit({ name }, work, goesOn) {
        const result = await work()
        if (goesOn?.(result)) stayed.push(name)
        return result
      },
      ask: async (question) => {
        if (stage.answer) return stage.answer(question)
        throw new HmaError('HMA901', 'Cannot prompt', { hint: 'Say --yes.' })
      },
      close: async () => {
        closed++
        await stage.close?.()
      },
    }),
    explore: async () => {
      throw new HmaError('HMA901', 'nothing to explore on this stage')
    },
    rehearsal: async () => {
      throw new Error('There is nothing to copy.')
    },
    examine: async () => {
      throw new HmaError('HMA901', 'nothing to examine on this stage')
    },
    sandbox: async () => {
      if (stage.sandbox) return stage.sandbox
      throw new HmaError('HMA901', 'no sandbox on this stage')
    },
  }
  const code = await main(line === '' ? [] : line.split(' '), {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    directory: stage.directory ?? '.',
    version: '1.2.3',
    composer: async () => composer,
    onInterrupt: (listener) => {
      stage.keyboard?.(listener)
      return () => {}
    },
    // Later, if nothing else ends it first: a test does.
    leave: (status, afterMs = 0) => void (afterMs === 0 && left.push(status)),
  })
  return { code, ...text, left, closed, stayed }
}

const target = ({ name, nodes, cloud = new Cloud(), preventRemoval = false, secret }: Deployment): Target => ({
  name,
  nodes,
  kinds: { thing: thing(cloud) },
  preventRemoval,
  obstacle: () => undefined,
  where: { sandbox: false, cloud: 'public', vault: 'kv', tenants: ['t'] },
  evidence: async () => [],
  terraform: () => [],
  remarks: [],
  shown: (plan) => plan,
  outputs: (world) => ({
    size: String(world.get(`${name}/a`)?.size ?? ''),
    keyVaultClientSecret: 'keyvault:s/1',
    profileId: null,
  }),
  disconnect: async () => {},
  rest: async () => {},
  secret: async () => (secret === undefined ? undefined : new Secret(secret)),
  prove: async () => [],
  status: () => ({
    ...{ ok: true, expires: null, certificate: null, dynamics: null },
    ...{ trusted: [], secrets: [], mailboxes: [], problems: [] },
  }),
})
