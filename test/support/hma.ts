import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultSettings } from '../../packages/sandbox/src/settings.ts'
import { pooled } from '../../packages/sandbox/test/support/worlds.ts'
import { main } from '../../src/commands/commandLine/main.ts'
import type { Composer } from '../../src/commands/commandLine/scene.ts'
import type { Pace } from '../../src/core/converge.ts'

export interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A folder as an operator has it, in which command lines are run: the real program, from argv to its exit code. */
export interface Workplace {
  readonly directory: string
  write(name: string, content: string | Uint8Array): Promise<void>
  hma(line: string, signal?: AbortSignal): Promise<Said>
  leave(): Promise<void>
}

/** What takes the sandbox a while, in milliseconds: less of it, where a test is not about waiting. */
const quick = { replicationLag: 30, registeringDns: 100, mailboxTest: 200 }

/** `pace` is for a cloud that is quicker than Azure, and makes the sandbox one; without it, hma waits as long as it always does. */
export async function workplace(configuration: string, pace?: Pace): Promise<Workplace> {
  Object.assign(defaultSettings, pooled, pace && quick)
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

interface Manner {
  readonly signal: AbortSignal | undefined
  readonly pace: Pace | undefined
}

async function composer(pace: Pace | undefined): Promise<Composer> {
  const session = await import('../../src/session/session.ts')
  return pace ? { ...session, open: async (...asked) => ({ ...(await session.open(...asked)), pace }) } : session
}

async function run(line: string, directory: string, { signal, pace }: Manner): Promise<Said> {
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
