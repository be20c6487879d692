import type { Examination } from '../../session/examination.ts'
import type { Exploration, Site } from '../../session/explore.ts'
import type { Rehearsal } from '../../session/rehearsal.ts'
import type { Options, RunContext, Session } from '../../session/session.ts'
import type { Ready } from '../../views/sandboxText.ts'
import type { Environment, Stream } from '../../views/terminal/terminal.ts'
import type { RunningSandbox } from '../sandboxEnvironment.ts'

/** A request of which the sandbox did not use everything. */
export interface Unused {
  readonly method: string
  readonly url: string
  readonly ignored?: readonly string[]
}

/** The local Azure, as its commands use it. */
export interface SandboxControl {
  /** Serve until the signal is given. `closed` is settled when it has stopped: with how often sign-in broke that had worked. */
  serve(options: {
    port?: number
    alsoPort?: number
    signal: AbortSignal
    /** Called with a host that a client asked for and the sandbox does not play, once for each. */
    refused(host: string): void
    ignored(request: Unused): void
  }): Promise<{ ready: Ready; closed: Promise<number> }>
  /** The one that runs in this folder; an error where none does. */
  running(): RunningSandbox
  /** Move the clock forward; the answer is its new time. */
  advance(milliseconds: number): Promise<Date>
  /** Forget everything. */
  reset(): Promise<void>
}

/** What src/session/session.ts offers the command line: the only module that knows the environment and what is behind it. */
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

/** What the command line takes from outside. A test gives its own. */
export interface HostProcess {
  readonly stdout: Stream
  readonly stderr: Stream
  /** Where relative paths start. */
  readonly directory: string
  readonly version: string
  /** Loaded when a command needs it, so that `--help` is quick. */
  composer(): Promise<Composer>
  /** Call the listener at each request to stop (Ctrl-C, SIGTERM); the answer stops listening. */
  onInterrupt(listener: () => void): () => void
  /** Leave at once, or after so many milliseconds where the process has not ended by then. */
  leave(code: number, afterMs?: number): void
}
