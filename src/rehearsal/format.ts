import type { Copy } from 'hma-sandbox'

export const snapshotFormat = 'hma-rehearsal/1'

/** What a plan does, without values, so that tenant and copy can be compared. */
export interface PlannedChange {
  readonly address: string
  readonly action: string
  readonly reason?: string
  readonly fields: readonly string[]
}

/** A right needed for writing, as an administrator grants it, and whether the identity that took the copy has it. */
export interface HeldRight {
  readonly right: string
  readonly kind: string
  readonly at: string
  readonly status: 'present' | 'missing' | 'unknown'
  /** The kinds of resource written with it. */
  readonly kinds: readonly string[]
}

/** One deployment as a plan saw it. */
export interface CopiedDeployment {
  readonly name: string
  readonly copy: Copy
  /** The plan against the real services; absent if it could not be made. */
  readonly plan?: readonly PlannedChange[]
  /** Absent if unknown. */
  readonly rights?: readonly HeldRight[]
  /** What could not be copied, as sentences. */
  readonly assumptions: readonly string[]
}

/** What was seen of the real deployments: one JSON document without secrets. */
export interface Snapshot {
  readonly format: typeof snapshotFormat
  readonly hmaVersion: string
  /** ISO instant, by the services' clock. */
  readonly takenAt: string
  readonly deployments: readonly CopiedDeployment[]
}
