/** The finding of one step of the proof. Later steps need its value. */
export type Finding<Value> = Found<Value> | Lost

export interface Found<Value> {
  readonly status: 'passed' | 'warning'
  /** What was seen, in a sentence. */
  readonly detail: string
  readonly hint?: string
  readonly value: Value
}

export interface Lost {
  readonly status: 'failed' | 'skipped'
  readonly detail: string
  /** What the user can do about it. */
  readonly hint?: string
  /** hma itself lacks the right to read this. */
  readonly refused?: true
  /** What kept hma from trying it, as a check of its own: it says nothing about Dynamics. */
  readonly obstacle?: Obstacle
}

/** The machine's clock, hma's own sign-in, or a service that does not answer hma. */
export interface Obstacle {
  readonly name: 'clock' | 'ownSignIn' | 'ownReads'
  readonly detail: string
  readonly hint?: string
}

export const passed = <Value>(detail: string, value: Value): Found<Value> => ({ status: 'passed', detail, value })

export const warning = <Value>(detail: string, hint: string, value: Value): Found<Value> => ({
  status: 'warning',
  detail,
  hint,
  value,
})

export const failed = (detail: string, hint?: string): Lost => ({ status: 'failed', detail, ...(hint !== undefined && { hint }) })

export const skipped = (detail: string, hint?: string): Lost => ({
  status: 'skipped',
  detail,
  ...(hint !== undefined && { hint }),
})
