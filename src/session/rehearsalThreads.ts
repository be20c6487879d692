import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { isSea } from 'node:sea'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Deployment } from '../config/load.ts'
import type { Certificate } from '../config/schema.ts'
import type { CopiedDeployment } from '../rehearsal/format.ts'
import type { FaultOutcome, FaultSchedule, FaultThread } from '../rehearsal/simulation.ts'

/** What a thread is started with. */
export interface ThreadSettings {
  readonly deployment: Pick<Deployment, 'configuration'>
  readonly copied: CopiedDeployment
  readonly directory: string
}

/**
 * The program's other entry (scripts/bundle.mjs). Executables, which have their modules inside, and the source have none: there, one thread
 * plays everything.
 */
function entry(): string | undefined {
  if (isSea()) return undefined
  const path = fileURLToPath(new URL('./rehearsalThread.js', import.meta.url))
  return existsSync(path) ? path : undefined
}

/** Each takes about as much memory as the program itself. */
const most = 3

/** A thread for each further processor. */
export function threadsFor(settings: ThreadSettings): readonly FaultThread[] {
  const path = entry()
  const length = path === undefined ? 0 : Math.min(availableParallelism() - 1, most)
  return Array.from({ length }, () => threadFor(path ?? '', settings))
}

function threadFor(path: string, { deployment, copied, directory }: ThreadSettings): FaultThread {
  const waiting = new Map<number, Awaiting>()
  const settings: ThreadSettings = { deployment: withoutSecrets(deployment), copied, directory }
  const worker = new Worker(path, { workerData: settings })
  let failure: Error | undefined
  const fail = (error: Error): void => {
    failure ??= error
    for (const { reject } of waiting.values()) reject(failure)
  }
  worker.on('message', (played: FaultOutcome) => {
    waiting.get(played.seed)?.resolve(played)
    waiting.delete(played.seed)
  })
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('The thread ended.')))
  return {
    play: (draw: FaultSchedule) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure)
        waiting.set(draw.seed, { resolve, reject })
        worker.postMessage(draw)
      }),
    close: async () => void (await worker.terminate()),
  }
}

interface Awaiting {
  resolve(played: FaultOutcome): void
  reject(error: Error): void
}

/** A rehearsal signs in to its own sandbox only, and has a stand-in for the certificate in a file. */
const withoutSecrets = ({ configuration }: ThreadSettings['deployment']): ThreadSettings['deployment'] => ({
  configuration: { ...configuration, auth: {}, certificate: withoutPassword(configuration.certificate) },
})

function withoutPassword(certificate: Certificate): Certificate {
  if (certificate.source !== 'import') return certificate
  const { password: _password, ...rest } = certificate
  return rest
}
