import type { Copy } from 'hma-sandbox'

export const snapshotFormat = 'hma-rehearsal/1'

/** What a plan does, without values: the same in a tenant and in its copy. */
export interface PlannedChange {
  readonly address: string
  readonly action: string
  readonly reason?: string
  readonly fields: readonly string[]
}

/** A right that writing takes, as an administrator gives it, and whether the identity that took the copy has it. */
export interface HeldRight {
  readonly right: string
  readonly kind: string
  readonly at: string
  readonly status: 'present' | 'missing' | 'unknown'
  /** The kinds of resource that are written with it. */
  readonly kinds: readonly string[]
}

/** One deployment as a plan saw it. */
export interface CopiedDeployment {
  readonly name: string
  readonly copy: Copy
  /** What the plan against the real services was; absent where it could not be made. */
  readonly plan?: readonly PlannedChange[]
  /** Absent where nobody could tell. */
  readonly rights?: readonly HeldRight[]
  /** What could not be copied, in sentences. */
  readonly assumptions: readonly string[]
}

/** What was seen of the real deployments: one JSON document, without secrets. */
export interface Snapshot {
  readonly format: typeof snapshotFormat
  readonly hmaVersion: string
  /** ISO instant, by the services' clock. */
  readonly takenAt: string
  readonly deployments: readonly CopiedDeployment[]
}
