import type { Pace } from './core/apply.ts'
import type { Kinds, Node } from './core/kind.ts'
import type { Secret } from './core/secret.ts'
import type { World } from './core/survey.ts'
import type { Outputs, View } from './views/view.ts'

/** What the operator says for every command. */
export interface Options {
  readonly file: readonly string[]
  readonly only: readonly string[]
  readonly sandbox: boolean
  readonly json: boolean
  readonly color: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly yes: boolean
  readonly concurrency: number
}

/** One deployment, ready to be surveyed. */
export interface Target {
  readonly name: string
  readonly nodes: readonly Node[]
  readonly preventRemoval: boolean
  /** What `hma output` tells of it, from what the survey saw. */
  outputs(world: World): Outputs
  /** The client secret's value, where the vault keeps it. */
  secret(): Promise<Secret | undefined>
}

/** Everything a command may use of the running world. */
export interface Session {
  readonly view: View
  readonly targets: readonly Target[]
  readonly kinds: Kinds
  readonly pace: Pace
  readonly signal: AbortSignal
  readonly version: string
  now(): Date
  /** Run one deployment's work, so many at a time. */
  limit<Result>(work: () => Promise<Result>): Promise<Result>
  /** Ask the person at the terminal; an error where there is none. */
  ask(question: string): Promise<boolean>
  close(): Promise<void>
}
