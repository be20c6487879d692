import type { CheckResult, Copy } from 'hma-sandbox'
import type { Kinds, Node } from '../core/kind.ts'
import type { Pace } from '../core/pace.ts'

/** One process of hma in a rehearsal, with no memory of earlier ones. */
export interface Process {
  readonly nodes: readonly Node[]
  readonly kinds: Kinds
  readonly pace: Pace
}

/** When a process dies: at its n-th request, before it is sent or after it has arrived. */
export interface KillPoint {
  readonly request: number
  readonly arrived: boolean
}

/** A credential that a registration had. */
export interface RehearsedCredential {
  readonly sort: 'certificate' | 'secret'
  readonly application: string
  readonly keyId: string
  readonly expires: string
}

/** A separate sandbox made from the copy, whose clock only waiting and `advance` move. */
export interface Simulation {
  now(): Date
  advance(milliseconds: number): void
  check(): Promise<CheckResult>
  process(death?: KillPoint): Promise<Process>
  /** The present credentials of each of the deployment's registrations. */
  credentials(): readonly RehearsedCredential[]
  /** Sentences that say where sign-in broke after a request. */
  violations(): readonly string[]
  /** Ends all faults. */
  endFaults(): void
  close(): Promise<void>
}

/** The initial faults of a simulation: this many, drawn from a seed. */
export interface InitialFaults {
  readonly seed: number
  readonly faults: number
}

/** A deployment whose copy can be rehearsed any number of times. */
export interface RehearsedDeployment {
  readonly name: string
  readonly preventRemoval: boolean
  readonly copy: Copy
  begin(weather?: InitialFaults): Promise<Simulation>
}

/** A schedule of faults to play. */
export interface FaultSchedule {
  readonly seed: number
  /** Milliseconds after the copy at which the run begins. */
  readonly after: number
}

/** The outcome of an apply under faults and of the runs after it. */
export interface FaultOutcome {
  readonly seed: number
  /** Where working sign-in broke after a request. */
  readonly broke: readonly string[]
  /** What was still to be done or failed in the last run. */
  readonly left: readonly string[]
}

/** Another thread that plays schedules of faults on the same copy. */
export interface FaultThread {
  play(draw: FaultSchedule): Promise<FaultOutcome>
  close(): Promise<void>
}
