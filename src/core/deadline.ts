import { AsyncLocalStorage } from 'node:async_hooks'

/** The time of a run. Waiting advances its clock, even in a simulation, where no real time passes. */
export interface Timer {
  /** Milliseconds on a clock that never runs backwards. */
  now(): number
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** A length of time in words: `45 seconds`, `10 minutes`. */
export function inWords(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000))
  const [count, unit] = seconds < 120 ? [seconds, 'second'] : [Math.round(seconds / 60), 'minute']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** A limit for something that must not take forever. Everything run within it ends with it: see `within`. */
export class Deadline {
  /** The address shown in messages: `contoso/vault`. */
  readonly of: string
  readonly length: number
  readonly #timer: Pick<Timer, 'now'>
  readonly #began: number
  readonly #outer: Deadline | undefined

  /** `spent` is the part used up already. */
  constructor(of: string, length: number, timer: Pick<Timer, 'now'>, spent = 0) {
    this.of = of
    this.length = length
    this.#timer = timer
    this.#began = timer.now() - spent
    this.#outer = ambient.getStore()
  }

  elapsed(): number {
    return this.#timer.now() - this.#began
  }

  /** Milliseconds until this deadline or an enclosing one expires. Zero or less: expired. */
  left(): number {
    return Math.min(this.length - this.elapsed(), this.#outer?.left() ?? Number.POSITIVE_INFINITY)
  }

  /** The one that has expired: the outermost, since it explains the others. */
  over(): Deadline | undefined {
    return this.#outer?.over() ?? (this.length - this.elapsed() <= 0 ? this : undefined)
  }

  toString(): string {
    return `${this.of} is limited to ${inWords(this.length)}`
  }
}

const ambient = new AsyncLocalStorage<Deadline>()

/** Runs this within the deadline: each of its requests and pauses ends when the deadline does. */
export const within = <Result>(deadline: Deadline, work: () => Promise<Result>): Promise<Result> => ambient.run(deadline, work)

/** The deadline currently in force, if any. */
export const currentDeadline = (): Deadline | undefined => ambient.getStore()
