import { setTimeout } from 'node:timers/promises'
import type { Timer } from '../../src/core/deadline.ts'

/** Advances time without waiting, and records the requested pauses. */
export function instantTimer(waits: number[] = []): Timer {
  let skipped = 0
  return {
    now: () => performance.now() + skipped,
    wait: async (milliseconds) => {
      waits.push(milliseconds)
      skipped += milliseconds
    },
  }
}

/** Waits no longer than so many milliseconds, and counts the whole. */
export function fastTimer(longest: number): Timer {
  let skipped = 0
  return {
    now: () => performance.now() + skipped,
    wait: async (milliseconds) => {
      await setTimeout(Math.min(milliseconds, longest))
      skipped += Math.max(0, milliseconds - longest)
    },
  }
}
