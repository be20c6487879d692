import { vi } from 'vitest'
import { machineTimer } from '../../src/azure/http/timer.ts'
import type { Lab } from './customCloud.ts'
import { writes } from './deployment.ts'
import type { Said } from './hma.ts'

/** For a cloud that is faster than Azure. */
export const quickPace = {
  timer: machineTimer,
  resourceMs: 20_000,
  refusedMs: 1000,
  delay: (stalls: number) => Math.min(20 * stalls, 200),
}

export const minute = 60_000
export const day = 1440 * minute

const realNow = Date.now

/** A run on a machine that is so far ahead of the cloud, whose own clock goes on as ever. Ends with `vi.restoreAllMocks`. */
export async function onMachine(here: Lab, skew: number, line: string, elapsed = 0): Promise<Said & { writes: number }> {
  vi.spyOn(Date, 'now').mockImplementation(() => realNow() + elapsed + skew)
  here.sandbox.world.ahead = -skew
  const before = here.sandbox.log.length
  const said = await here.hma(line, 'owner')
  return { ...said, writes: writes(here.sandbox.log.slice(before)).length }
}
