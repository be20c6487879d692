#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { main } from './commands/main.ts'

const { version }: { version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** Windows knows no SIGTERM of others, and closes the console with SIGHUP; listening to them does no harm there. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

let broken = false
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    broken ||= error.code !== 'EPIPE'
  })

const code = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  directory: process.cwd(),
  version,
  composer: () => import('./session.ts'),
  onInterrupt: (listener) => {
    for (const signal of signals) process.on(signal, listener)
    return () => {
      for (const signal of signals) process.off(signal, listener)
    }
  },
  leave: (status) => process.exit(status),
})

// Pipes are written in the background on some systems: what was printed leaves before the process does.
for (const stream of [process.stdout, process.stderr]) await new Promise((resolve) => stream.write('', resolve))
process.exit(code === 0 && broken ? 1 : code)
