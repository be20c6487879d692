#!/usr/bin/env node
import { cacheCompiledCode } from './startup/compileCache.ts'
import { version } from './version.ts'

/** Windows has no SIGTERM from other processes and closes the console with SIGHUP; listening to both does no harm there. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** As in commands/exitCode.ts, which would load more than `--version` needs. */
const interrupted = 130

/** What a stream reports when its reader has gone away: a pipe, a socket, and either on Windows. */
const readerIsGone: readonly (string | undefined)[] = ['EPIPE', 'ECONNRESET', 'EOF']

let lost: Error | undefined
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!readerIsGone.includes(error.code)) lost ??= error
  })

const argv = process.argv.slice(2)

/** The most frequent call, by installers and pipelines, needs nothing else. */
const onlyVersion: typeof import('./commands/commandLine/main.ts').main = async () => {
  process.stdout.write(`${version}\n`)
  return 0
}

/** Some systems write pipes in the background: everything printed must leave before the process ends. */
async function written(): Promise<void> {
  for (const stream of [process.stdout, process.stderr])
    if (stream.writableLength > 0) await new Promise((resolve) => stream.write('', resolve))
  // A stream reports a moment later what it could not write.
  await new Promise(setImmediate)
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
      // All that is left to do then is to print. A signal ends that, with the exit code of an interruption.
      return () => {
        for (const signal of signals) process.off(signal, listener).on(signal, () => process.exit(interrupted))
      }
    },
    leave: (status, afterMs) => {
      if (afterMs === undefined) process.exit(status)
      setTimeout(() => process.exit(status), afterMs).unref()
    },
  })

  await written()
  if (lost !== undefined) {
    const { reportLostOutput } = await import('./commands/commandLine/lostOutput.ts')
    reportLostOutput(lost, process.stderr)
    await written()
  }
  process.exit(lost === undefined ? code : code || 1)
}

void run()
