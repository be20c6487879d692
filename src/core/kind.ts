import type { Marked } from './ownership.ts'

/** Where a resource stands: deployment, then its name in it, e.g. `contoso/certificate`. */
export type Address = string

/** Plain data by field name. */
export type Values = Readonly<Record<string, unknown>>

/** A value that another resource will have once it exists. A reference is also an edge of the graph. */
export type Ref = { readonly $ref: Address; readonly field: string }

/** A specification as written: any value may still be a reference. */
export type Desired<Spec> = { readonly [Field in keyof Spec]: Spec[Field] | Ref }

/** One resource that is wanted, and what it must follow. */
export interface Node<Spec extends Values = Values> {
  readonly address: Address
  readonly kind: string
  readonly spec: Desired<Spec>
  /** Order with no value passed between the two. References already imply it. */
  readonly after?: readonly Address[]
  /** The configuration names the object itself, so an unmarked one is taken over without being asked. */
  readonly takeOver?: true
}

export type Reason = 'missing' | 'differs' | 'expiring' | 'superseded' | 'unmarked' | 'waiting' | 'requested'

/** One field that is not as it should be. */
export interface Difference {
  readonly field: string
  readonly from?: unknown
  readonly to?: unknown
  /** Why, where the values alone do not say it: `expires in 12 days (renewal was due 18 days ago)`. */
  readonly why?: string
  /** What sort of difference it is; `differs` where left out. */
  readonly reason?: Reason
  /** Azure is already on its way there: look again, do nothing. */
  readonly pending?: true
  /** Find out what is the matter where it stays so for minutes, and what to do. */
  readonly persists?: () => Promise<string>
  /** No call of hma can bring it there: what a person has to do. */
  readonly manual?: string
  /** It takes away a working credential, access or consent; `safety.preventRemoval` holds it back. */
  readonly removes?: true
}

/** Something that was seen and that no apply changes, but that you should know. */
export interface Observation {
  readonly severity: 'info' | 'warning'
  readonly text: string
  /** What to do about it. */
  readonly hint?: string
  /** ISO instant from which on it stops something; `hma status --within` counts it. */
  readonly date?: string
  /** The resource of the deployment that it is about, where that is not the one that saw it. */
  readonly about?: string
}

/** One step of the proof that a resource works (`hma verify`). */
export interface Check {
  readonly name: string
  readonly status: 'passed' | 'failed' | 'warning' | 'skipped'
  readonly detail: string
  readonly hint?: string
}

/** What a kind may use of the running world, besides the clients it was made from. */
export interface Run {
  /** One look at the world. Who remembers answers within a look remembers them by this object. */
  readonly sight: object
  /** As far as the services have told what time it is. */
  readonly now: Date
  /** The deployment's name, which every mark holds. */
  readonly owner: string
  readonly signal: AbortSignal
  note(message: string): void
  /** Remark on what leaves no object to remark on, such as what could not be checked. Only a survey listens. */
  remark(observation: Observation): void
}

/** A specification of which only the identity is sure to be known. */
export type Known<Spec, Id extends keyof Spec> = Pick<Spec, Id> & Partial<Omit<Spec, Id>>

/**
 * A kind of resource: how to see it, how to compare it, how to bring it about.
 *
 * `read` and `diff` are the whole of planning; `reconcile` and `remove` are called only by apply.
 */
export interface Kind<
  Spec extends Values = Values,
  Live extends Values = Values,
  Id extends keyof Spec & string = keyof Spec & string,
> {
  /** The fields that name the object in the cloud. While one of them is unknown the object cannot exist. */
  readonly identity: readonly Id[]

  /** The fields that no update changes: an id, a uri. The others are unknown downstream until it is done. */
  readonly stable?: readonly (keyof Live & string)[]

  /**
   * How many looks in a row must find nothing to do after a write, before what the last of them saw counts as done.
   * Directories answer from replicas that lag, and flap: there, gone, there. One, where left out.
   */
  confirmations?(live: Live | undefined): number

  /**
   * It puts into use what comes before it, so it begins only once all of that has settled. Without it, a step begins as soon
   * as what comes before is present: was seen once. A replica that does not show it yet refuses, and is asked again.
   */
  readonly putsIntoUse?: true

  /**
   * Observe, given the identity and what the configuration itself says. `undefined` is absence; a `deleted: true` in the answer is an object that waits in a
   * soft-deleted state and would be recovered. Never writes, never returns a secret.
   */
  read(spec: Known<Spec, Id>, run: Run): Promise<Live | undefined>

  /** The marks that the object carries. Whose it is follows from them in one place: `ownership`. Pure. */
  marks(live: Live): Marked

  /** Put the mark on what somebody else made, and change nothing else. */
  adopt?(spec: Known<Spec, Id>, live: Live, run: Run): Promise<void>

  /** What is not as it should be. Pure. A field absent from the specification is not compared. */
  diff(spec: Known<Spec, Id>, live: Live, now: Date): readonly Difference[]

  /** What stands in the way of making a missing object: a difference with `manual` says what a person has to do. */
  missing?(spec: Known<Spec, Id>, now: Date): readonly Difference[]

  /** Observe, ensure, sync. One flow from any starting point; a second call finds nothing to do. */
  reconcile(spec: Spec, live: Live | undefined, run: Run): Promise<void>

  /** Bring about absence. A kind without it is never removed. */
  remove?(live: Live, run: Run): Promise<void>

  /** Is there anything to take away? Without this method there is, where there is an object of ours. */
  removable?(live: Live): boolean

  /** What is worth knowing of what was seen, and no difference. Pure. */
  remarks?(spec: Known<Spec, Id>, live: Live, now: Date): readonly Observation[]

  /** Prove that it works, beyond looking right. */
  probe?(spec: Spec, live: Live, run: Run): Promise<readonly Check[]>
}

export type Kinds = Readonly<Record<string, Kind>>
