import type { Timer } from './deadline.ts'

/** The time budget of a resource, and how often it is polled. */
export interface Pace {
  readonly timer: Timer
  /** Milliseconds for one resource in all. */
  readonly resourceMs: number
  /** Milliseconds during which a missing right is retried: one that was just granted takes a while to become effective. */
  readonly refusedMs: number
  /** Milliseconds during which other steps of the deployment reuse a look; none if left out. */
  readonly sharedMs?: number
  /**
   * Milliseconds until the next look. `stalls` counts the looks that saw nothing new, `good` those that found nothing to do;
   * `elapsed` is how long the apply of the deployment has taken: polling at multiples of it makes looks coincide.
   */
  delay(stalls: number, good: number, elapsed: number): number
  /** Do this when it is the deployment's turn to write: at once, where left out. */
  turn?<Result>(work: () => Promise<Result>): Promise<Result>
}

/**
 * Looks shared by the steps of one deployment: waiting steps look at the same time, so each question is asked only once. A shared look is
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

  /** Later looks must see what this wrote, or may have written. */
  async write<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#latest = undefined
    return work().finally(() => void (this.#latest = undefined))
  }

  turn = <Result>(work: () => Promise<Result>): Promise<Result> => this.pace.turn?.(work) ?? work()

  delay(stalls: number, good: number): number {
    return this.pace.delay(stalls, good, this.pace.timer.now() - this.#began)
  }
}
