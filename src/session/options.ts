import type { Shard } from '../config/shard.ts'

/** What the operator says for every command. */
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
  /** Where the trace and the messages are kept. */
  readonly log?: string
  /** Milliseconds for each deployment. */
  readonly deadline: number
}
