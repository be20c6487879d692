import { AsyncLocalStorage } from 'node:async_hooks'
import pLimit, { type LimitFunction } from 'p-limit'
import type { Timer } from '../core/deadline.ts'
import type { Pace } from '../core/pace.ts'

/** Decides who writes when: a limited number of deployments at once. One that only waits makes room for another. */
export interface Turns {
  /** How one deployment takes its turn; its steps share it. */
  deployment(): NonNullable<Pace['turn']>
  /** A timer that makes room while a write waits for a busy service. */
  waiting(timer: Timer): Timer
}

/** A deployment has its turn while any of its steps writes. */
class Turn {
  readonly #limit: LimitFunction
  #writing = 0
  #leave: Promise<() => void> | undefined

  constructor(limit: LimitFunction) {
    this.#limit = limit
  }

  async take(): Promise<void> {
    this.#writing += 1
    this.#leave ??= new Promise((enter) => void this.#limit(() => new Promise<void>(enter)))
    await this.#leave
  }

  give(): void {
    this.#writing -= 1
    if (this.#writing > 0) return
    void this.#leave?.then((leave) => leave())
    this.#leave = undefined
  }
}

/** One write; it waits while any of its requests does. */
class Writing {
  readonly #turn: Turn
  #waits = 0
  #over = false

  constructor(turn: Turn) {
    this.#turn = turn
  }

  async through<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#turn.take()
    return work().finally(() => {
      this.#over = true
      if (this.#waits === 0) this.#turn.give()
    })
  }

  /** A failed write may leave something waiting: it no longer has a turn. */
  async wait(pause: () => Promise<void>): Promise<void> {
    if (this.#over) return pause()
    if (this.#waits++ === 0) this.#turn.give()
    await pause().finally(async () => {
      if (--this.#waits === 0 && !this.#over) await this.#turn.take()
    })
  }
}

export function turns(most: number): Turns {
  const limit = pLimit(most)
  const current = new AsyncLocalStorage<Writing>()
  return {
    deployment() {
      const turn = new Turn(limit)
      return (work) => {
        const writing = new Writing(turn)
        return writing.through(() => current.run(writing, work))
      }
    },
    waiting: ({ now, wait }) => ({
      now,
      wait: (...asked) => current.getStore()?.wait(() => wait(...asked)) ?? wait(...asked),
    }),
  }
}
