import type { Event } from '../core/apply.ts'
import type { Check } from '../core/kind.ts'
import type { PlanFile } from '../core/planFile.ts'
import type { Remark } from '../core/remark.ts'
import type { Where } from '../core/where.ts'
import type { Statuses } from './status/model.ts'

/** Where a view writes, and what can be shown there. */
export interface Terminal {
  /** Results: stdout. The text is written as it is; a line brings its own line break. */
  out(text: string): void
  /** Progress and problems: stderr. */
  err(text: string): void
  /** Commands to the build agent that hma means to give, already escaped: they pass the gate that takes such commands out. */
  annotate(commands: string): void
  readonly columns: number
  /** Results are read on a screen: stdout is a terminal. */
  readonly screen?: boolean
  /** Colours may be used; a stream that shows none loses them on the way. */
  readonly color: boolean
  /** Lines on stderr can be redrawn. */
  readonly live: boolean
  /** More than ASCII can be shown. */
  readonly unicode: boolean
}

/** What an apply came to, counted over all deployments. */
export interface Tally {
  readonly done: number
  readonly failed: number
  readonly skipped: number
  /** Steps that wait for a person. */
  readonly waiting: number
  /** hma was told to stop, and left steps undone. */
  readonly interrupted?: true
}

/** The values of the profile's form, and a few more, of one deployment (`hma output`). */
export type Outputs = Readonly<Record<string, string | null>>

/** What `hma verify` found of one deployment. */
export interface Proof {
  /** Nothing failed. What was skipped is not proven. */
  readonly ok: boolean
  /** ISO instant. */
  readonly at: string
  readonly where?: Where
  readonly checks: readonly Check[]
  /** What was seen besides, and no apply changes. */
  readonly remarks?: readonly Remark[]
}

/** What a plan is shown for: `remove` is `hma destroy`. */
export type Purpose = 'apply' | 'adopt' | 'remove'

/** What people and programs see of a command. One form for each: human and JSON. */
export interface View {
  /** The result of `hma plan` and `hma show`; `next` is the command that carries it out: `hma apply`, where left out. */
  plan(plan: PlanFile, next?: string): void
  /** What a command is about to do, before it asks; `outlook` is a sentence below it. Programs are told the events alone. */
  proposal(plan: PlanFile, purpose: Purpose, outlook?: string): void
  /** Something happened while a plan is carried out; `at` is when. */
  event(event: Event, at: Date): void
  /** The end of an apply. */
  summary(tally: Tally): void
  /** Outputs by deployment. `name` where only one value was asked for. */
  outputs(outputs: Readonly<Record<string, Outputs>>, name: string | undefined): void
  /** What `hma verify` found, by deployment. */
  proofs(proofs: Readonly<Record<string, Proof>>): void
  /** What `hma doctor` found: data for programs, checks in groups for people. */
  diagnosis(data: unknown, groups: Readonly<Record<string, readonly Check[]>>): void
  /** How each deployment stands (`hma status`). */
  statuses(statuses: Statuses): void
  /** A result that is text already: a schema, a graph, a completion script. */
  text(text: string): void
  /** A result that programs read as data, on one line, and people as text. */
  result(data: unknown, text: string): void
  /** A result of `hma validate`: data for programs, mistakes and a conclusion for people. */
  mistakes(data: unknown, text: string): void
  /** Commands by which a build agent shows mistakes at their lines. Programs read them as data. */
  annotate(commands: readonly string[]): void
  /** A remark on stderr, silent with --quiet. */
  note(message: string): void
  /** A failure, with its cause and the next step; never a stack trace for what was foreseen. */
  error(error: unknown): void
  /** This is under way until `idle` is told the same: for whoever watches a terminal, and in no log. */
  busy(doing: string, detail: string): void
  idle(doing: string): void
  /** Write to the terminal with whatever is redrawn out of the way. */
  aside(write: () => void): void
  /** Stop whatever is redrawn, and leave the terminal tidy. */
  close(): void
}
