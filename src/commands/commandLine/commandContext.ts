import type { Examination } from '../../session/examination.ts'
import type { Exploration, Site } from '../../session/explore.ts'
import type { Rehearsal } from '../../session/rehearsal.ts'
import type { Options, RunContext, Session } from '../../session/session.ts'
import type { Ready } from '../../views/sandboxText.ts'
import type { Environment, Stream } from '../../views/terminal/terminal.ts'
import type { RunningSandbox } from '../sandboxEnvironment.ts'

/** A request of which the sandbox ignored a part. */
export interface Unused {
  readonly method: string
  readonly url: string
  readonly ignored?: readonly string[]
}

/** The local Azure, as the sandbox commands use it. */
export interface SandboxControl {
  /** Serves until the signal. `closed` resolves when it has stopped, with how often working sign-in broke. */
  serve(options: {
    port?: number
    alsoPort?: number
    inMemory?: boolean
    signal: AbortSignal
    /** Called once for each host that a client requests and the sandbox does not serve. */
    refused(host: string): void
    ignored(request: Unused): void
  }): Promise<{ ready: Ready; closed: Promise<number> }>
  /** The sandbox running in this folder; an error if there is none. */
  running(): RunningSandbox
  /** Moves the clock forward and returns the new time. */
  advance(milliseconds: number): Promise<Date>
  /** Deletes its state. */
  reset(): Promise<void>
}

/** What src/session/session.ts offers the command line: the only module that knows the environment and everything behind it. */
export interface Composer {
  environment(): Environment
  addToEnvironment(variables: Environment): void
  /** The machine's clock, in milliseconds. */
  machineNow(): number
  open(options: Options, setting: RunContext): Promise<Session>
  explore(options: Options, setting: RunContext, site: Site): Promise<Exploration>
  examine(options: Options, setting: RunContext): Promise<Examination>
  rehearsal(options: Options, setting: RunContext): Promise<Rehearsal>
  sandbox(options: Options, setting: RunContext): Promise<SandboxControl>
}

/** What the command line needs from outside. Tests supply their own. */
export interface HostProcess {
  readonly stdout: Stream
  readonly stderr: Stream
  /** The folder that relative paths start from. */
  readonly directory: string
  readonly version: string
  /** Loaded when a command needs it, so that `--help` is quick. */
  composer(): Promise<Composer>
  /** Calls the listener at each request to stop (Ctrl-C, SIGTERM); the returned function stops listening. */
  onInterrupt(listener: () => void): () => void
  /** Leaves at once, or after this many milliseconds if the process has not ended by then. */
  leave(code: number, afterMs?: number): void
}
