import type { TestProject } from 'vitest/node'
import { unbundled } from './batches.ts'
import type { Exchange } from './exchange.ts'
import { forget, newRecord, recorded } from './record.ts'
import { report } from './report.ts'
import { judges } from './services.ts'
import { hasSpecs, reader, specsFolder } from './specs.ts'
import { tally } from './tally.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where exchanges are written down; undefined where they are not. */
    contractRecord: string | undefined
  }
}

/** Wraps the whole run: records everything and judges it at the end. */
export default function run(project: TestProject): (() => void) | undefined {
  if (!hasSpecs()) {
    process.stdout.write(`Contract: skipped, because Microsoft’s descriptions do not lie in ${specsFolder()}\n`)
    return undefined
  }
  const folder = newRecord()
  project.provide('contractRecord', folder)
  return () => {
    try {
      judge(folder)
    } finally {
      forget(folder)
    }
  }
}

function judge(folder: string): void {
  const found = tally(judged(recorded(folder)))
  process.stdout.write(`\n${report(found)}\n`)
  // An error that is thrown here would be printed, and the run would count as a success all the same.
  if (found.failures.length > 0) process.exitCode = 1
}

function* judged(exchanges: Iterable<Exchange>) {
  const judgeOne = judges(reader())
  for (const bundle of exchanges) for (const exchange of unbundled(bundle)) yield { exchange, judged: judgeOne(exchange) }
}
