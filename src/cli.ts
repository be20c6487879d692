#!/usr/bin/env node
import { cacheCompiledCode } from './compileCache.ts'
import { version } from './version.ts'

/** Windows has no SIGTERM from other processes and closes the console with SIGHUP; listening to both does no harm there. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** As in commands/exitCode.ts, which would load more than `--version` needs. */
const interrupted = 130

/** Who reads has had enough. Of a pipe, of a socket in its place, and on Windows. */
const readerIsGone: readonly (string | undefined)[] = ['EPIPE', 'ECONNRESET', 'EOF']

let broken = false
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    broken ||= !readerIsGone.includes(error.code)
  })

const argv = process.argv.slice(2)

/** The most frequent call, by installers and pipelines, needs nothing else. */
const onlyVersion: typeof import('./commands/commandLine/main.ts').main = async () => {
  process.stdout.write(`${version}\n`)
  return 0
}

/** A function, because the executables consist of modules without top-level await (scripts/executables.mjs). */
async function run(): Promise<void> {
  const asksVersion = argv.length === 1 && argv[0] === '--version'
  if (!asksVersion) cacheCompiledCode()
  const main = asksVersion ? onlyVersion : (await import('./commands/commandLine/main.ts')).main

  const code = await main(argv, {
    stdout: process.stdout,
    stderr: process.stderr,
    directory: process.cwd(),
    version,
    composer: () => import('./session/session.ts'),
    onInterrupt: (listener) => {
      for (const signal of signals) process.on(signal, listener)
      // What is left to do then is to print: a signal ends that, with the exit code of an interruption.
      return () => {
        for (const signal of signals) process.off(signal, listener).on(signal, () => process.exit(interrupted))
      }
    },
    leave: (status, afterMs) => {
      if (afterMs === undefined) process.exit(status)
      setTimeout(() => process.exit(status), afterMs).unref()
    },
  })

  // Some systems write pipes in the background: everything printed must leave before the process ends.
  for (const stream of [process.stdout, process.stderr]) await new Promise((resolve) => stream.write('', resolve))
  process.exit(code === 0 && broken ? 1 : code)
}

void run()
