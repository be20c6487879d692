import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from '../../src/commands/main.ts'

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

export async function workplace(configuration: string): Promise<Workplace> {
  const directory = await mkdtemp(join(tmpdir(), 'hma-commands-'))
  const write: Workplace['write'] = (name, content) => writeFile(join(directory, name), content)
  await write('hma.config.yaml', configuration)
  return {
    directory,
    write,
    hma: (line, signal) => run(line, directory, signal),
    leave: () => rm(directory, { recursive: true }),
  }
}

async function run(line: string, directory: string, signal?: AbortSignal): Promise<Said> {
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
    composer: () => import('../../src/session.ts'),
    onInterrupt: (listener) => {
      signal?.addEventListener('abort', listener)
      return () => signal?.removeEventListener('abort', listener)
    },
    leave: () => {},
  })
  return { code, ...said }
}
