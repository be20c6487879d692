import type { Shard } from '../config/shard.ts'

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
