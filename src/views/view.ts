import type { Event } from '../core/apply.ts'
import type { Check } from '../core/kind.ts'
import type { PlanFile } from '../core/planFile.ts'
import type { Remark } from '../core/remark.ts'
import type { Where } from '../core/where.ts'
import type { Statuses } from './status/model.ts'

/** Where a view writes, and what it can show there. */
export interface Terminal {
  /** Results: stdout. The text is written unchanged; the caller supplies line breaks. */
  out(text: string): void
  /** Progress and problems: stderr. */
  err(text: string): void
  /** Intentional commands to the build agent, already escaped: they bypass the gate that removes such commands. */
  annotate(commands: string): void
  readonly columns: number
  /** stdout is a terminal. */
  readonly screen?: boolean
  /** Colours may be used; they are removed for a stream that cannot show them. */
  readonly color: boolean
  /** Lines on stderr can be redrawn. */
  readonly live: boolean
  /** More than ASCII can be shown. */
  readonly unicode: boolean
}

/** The counts of an apply over all deployments. */
export interface Tally {
  readonly done: number
  readonly failed: number
  readonly skipped: number
  /** Steps that wait for a person. */
  readonly waiting: number
  /** hma was told to stop and left steps undone. */
  readonly interrupted?: true
}

/** The values of the profile form and a few more, for one deployment (`hma output`). */
export type Outputs = Readonly<Record<string, string | null>>

/** What `hma verify` found for one deployment. */
export interface Proof {
  /** Nothing failed. What was skipped is not proven. */
  readonly ok: boolean
  /** ISO instant. */
  readonly at: string
  readonly where?: Where
  readonly checks: readonly Check[]
  /** What else was seen that no apply changes. */
  readonly remarks?: readonly Remark[]
}

/** What a plan is shown for: `remove` is `hma destroy`. */
export type PlanPurpose = 'apply' | 'adopt' | 'remove'

/** What people and programs see of a command, in two forms: human and JSON. */
export interface View {
  /** The result of `hma plan` and `hma show`; `next` is the command that carries it out (default `hma apply`). */
  plan(plan: PlanFile, next?: string): void
  /** What a command is about to do, before it asks; `outlook` is a sentence below it. Programs get only the events. */
  proposal(plan: PlanFile, purpose: PlanPurpose, outlook?: string): void
  /** Something happened while a plan is carried out; `at` is when. */
  event(event: Event, at: Date): void
  /** The end of an apply. */
  summary(tally: Tally): void
  /** Outputs by deployment. `name` if only one value was requested. */
  outputs(outputs: Readonly<Record<string, Outputs>>, name: string | undefined): void
  /** What `hma verify` found, by deployment. */
  proofs(proofs: Readonly<Record<string, Proof>>): void
  /** What `hma doctor` found: data for programs, checks in groups for people. */
  diagnosis(data: unknown, groups: Readonly<Record<string, readonly Check[]>>): void
  /** The status of each deployment (`hma status`). */
  statuses(statuses: Statuses): void
  /** A result that is already text: a schema, a graph, a completion script. */
  text(text: string): void
  /** A result that programs read as one line of data, and people as text. */
  result(data: unknown, text: string): void
  /** A result of `hma validate`: data for programs, mistakes and a conclusion for people. */
  mistakes(data: unknown, text: string): void
  /** Commands that make a build agent show mistakes at their lines. Programs read them as data. */
  annotate(commands: readonly string[]): void
  /** A remark on stderr, suppressed by --quiet. */
  note(message: string): void
  /** A failure with its cause and the next step; no stack trace for an expected one. */
  error(error: unknown): void
  /** This is under way until `idle` is called with the same text. Shown on a terminal only. */
  busy(doing: string, detail: string): void
  idle(doing: string): void
  /** Writes to the terminal with any redrawn list out of the way. */
  aside(write: () => void): void
  /** Stops redrawing and leaves the terminal tidy. */
  close(): void
}
