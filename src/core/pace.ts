import type { Timer } from './deadline.ts'

/** The time budget of a resource, and how often it is polled. */
export interface Pace {
  readonly timer: Timer
  /** Milliseconds for one resource in all. */
  readonly resourceMs: number
  /** Milliseconds during which a missing right is retried: one that was just granted takes a while to become effective. */
  readonly refusedMs: number
  /** Milliseconds during which other steps of the deployment reuse a poll; none if left out. */
  readonly sharedMs?: number
  /**
   * Milliseconds until the next poll. `stalls` counts the polls that saw nothing new, `good` those that found nothing to do;
   * `elapsed` is how long the apply of the deployment has taken: multiples of it make the polls of several steps coincide.
   */
  delay(stalls: number, good: number, elapsed: number): number
  /** Do this when it is the deployment's turn to write: at once, where left out. */
  turn?<Result>(work: () => Promise<Result>): Promise<Result>
}

/**
 * Polls shared by the steps of one deployment: waiting steps poll at the same time, so each request is sent only once. A shared poll is
 * newer than the last write, and no step gets the same one twice, so each counts distinct answers.
 */
export class SharedPolls {
  readonly pace: Pace
  readonly #began: number
  #latest: { readonly at: number } | undefined

  constructor(pace: Pace) {
    this.pace = pace
    this.#began = pace.timer.now()
  }

  after(last: object | undefined): object {
    const now = this.pace.timer.now()
    const { sharedMs = 0 } = this.pace
    if (!this.#latest || this.#latest === last || now - this.#latest.at >= sharedMs) this.#latest = { at: now }
    return this.#latest
  }

  /** Later polls must see what this wrote, or may have written. */
  async write<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#latest = undefined
    return work().finally(() => void (this.#latest = undefined))
  }

  turn = <Result>(work: () => Promise<Result>): Promise<Result> => this.pace.turn?.(work) ?? work()

  delay(stalls: number, good: number): number {
    return this.pace.delay(stalls, good, this.pace.timer.now() - this.#began)
  }
}
