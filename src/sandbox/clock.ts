import type { World } from './azure.ts'

/** The sandbox's clock: the machine's, and what somebody has advanced it by. */
export interface Clock {
  now(): Date
  advance(milliseconds: number): void
}

export const clockOf = (world: Pick<World, 'ahead'>): Clock => ({
  now: () => new Date(Date.now() + world.ahead),
  advance: (milliseconds) => {
    if (!Number.isSafeInteger(milliseconds) || milliseconds < 0) {
      throw new Error('The clock moves forward by whole milliseconds only.')
    }
    world.ahead += milliseconds
  },
})
