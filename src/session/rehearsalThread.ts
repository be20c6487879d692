import { setMaxListeners } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { runUnderFaults } from '../rehearsal/faults.ts'
import type { FaultSchedule } from '../rehearsal/simulation.ts'
import { prepareSimulation } from './rehearsalSimulation.ts'
import type { ThreadSettings } from './rehearsalThreads.ts'

/** The entry of a thread: it plays the schedules of faults that it is sent, until it is terminated. */
const { deployment, copied, directory }: ThreadSettings = workerData
const { signal } = new AbortController()
// Every wait listens to it.
setMaxListeners(0, signal)
const rehearsed = prepareSimulation(deployment, copied, { directory, signal })

parentPort?.on('message', async (draw: FaultSchedule) =>
  parentPort?.postMessage(await runUnderFaults(await rehearsed, draw, signal)),
)
