import type { Sandbox } from 'hma-sandbox'
import type { Cloud } from '../azure/cloud.ts'
import type { Deployment } from '../config/load.ts'
import type { Environment } from '../config/read/environment.ts'
import { tuneFor } from '../startup/flags.ts'
import { version } from '../version.ts'
import { shownSignIns } from '../views/progress/signIns.ts'
import { harmlessLines } from '../views/terminal/line.ts'
import type { Connected, ConnectionSettings, ConnectionTarget } from './connections.ts'
import type { Options, RunContext } from './options.ts'
import { local, type Runtime, real } from './runtime.ts'
import { turns } from './turns.ts'

/** What to reach, and from which machine. */
interface Surroundings {
  readonly env: Environment
  machineNow(): number
  readonly deployments: readonly Deployment[]
  readonly cloud?: Cloud | undefined
}

/** Azure or the sandbox, with the clients of these deployments. */
export async function reach(options: Options, context: RunContext, around: Surroundings) {
  const sandbox = options.sandbox ? await startLocal(context, around) : undefined
  const runtime = sandbox ? local(sandbox) : real(around.env, around.machineNow)
  const clients = await connections(runtime, options, context, around)
  return { runtime, clients, close: () => clients.close().then(() => sandbox?.close()) }
}

async function startLocal(
  { directory, sandboxSettings: settings = {} }: RunContext,
  { deployments, cloud }: Surroundings,
): Promise<Sandbox> {
  const { withPrerequisites, startSandbox } = await import('./sandbox.ts')
  return startSandbox(withPrerequisites(deployments), directory, { cloud, settings })
}

/** With more deployments than this, memory matters more than the time of each. */
const few = 16

/** The clients of all deployments, to be closed together. */
async function connections(
  runtime: Runtime,
  { verbose, concurrency }: Options,
  { terminal, view, signal, trace }: RunContext,
  { env, machineNow, deployments }: Surroundings,
) {
  const { commonTransports, connect, identityEndpoints } = await import('./connections.ts')
  const writers = turns(concurrency)
  const fleet = deployments.length > few
  tuneFor({ fleet })
  const made: Connected[] = []
  const print = (text: string): void => harmlessLines(text).forEach((line) => void terminal.err(`${line}\n`))
  const tell = (text: string): void => {
    if (verbose) print(text)
    trace?.(text)
  }
  const transport = {
    ...runtime.transport,
    version,
    timer: writers.waiting(runtime.pace.timer),
    clock: runtime.clock,
    signal,
    trace: verbose || trace ? tell : undefined,
  }
  const commons = commonTransports(transport)
  const signingIn = shownSignIns(view)
  return {
    turns: writers,
    async of(where: ConnectionTarget, through?: ConnectionSettings['through']): Promise<Connected> {
      const connected = await connect(where, {
        ...runtime,
        transport,
        common: commons.trusting,
        fleet,
        ...(through && { through }),
        identityEndpoints: identityEndpoints(env),
        prompt: (text) => view.aside(() => print(text)),
        signingIn,
        machineNow,
      })
      made.push(connected)
      return connected
    },
    close: async () => void (await Promise.all([commons, ...made].map((one) => one.close()))),
  }
}
