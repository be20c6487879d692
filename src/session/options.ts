import type { Start } from 'hma-sandbox'
import type { Shard } from '../config/shard.ts'
import type { Terminal, View } from '../views/view.ts'

/** The options of every command. */
export interface Options {
  readonly file: readonly string[]
  readonly only: readonly string[]
  /** Only those in this shard. */
  readonly shard?: Shard | undefined
  readonly sandbox: boolean
  readonly json: boolean
  readonly color: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly yes: boolean
  readonly concurrency: number
  /** Files with variables for this run. */
  readonly envFile?: readonly string[]
  /** The file for the trace and the messages. */
  readonly log?: string
  /** Milliseconds for each deployment. */
  readonly deadline: number
}

/** What a command is composed with. */
export interface RunContext {
  readonly view: View
  readonly terminal: Terminal
  readonly signal: AbortSignal
  /** The folder that relative paths start from and where the sandbox keeps its state. */
  readonly directory: string
  /** Logs the trace of every request, if a log was requested. */
  readonly trace?: ((text: string) => void) | undefined
  /** How the local Azure behaves where that is not its default. */
  readonly sandboxSettings?: NonNullable<Start['settings']>
}
