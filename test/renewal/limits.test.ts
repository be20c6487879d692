import { describe, expect, test } from 'vitest'
import { clockOf } from '../../packages/sandbox/src/clock.ts'
import type { Fault } from '../../packages/sandbox/src/faults/faults.ts'
import { emptyWorld } from '../../packages/sandbox/test/support/worlds.ts'
import { currentDeadline } from '../../src/core/deadline.ts'
import { limits } from '../../src/core/limits.ts'
import { budgets } from '../../src/session/runtime.ts'
import { instantTimer } from '../support/timer.ts'
import { virtualSandbox } from './simulation/virtualTime.ts'

describe('a service that never recovers', () => {
  test.each<[string, Fault]>([
    [
      'answers 500 to every write',
      { service: 'graph', method: 'POST', times: 100_000, when: 'instead', answer: { status: 500 } },
    ],
    [
      'asks for a minute after every write',
      {
        service: 'graph',
        method: 'POST',
        times: 100_000,
        when: 'instead',
        answer: { status: 429, headers: { 'retry-after': '60' } },
      },
    ],
  ])('%s: the resource fails after its time, and says what the service said last', async (_what, fault) => {
    const world = await emptyWorld()
    const { here, wire } = await virtualSandbox({ variant: {}, world })
    try {
      here.sandbox.faults.push(fault)
      const began = clockOf(world).now().getTime()
      const { events, times } = await (await here.process(wire)).apply()
      const failed = events.flatMap((event) => (event.type === 'failed' ? [event] : []))
      expect(failed.length).toBeGreaterThan(0)
      for (const { error } of failed)
        expect(String(error)).toMatch(/did not settle within 10 minutes: Could not .*answered (500|429)/)
      expect(Math.max(...times.values())).toBeLessThanOrEqual(limits.resource + limits.attempt)
      expect(clockOf(world).now().getTime() - began).toBeLessThan(limits.run)
    } finally {
      await here.close()
    }
  })
})

describe('the time of a deployment', () => {
  const timer = instantTimer()
  const left = async (): Promise<number> => Math.round((currentDeadline()?.left() ?? 0) / 1000)

  test('counts while hma works and stops in between', async () => {
    const budget = budgets(60_000, timer)
    await budget('contoso', () => timer.wait(20_000))
    await timer.wait(1_000_000)
    expect(await budget('contoso', left)).toBe(40)
    expect(await budget('fabrikam', left)).toBe(60)
  })

  test('expires, and the message names its option', async () => {
    const budget = budgets(60_000, timer)
    const over = await budget('contoso', async () => {
      await timer.wait(61_000)
      return String(currentDeadline()?.over())
    })
    expect(over).toBe('the run of contoso (--deadline) is limited to 60 seconds')
  })
})
