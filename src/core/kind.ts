import type { Marked } from './ownership.ts'

/** The address of a resource: its deployment, then its name there, e.g. `contoso/certificate`. */
export type Address = string

/** Plain data by field name. */
export type Values = Readonly<Record<string, unknown>>

/** A value that another resource has once it exists. A reference is also an edge of the graph. */
export type Ref = { readonly $ref: Address; readonly field: string }

/** A specification as written: any value may still be a reference. */
export type Desired<Spec> = { readonly [Field in keyof Spec]: Spec[Field] | Ref }

/** A desired resource, and what it must follow. */
export interface Node<Spec extends Values = Values> {
  readonly address: Address
  readonly kind: string
  readonly spec: Desired<Spec>
  /** Order alone, without a value passed. References imply it already. */
  readonly after?: readonly Address[]
  /** The configuration names the object itself, so an unmarked one is adopted without asking. */
  readonly takeOver?: true
}

export type Reason = 'missing' | 'differs' | 'expiring' | 'superseded' | 'unmarked' | 'waiting' | 'requested'

/** A field that is not as it should be. */
export interface Difference {
  readonly field: string
  readonly from?: unknown
  readonly to?: unknown
  /** Why, where the values alone do not say it: `expires in 12 days (renewal was due 18 days ago)`. */
  readonly why?: string
  /** The kind of difference; `differs` if left out. */
  readonly reason?: Reason
  /** Azure is already working on it: do nothing, poll again. */
  readonly pending?: true
  /** Finds out, if this lasts for minutes, what is wrong and what to do. */
  readonly persists?: () => Promise<string>
  /** hma cannot change it: the manual action required. */
  readonly manual?: string
  /** Removes a working credential, access or consent; `safety.preventRemoval` holds it back. */
  readonly removes?: true
}

/** Something you should know that no apply changes. */
export interface Observation {
  readonly severity: 'info' | 'warning'
  readonly text: string
  /** What to do about it. */
  readonly hint?: string
  /** ISO instant from which it will stop something; `hma status --within` counts it. */
  readonly date?: string
  /** The resource it is about, if not the one that saw it. */
  readonly about?: string
}

/** One step of the proof that a resource works (`hma verify`). */
export interface Check {
  readonly name: string
  readonly status: 'passed' | 'failed' | 'warning' | 'skipped'
  readonly detail: string
  readonly hint?: string
}

/** What the run provides to a kind, besides its clients. */
export interface Run {
  /** Identifies one poll: what several kinds read in it is read once. */
  readonly poll: object
  /** The services' time, once an answer has shown it. */
  readonly now: Date
  /** The deployment's name, which every mark holds. */
  readonly owner: string
  readonly signal: AbortSignal
  note(message: string): void
  /** Adds a remark that belongs to no object, such as something that could not be checked. Only a survey listens. */
  remark(observation: Observation): void
}

/** A specification of which only the identity is known for certain. */
export type Known<Spec, Id extends keyof Spec> = Pick<Spec, Id> & Partial<Omit<Spec, Id>>

/** A kind of resource: how to observe, compare and create it. Planning uses `read` and `diff`; only apply calls `reconcile` and `remove`. */
export interface Kind<
  Spec extends Values = Values,
  Live extends Values = Values,
  Id extends keyof Spec & string = keyof Spec & string,
> {
  /** The fields that name the object in the cloud. While one of them is unknown, the object cannot exist. */
  readonly identity: readonly Id[]

  /** The fields that no update changes, such as an id or a URI. The others are unknown downstream until it is done. */
  readonly stable?: readonly (keyof Live & string)[]

  /** Consecutive polls that must find nothing to do before a write counts as done (default 1): replicas lag, so an object may come and go. */
  confirmations?(live: Live | undefined): number

  /**
   * It puts its dependencies into use, so it starts only once all of them have settled. Without this, a step starts as soon as its
   * dependencies are present, that is, seen once; a replica that does not show them yet refuses and is asked again.
   */
  readonly putsIntoUse?: true

  /**
   * Observes, given the identity and what the configuration itself says. `undefined` means absent; `deleted: true` marks an object in
   * soft delete that would be recovered. Never writes, never returns a secret.
   */
  read(spec: Known<Spec, Id>, run: Run): Promise<Live | undefined>

  /** The marks on the object. `ownership` alone decides from them whose it is. Pure. */
  marks(live: Live): Marked

  /** Puts the mark on an object that hma did not create, and changes nothing else. */
  adopt?(spec: Known<Spec, Id>, live: Live, run: Run): Promise<void>

  /** What is not as it should be. Pure. Fields absent from the specification are not compared. */
  diff(spec: Known<Spec, Id>, live: Live, now: Date): readonly Difference[]

  /** What prevents the creation of a missing object: a difference with `manual` says what a person has to do. */
  missing?(spec: Known<Spec, Id>, now: Date): readonly Difference[]

  /** Observes, ensures, syncs: one flow from any starting point. A second call finds nothing to do. */
  reconcile(spec: Spec, live: Live | undefined, run: Run): Promise<void>

  /** Removes the object. A kind without this is never removed. */
  remove?(live: Live, run: Run): Promise<void>

  /** Is there anything to remove? Without this method, yes if the object is ours. */
  removable?(live: Live): boolean

  /** Noteworthy observations that are not differences. Pure. */
  remarks?(spec: Known<Spec, Id>, live: Live, now: Date): readonly Observation[]

  /** Proves that it works, rather than just looks right. */
  probe?(spec: Spec, live: Live, run: Run): Promise<readonly Check[]>
}

export type Kinds = Readonly<Record<string, Kind>>
