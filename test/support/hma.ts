import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pooled } from '../../packages/sandbox/test/support/worlds.ts'
import { machineTimer } from '../../src/azure/http/timer.ts'
import type { Composer } from '../../src/commands/commandLine/commandContext.ts'
import { main } from '../../src/commands/commandLine/main.ts'
import type { Pace } from '../../src/core/pace.ts'

export interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** An operator's folder in which command lines run: the real program, from argv to exit code. */
export interface Workplace {
  readonly directory: string
  write(name: string, content: string | Uint8Array): Promise<void>
  hma(line: string, signal?: AbortSignal): Promise<Said>
  leave(): Promise<void>
}

/** What takes the sandbox a while, in milliseconds: less of it, where a test is not about waiting. */
const sandboxSettings = { ...pooled, replicationLag: 30, registeringDns: 100, mailboxTest: 200 }

/** Polls sooner than hma does elsewhere: such a sandbox is consistent at once. */
const quickPace: Pace = {
  timer: machineTimer,
  resourceMs: 20_000,
  refusedMs: 1000,
  delay: (stalls: number) => Math.min(20 * stalls, 200),
}

/** By default, the sandbox is faster than Azure, and hma polls sooner. */
export async function workplace(configuration: string, pace: Pace = quickPace): Promise<Workplace> {
  const directory = await mkdtemp(join(tmpdir(), 'hma-commands-'))
  const write: Workplace['write'] = (name, content) => writeFile(join(directory, name), content)
  await write('hma.config.yaml', configuration)
  return {
    directory,
    write,
    hma: (line, signal) => run(line, directory, { signal, pace }),
    leave: () => rm(directory, { recursive: true }),
  }
}

interface RunOptions {
  readonly signal: AbortSignal | undefined
  readonly pace: Pace
}

async function composer(pace: Pace): Promise<Composer> {
  const session = await import('../../src/session/session.ts')
  return {
    ...session,
    open: async (options, context) => ({ ...(await session.open(options, { ...context, sandboxSettings })), pace }),
    explore: (options, context, site) => session.explore(options, { ...context, sandboxSettings }, site),
    examine: (options, context) => session.examine(options, { ...context, sandboxSettings }),
    rehearsal: (options, context) => session.rehearsal(options, { ...context, sandboxSettings }),
  }
}

async function run(line: string, directory: string, { signal, pace }: RunOptions): Promise<Said> {
  const said = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof said) => ({
    columns: 80,
    write: (text: string): void => {
      said[name] += text
    },
  })
  const code = await main(line.split(' ').filter(Boolean), {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    directory,
    version: '0.0.0-test',
    composer: () => composer(pace),
    onInterrupt: (listener) => {
      signal?.addEventListener('abort', listener)
      return () => signal?.removeEventListener('abort', listener)
    },
    leave: () => {},
  })
  return { code, ...said }
}
