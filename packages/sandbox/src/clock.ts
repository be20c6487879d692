import { scheduler } from 'node:timers/promises'
import type { World } from './azure.ts'

/** The sandbox's clock: the machine's clock plus whatever it has been advanced by, or one that stands still until it is advanced. */
export interface Clock {
  now(): Date
  advance(milliseconds: number): void
}

export const clockOf = (world: Pick<World, 'ahead' | 'stands'>): Clock => ({
  now: () => new Date((world.stands ?? Date.now()) + world.ahead),
  advance: (milliseconds) => {
    if (!Number.isSafeInteger(milliseconds) || milliseconds < 0) {
      throw new Error('The clock moves forward by whole milliseconds only.')
    }
    world.ahead += milliseconds
  },
})

/** The machine's clock. Programs that are not aware of the sandbox's clock use it. */
export const machineNow = (): Date => new Date()

/** Waits this many milliseconds of the machine's time. */
export const pause = (milliseconds: number): Promise<void> => scheduler.wait(milliseconds)
