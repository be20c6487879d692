import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '../..')

/** The program as installed: a separate process with signals, pipes and exit codes. */
export interface Program {
  /** The file that Node runs. */
  readonly script: string
  /** Start it in a folder. */
  start(line: string, options: Starting): Running
  remove(): Promise<void>
}

export interface Starting {
  readonly directory: string
  readonly env?: Readonly<Record<string, string>>
  /** It takes its pipes for a terminal, so that it asks. */
  readonly terminal?: boolean
}

export interface Ended {
  /** Null if an unhandled signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
  /** Waits until stdout and stderr together match; rejects if it ends first. */
  says(pattern: RegExp): Promise<void>
  /** Types something, or closes its input. */
  type(text: string): void
  closeInput(): void
}

/** Build it as it is delivered, beside its package.json. Type errors are left to the type check. */
export async function compiled(): Promise<Program> {
  const cache = join(root, 'node_modules', '.cache')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'hma-program-'))
  await promisify(execFile)(process.execPath, [join(root, 'scripts', 'build.mjs'), join(folder, 'dist')])
  await cp(join(root, 'package.json'), join(folder, 'package.json'))
  const script = join(folder, 'dist', 'cli.js')
  return {
    script,
    start: (line, options) => start(script, line, options),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** A terminal without one: what is asked is whether there is one, and nothing of it is used but its lines. */
const fakeTerminal = 'data:text/javascript,process.stdin.isTTY=process.stderr.isTTY=true'

function start(script: string, line: string, { directory, env = {}, terminal = false }: Starting): Running {
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env
  const args = [...(terminal ? ['--import', fakeTerminal] : []), script, ...line.split(' ').filter(Boolean)]
  const child = spawn(process.execPath, args, {
    cwd: directory,
    env: { PATH, HOME, ...(TMPDIR && { TMPDIR }), LANG: 'C.UTF-8', ...env },
  })
  const said = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
      for (const look of waiting) look()
    })
  child.stdin.on('error', () => {})
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, ...said }))
  })
  const says = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(said.stdout + said.stderr)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
      ended.then(({ code }) => reject(new Error(`It ended with ${code} and never said ${pattern}: ${said.stdout}${said.stderr}`)))
    })
  return { process: child, ended, says, type: (text) => void child.stdin.write(text), closeInput: () => void child.stdin.end() }
}
