import type { Timer } from './deadline.ts'

/** How much time a resource gets and how it is used. */
export interface Pace {
  readonly timer: Timer
  /** Milliseconds for one resource in all. */
  readonly resourceMs: number
  /** Milliseconds for which a refusal is doubted: a right that was just granted takes a while to become effective. */
  readonly refusedMs: number
  /** For so many milliseconds a look serves whoever else of the deployment looks; for none, where left out. */
  readonly sharedMs?: number
  /**
   * Milliseconds until the next look. `stalls` counts the looks that saw nothing new, `good` those that found nothing to do;
   * `elapsed` is how long the apply of the deployment has taken: who counts by it looks together with others.
   */
  delay(stalls: number, good: number, elapsed: number): number
  /** Do this when it is the deployment's turn to write: at once, where left out. */
  turn?<Result>(work: () => Promise<Result>): Promise<Result>
}

/**
 * The looks that the steps of one deployment share: those that wait look together, and what one of them asks is asked once for
 * all. A look is younger than the last write, and nobody is given the same one twice: so each counts answers of its own.
 */
export class Sights {
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

  /** Who looks from now on is to see what this wrote, or may have written. */
  async write<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#latest = undefined
    return work().finally(() => void (this.#latest = undefined))
  }

  turn = <Result>(work: () => Promise<Result>): Promise<Result> => this.pace.turn?.(work) ?? work()

  delay(stalls: number, good: number): number {
    return this.pace.delay(stalls, good, this.pace.timer.now() - this.#began)
  }
}
