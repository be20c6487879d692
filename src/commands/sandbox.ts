import { readyText } from '../views/sandboxText.ts'
import type { View } from '../views/view.ts'
import type { SandboxControl, Unused } from './commandLine/commandContext.ts'
import { duration } from './duration.ts'
import { exit } from './exitCode.ts'
import { type EnvironmentRequest, type Shell, script, variables } from './sandboxEnvironment.ts'

export interface SandboxContext {
  readonly view: View
  readonly signal: AbortSignal
  control(): Promise<SandboxControl>
}

/** How to serve it. */
export interface Serving {
  readonly port?: number
  readonly alsoPort?: number
  readonly inMemory?: boolean
}

/** `hma sandbox`: serves the local Azure until told to stop. */
export async function serve({ view, signal, control }: SandboxContext, serving: Serving): Promise<number> {
  const sandbox = await control()
  const refused = (host: string): void =>
    view.note(`Refused: a client asked the proxy for ${host}, which is no host of the sandbox.`)
  const ignored = ({ method, url, ignored: names = [] }: Unused): void =>
    view.note(`Not used: ${names.join(', ')} in ${method} ${url}`)
  const { ready, closed } = await sandbox.serve({ signal, ...serving, refused, ignored })
  view.result(ready, readyText(ready))
  const violations = await closed
  view.note(`The sandbox has stopped. ${broken(violations)}`)
  return exit.done
}

const broken = (count: number): string => {
  if (count === 0) return 'No sign-in outage was seen.'
  return `Sign-in through a profile broke ${count === 1 ? 'once' : `${count} times`} although it had worked.`
}

/** `hma sandbox advance 335d`: moves its clock forward. */
export async function advance({ view, control }: SandboxContext, by: string): Promise<number> {
  const milliseconds = duration(by)
  const now = (await (await control()).advance(milliseconds)).toISOString()
  view.result({ now }, `It is ${now} in the sandbox.\n`)
  return exit.done
}

/** `hma sandbox env`: variables for a shell, so that any client works in the sandbox. */
export async function env({ view, control }: SandboxContext, request: EnvironmentRequest, shell: Shell): Promise<number> {
  const all = variables((await control()).running(), request)
  view.result(all, script(all, shell))
  return exit.done
}

/** `hma sandbox reset`: deletes its state. */
export async function reset({ view, control }: SandboxContext): Promise<number> {
  await (await control()).reset()
  view.note('The sandbox was reset. It starts empty.')
  return exit.done
}
