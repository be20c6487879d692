import { setTimeout } from 'node:timers/promises'
import type { Timer } from '../../core/deadline.ts'

/** The machine's own time. */
export const machineTimer: Timer = {
  now: () => performance.now(),
  wait: async (milliseconds, signal) => setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal }),
}
