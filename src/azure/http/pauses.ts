import type { Timer } from '../../core/deadline.ts'
import type { HttpAnswer } from './message.ts'

/** A pause that a service asked for. It applies to every request to that host for that tenant. */
export interface Pause {
  /** Milliseconds left of it. */
  readonly left: number
  /** The answer that asked for it. */
  readonly answer: HttpAnswer
}

export interface Pauses {
  ask(key: string, milliseconds: number, answer: HttpAnswer): void
  /** Undefined if there is none, or it is over. */
  of(key: string): Pause | undefined
}

export function pauses(timer: Pick<Timer, 'now'>): Pauses {
  const asked = new Map<string, { readonly until: number; readonly answer: HttpAnswer }>()
  return {
    ask(key, milliseconds, answer) {
      const until = timer.now() + milliseconds
      if (until > (asked.get(key)?.until ?? 0)) asked.set(key, { until, answer })
    },
    of(key) {
      const found = asked.get(key)
      const left = found === undefined ? 0 : found.until - timer.now()
      if (found !== undefined && left > 0) return { left, answer: found.answer }
      asked.delete(key)
      return undefined
    },
  }
}
